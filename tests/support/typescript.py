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
    async with made_once(GENERATED, document + SCRIPT.read_text() + HEX.read_text()) as is_old:
        if is_old:
            source = GENERATED / "openapi.json"
            source.write_text(document)
            code, printed = await run_node(SCRIPT.name, str(source), folder=GENERATORS)
            assert code == 0, printed


async def build_client() -> None:
    """Builds the client as front ends import it, unless that is done already."""
    sources = "".join(path.read_text() for path in sorted((CLIENT / "src").rglob("*.ts")))
    async with made_once(CLIENT / "dist", sources) as is_old:
        if is_old:
            code, printed = await run_node(TSC, "-p", "tsconfig.build.json")
            assert code == 0, printed


@asynccontextmanager
async def made_once(folder: Path, made_of: str) -> AsyncGenerator[bool]:
    """Whether what is in the folder was made of something else, to be made again inside. Safe under several processes
    at once."""
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    mark = folder / ".made-of"
    lock = FileLock(folder / ".lock", thread_local=False)
    await asyncio.to_thread(lock.acquire)
    try:
        yield (is_old := not mark.exists() or mark.read_text() != digest)
        if is_old:
            mark.write_text(digest)
    finally:
        lock.release()
