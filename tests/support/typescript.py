"""The TypeScript client in `clients/typescript`, and what other generators make of the API's document there."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import FileLock

from steadymint.stack import node
from tests.support.api_document import api_document
from tests.support.full_stack import FullStack

CLIENT = Path(__file__).parents[2] / "clients" / "typescript"
GENERATORS = CLIENT / "tests" / "generators"
GENERATED = GENERATORS / "generated"
SCRIPT = GENERATORS / "generate.mjs"
HEX = CLIENT / "scripts" / "hex.mjs"
TSC = str(CLIENT / "node_modules" / "typescript" / "bin" / "tsc")


def stage(full_stack: FullStack, **more: str) -> str:
    """The stack as the programs are told of it, in JSON."""
    described = full_stack.described
    told = {
        "api": described["apiUrl"],
        "rpc": described["chains"][0]["rpcUrl"],
        "chainId": full_stack.chain_id,
        "origin": full_stack.origin,
    }
    return json.dumps(told | more)


async def run_node(*arguments: str, folder: Path = CLIENT, **variables: str) -> tuple[int, str]:
    """Runs a program in a folder, with more variables of the environment. Its exit code, and what it printed."""
    environment = os.environ | variables
    process = await asyncio.create_subprocess_exec(
        node.program(), *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def generate_clients() -> None:
    """Generates the clients of both generators, unless they are there already."""
    document = json.dumps(api_document())
    made_of = hashlib.sha256((document + SCRIPT.read_text() + HEX.read_text()).encode()).hexdigest()
    mark = GENERATED / ".made-of"
    async with held(GENERATED):
        if not mark.exists() or mark.read_text() != made_of:
            source = GENERATED / "openapi.json"
            source.write_text(document)
            code, printed = await run_node(SCRIPT.name, str(source), folder=GENERATORS)
            assert code == 0, printed
            mark.write_text(made_of)


async def build_client() -> None:
    """Builds the client as front ends import it, unless `make` has done so since its sources were changed."""
    built = CLIENT / "dist" / ".built"
    changed = max(path.stat().st_mtime for path in (*CLIENT.glob("*.json"), *(CLIENT / "src").rglob("*.ts")))
    async with held(CLIENT / "dist"):
        if not built.exists() or built.stat().st_mtime < changed:
            code, printed = await run_node(TSC, "-p", "tsconfig.build.json")
            assert code == 0, printed
            built.touch()


@asynccontextmanager
async def held(folder: Path) -> AsyncGenerator[None]:
    """Makes the folder, and keeps other processes from writing to it."""
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    lock = FileLock(folder / ".lock", thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        yield
    finally:
        lock.release()
