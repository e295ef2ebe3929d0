"""The TypeScript clients below `clients/typescript`, generated from the OpenAPI document of this checkout."""

from __future__ import annotations

import asyncio
import hashlib
import json
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

from filelock import FileLock

from api.main import create_app
from steadymint.settings import Settings
from steadymint.stack import node

CLIENTS = Path(__file__).parents[2] / "clients" / "typescript"
GENERATED = CLIENTS / "generated"
SCRIPT = CLIENTS / "generate.mjs"


async def run_node(*arguments: str, folder: Path = CLIENTS) -> tuple[int, str]:
    """Runs a program in the folder of the clients, or another. Its exit code, and what it printed."""
    process = await asyncio.create_subprocess_exec(node.program(), *arguments, cwd=folder, stdout=PIPE, stderr=STDOUT)
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def generate_clients() -> None:
    """Generates both clients, unless they are there already. Safe under several processes at once."""
    document = json.dumps(create_app(Settings(environment="test")).openapi())
    made_of = hashlib.sha256((document + SCRIPT.read_text()).encode()).hexdigest()
    GENERATED.mkdir(exist_ok=True)
    mark = GENERATED / ".made-of"
    lock = FileLock(GENERATED / ".lock", thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        if mark.exists() and mark.read_text() == made_of:
            return
        source = GENERATED / "openapi.json"
        source.write_text(document)
        code, printed = await run_node(SCRIPT.name, str(source))
        assert code == 0, printed
        mark.write_text(made_of)
    finally:
        lock.release()
