"""The live chain: from a block to the committed row of its transfer, and from a kill -9 to the next such row.

Ours is the deployed worker, ponder a process beside it; both hear of blocks by `newHeads` over the node's websocket and
write to one Postgres. They take turns of some blocks, in which the other does not run: on two cores each would slow the
other. The clock starts when the node answers that it has mined the block with which the transfer becomes due. For
ponder that is the transfer's own block. Ours writes at a depth, so for it that is a later one.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.options import Options
from benchmarks.ponder_process import UNTHROTTLED, Ponder, Work
from benchmarks.ponder_relaunch import GOAL as RELAUNCH_GOAL
from benchmarks.ponder_relaunch import LOOK_EVERY, PATIENCE, until_commit
from benchmarks.product import Product
from benchmarks.report import Goal, Measure, of_samples
from steadymint.stack.local import CONFIRMATIONS
from steadymint.stack.part import Part
from tests.support.full_stack import FullStack
from tests.support.indexing import ALICE, NO_REFERENCE, call_data

GOAL: Final = Goal("ratio", "<=", 0.3)
"""Our median over ponder's."""
POLL: Final = 0.0005
"""Seconds between two looks for a row; what it adds is half of that and a query, for both alike."""
PAUSE: Final = 0.1
"""Seconds between two blocks, in which what the last one left is done."""
TICK: Final = 0.5
"""Seconds between two blocks while a process starts: ponder looks at nothing before it hears of a block."""
WARM: Final = 5
"""Blocks of each turn that are not counted."""
TURNS: Final = 2

OUR_ROW: Final = (
    "select exists (select from catalog_service.tokens where contract_address = $1 and token_number = $2::bigint)"
)
PONDERS_ROW: Final = "select exists (select from ponder.token where collection = $1 and token_id = $2::bigint)"


@dataclass(frozen=True)
class Side:
    """One of the two."""

    part: Part
    connection: asyncpg.Connection
    row: str
    """A query: is there a token?"""
    depth: int
    """Blocks from a transfer's to the one with which it is due, the own one counted."""


class Mints:
    """One collection that is minted from, a token at a time."""

    def __init__(self, full: FullStack, collection: str) -> None:
        self.full = full
        self.collection = collection.lower()
        self._numbers: Iterator[int] = itertools.count(1)

    async def mined(self, depth: int) -> tuple[int, float]:
        """A token, minted in a block that is now so deep, and when the last of these blocks was mined."""
        number = next(self._numbers)
        data = call_data("Collection721", "mint", ALICE, 1, [], NO_REFERENCE)
        call = {"from": ALICE, "to": self.collection, "data": data, "gas": hex(1_000_000)}
        await self.full.stack.anvil.rpc("eth_sendTransaction", call)
        for _ in range(depth - 1):
            await self.full.blocks.mine()
            await asyncio.sleep(PAUSE)
        await self.full.blocks.mine()
        return number, time.perf_counter()

    async def seen(self, side: Side, number: int, every: float) -> float:
        """When the token's row is there."""
        async with asyncio.timeout(PATIENCE):
            while not await side.connection.fetchval(side.row, self.collection, number):
                await asyncio.sleep(every)
        return time.perf_counter()


async def measure(product: Product, options: Options) -> list[Measure]:
    """Turns of blocks; at the end of each turn the side is killed and started again."""
    full = product.full
    async with full.person() as alice:
        mints = Mints(full, await full.made(alice))
    times: dict[str, list[float]] = {"ours": [], "ponder": []}
    relaunches: dict[str, list[float]] = {"ours": [], "ponder": []}
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        for turn in range(TURNS):
            for label, opened in (("ours", _ours(product)), ("ponder", _ponder(full, Path(name), turn))):
                async with opened as side:
                    await _follows(mints, side)
                    times[label] += [await _latency(mints, side) for _ in range(options.of(50, 15) + WARM)][WARM:]
                    relaunches[label].append(await _relaunched(mints, side))
    return [
        of_samples(
            "beside ponder, live: block → committed row",
            times["ours"],
            "ms",
            baseline=statistics.median(times["ponder"]),
            against="ponder over websocket",
            goal=GOAL,
            notes={"ponder": of_samples("", times["ponder"], "ms").notes},
        ),
        Measure(
            "beside ponder, live: kill -9 of the worker → the next row",
            statistics.median(relaunches["ours"]),
            "s",
            statistics.median(relaunches["ponder"]),
            "ponder, most of it its lock",
            RELAUNCH_GOAL,
            notes=dict(relaunches),
        ),
    ]


async def _latency(mints: Mints, side: Side) -> float:
    """Milliseconds from the block to the row."""
    number, mined = await mints.mined(side.depth)
    seen = await mints.seen(side, number, POLL)
    await asyncio.sleep(PAUSE)
    return (seen - mined) * 1000


async def _follows(mints: Mints, side: Side) -> None:
    """Wait until what started hears of blocks."""
    number, _ = await mints.mined(side.depth)
    async with mints.full.blocks.ticking(TICK):
        await mints.seen(side, number, LOOK_EVERY)


async def _relaunched(mints: Mints, side: Side) -> float:
    """Seconds from the kill to the row of a token that was minted meanwhile. The process is started again at once."""
    killed = time.perf_counter()
    await side.part.kill()
    number, _ = await mints.mined(side.depth)
    async with mints.full.blocks.ticking(TICK):
        return await until_commit(side.part, lambda: mints.seen(side, number, LOOK_EVERY)) - killed


@asynccontextmanager
async def _ours(product: Product) -> AsyncGenerator[Side]:
    """The stack's worker, as the stack runs it."""
    full = product.full
    async with _connected(full.stack.postgres.url) as connection:
        await full.stack.worker.start()
        try:
            yield Side(full.stack.worker, connection, OUR_ROW, CONFIRMATIONS)
        finally:
            await full.stack.worker.stop()


@asynccontextmanager
async def _ponder(full: FullStack, directory: Path, turn: int) -> AsyncGenerator[Side]:
    """Ponder in a new database, once it follows the chain."""
    postgres, anvil = full.stack.postgres, full.stack.anvil
    async with _connected(postgres.url) as connection:
        await connection.execute(f"create database ponder_{turn}")
    dsn = postgres.dsn(f"ponder_{turn}")
    work = Work(anvil, dsn, 0, factory=full.stack.deployment.factory, aliases=UNTHROTTLED, websocket=True)
    ponder = Ponder(directory / f"ponder-{turn}", work)
    async with _connected(dsn) as connection:
        try:
            await ponder.start()
            yield Side(ponder, connection, PONDERS_ROW, 1)
        finally:
            await ponder.stop()


@asynccontextmanager
async def _connected(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
