"""How long a chain stands still after a kill -9, for ours and for ponder: until the next commit.

Both are killed right after a commit in the middle of a history, and started again at once. Ponder's schema is locked by
the process that was killed, until 25 seconds after its last sign of life. Ours holds a lock of its PostgreSQL session,
which ends with its connection. Afterwards both read to the end, and their rows are counted.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.chains import Made
from benchmarks.indexer import sizes
from benchmarks.indexer_readings import Readings, opened
from benchmarks.options import Options
from benchmarks.ponder_process import UNTHROTTLED, Ponder, when
from benchmarks.ponder_readings import DONE, check, logged, work_of
from benchmarks.report import DidNotHappenError, Goal, Measure
from steadymint.stack.application import Application
from steadymint.stack.part import Part

GOAL: Final = Goal("ratio", "<=", 0.1)
"""Our seconds over ponder's."""
PATIENCE: Final = 120.0
"""Seconds for a commit; some four times what ponder's lock and start take."""
LOOK_EVERY: Final = 0.005
"""Seconds between two looks for a commit."""
OUR_CHECKPOINT: Final = "select last_block from indexer_service.indexer_checkpoints"
PONDERS_CHECKPOINT: Final = "select latest_checkpoint from ponder._ponder_checkpoint"
OTHERS: Final = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
)

Committed = Callable[[], Awaitable[int]]
"""The block up to which everything is committed; -1 before there is one."""


class IndexProcess(Application):
    """Our indexer alone. It counts as started at once: what it commits shows that it works."""

    def __init__(self, directory: Path, made: Made, dsn: str) -> None:
        super().__init__("indexer", directory / "indexer.log", dict[str, str], self._runs)
        contracts = made.contracts
        self._words = [made.anvil.url, dsn, contracts.factory, str(contracts.start_block), str(made.last)]

    def command(self) -> list[str]:
        return [sys.executable, "-m", "benchmarks.index_process", *self._words]

    async def _runs(self, process: Application) -> bool:
        return process.running


async def measure(options: Options) -> list[Measure]:
    """Each is killed in the same history, in turns."""
    ours: list[float] = []
    ponders: list[float] = []
    async with opened(**sizes(options)["dense"]) as bench:
        for _ in range(options.of(2, 1)):
            with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
                ours.append(await _ours(bench, Path(name) / "ours"))
                ponders.append(await _ponders(bench, Path(name) / "ponder"))
    name, against = "beside ponder, history: kill -9 → the next commit", "ponder, most of it its lock"
    notes = {"ours_s": ours, "ponder_s": ponders}
    return [Measure(name, statistics.median(ours), "s", statistics.median(ponders), against, GOAL, notes=notes)]


async def _ours(bench: Readings, directory: Path) -> float:
    dsn = await bench.fresh_database()
    process = IndexProcess(directory, bench.made, dsn)
    connection = await asyncpg.connect(dsn)
    try:
        seconds = await _relaunched(process, connection, lambda: _block(connection, OUR_CHECKPOINT), bench)
        async with asyncio.timeout(PATIENCE):
            while process.running:
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
        await process.stop()
    await bench.check(dsn)
    return seconds


async def _ponders(bench: Readings, directory: Path) -> float:
    dsn = await bench.fresh_database()
    ponder = Ponder(directory, work_of(bench, dsn, UNTHROTTLED))
    connection = await asyncpg.connect(dsn)
    try:
        seconds = await _relaunched(ponder, connection, lambda: _block(connection, PONDERS_CHECKPOINT), bench)
        await logged(ponder, lambda records: when(records, DONE))
    finally:
        await connection.close()
        await ponder.stop()
    await check(dsn, bench)
    return seconds


async def _relaunched(part: Part, connection: asyncpg.Connection, committed: Committed, bench: Readings) -> float:
    """Seconds from the kill to the next commit. What was committed last is seen once the killed one's sessions are
    gone: PostgreSQL may end a commit for it."""
    await part.start()
    await beyond(committed, bench.made.first)
    killed = time.perf_counter()
    await part.kill()
    while await connection.fetchval(OTHERS):
        await asyncio.sleep(LOOK_EVERY)
    at = await committed()
    if at >= bench.made.last:
        raise DidNotHappenError(f"{part.name} had come to its end before it was killed")
    return await until_commit(part, lambda: beyond(committed, at)) - killed


async def until_commit(part: Part, happened: Callable[[], Awaitable[object]]) -> float:
    """Starts the part, and returns when something happened; it may happen before the part answers."""
    starting = asyncio.create_task(part.start())
    await happened()
    now = time.perf_counter()
    await starting
    return now


async def beyond(committed: Committed, block: int) -> None:
    """Wait until more is committed."""
    async with asyncio.timeout(PATIENCE):
        while await committed() <= block:
            await asyncio.sleep(LOOK_EVERY)


async def _block(connection: asyncpg.Connection, query: str) -> int:
    try:
        checkpoint: int | str | None = await connection.fetchval(query)
    except asyncpg.UndefinedTableError:
        return -1
    if checkpoint is None:
        return -1
    return checkpoint if isinstance(checkpoint, int) else block_of(checkpoint)


def block_of(checkpoint: str) -> int:
    """The block of a checkpoint of ponder's: digits of the time (10), the chain (16), the block (16), and more."""
    return int(checkpoint[26:42])
