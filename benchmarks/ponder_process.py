"""Ponder as a part of the benchmark: installed from npm by its lock file at first use, one process, one database.

What it stores is in `peers/ponder`: tokens with their owners, balances of owners, and transfers. It serves no list.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contracts import load_artifact
from steadymint.stack import node
from steadymint.stack.application import answers
from steadymint.stack.chain_node import ChainNode
from steadymint.stack.home import NODE_DIR
from steadymint.stack.part import Part
from steadymint.stack.ports import HOST, free_port

SOURCES: Final = Path(__file__).parent / "peers" / "ponder"
UNTHROTTLED: Final = 50
"""Names for the one node. Ponder begins with 20 requests a second for each, so that 1,000 are allowed in all, which is
more than it makes."""


@dataclass(frozen=True, slots=True)
class Work:
    """What ponder reads, and into which database."""

    node: ChainNode
    dsn: str
    start_block: int
    end_block: int | None = None
    """None: it follows the chain after it has read its history."""
    collection: str | None = None
    factory: str | None = None
    """One of the two: a contract, or the factory of all."""
    aliases: int = 1
    """Names of the node. As shipped a user gives one."""
    websocket: bool = False


def environment(work: Work) -> dict[str, str]:
    """The variables that `peers/ponder/ponder.config.ts` reads."""
    variables = {
        "NODE_URL": work.node.url,
        "CHAIN_ID": str(work.node.chain_id),
        "START_BLOCK": str(work.start_block),
        "RPC_ALIASES": str(work.aliases),
        "DATABASE_URL": work.dsn,
        "PONDER_TELEMETRY_DISABLED": "1",
    }
    if work.end_block is not None:
        variables["END_BLOCK"] = str(work.end_block)
    if work.websocket:
        variables["NODE_WS"] = work.node.ws_url
    if work.factory is not None:
        return variables | {"FACTORY": work.factory, "CREATED": json.dumps(created())}
    assert work.collection is not None, "a collection or a factory is read"
    return variables | {"COLLECTION": work.collection}


def created() -> dict[str, Any]:
    """The ABI of the event that tells of a new collection."""
    events = (entry for entry in load_artifact("CollectionFactory").abi if entry["type"] == "event")
    return next(event for event in events if event["name"] == "CollectionCreated")


class Ponder(Part):
    """`ponder start`, with its records in its log file."""

    name = "ponder"
    spawns = 1  # it waits itself for what is not there yet

    def __init__(self, directory: Path, work: Work) -> None:
        super().__init__(directory, directory / "ponder.log")
        self.port = free_port()
        self._work = work
        self._root = directory

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def working_directory(self) -> Path:
        return self._root

    @property
    def listens_on(self) -> int:
        return self.port

    async def prepare(self) -> None:
        self._root = await asyncio.to_thread(node.install_project, NODE_DIR, SOURCES)

    def command(self) -> list[str]:
        program = self._root / "node_modules" / "ponder" / "dist" / "esm" / "bin" / "ponder.js"
        options = ["--schema", "ponder", "--hostname", HOST, "--port", str(self.port), "--log-format", "json"]
        return [node.program(), str(program), "start", *options]

    def environment(self) -> dict[str, str]:
        return dict(os.environ) | environment(self._work)

    async def probe(self) -> bool:
        return await answers(f"{self.url}/health")

    def records(self) -> list[dict[str, Any]]:
        """What it has logged so far."""
        return parsed(self.log_file.read_text(errors="replace"))


def parsed(log: str) -> list[dict[str, Any]]:
    """The records of a log in JSON lines. The last line may be half-written, and others may come from Node."""
    return [json.loads(line) for line in log.splitlines() if line.startswith("{") and line.endswith("}")]


def when(records: list[dict[str, Any]], message: str) -> float | None:
    """The first time, in seconds of the epoch, at which this was logged."""
    times = (record["time"] for record in records if record.get("msg") == message)
    return next((time / 1000 for time in times), None)
