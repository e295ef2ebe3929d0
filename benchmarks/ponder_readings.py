"""One chain of the indexer's benchmark, read by ponder: timed by its own log, its rows counted after it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import asyncpg

from benchmarks.indexer_readings import Readings
from benchmarks.ponder_process import Ponder, Work, when
from benchmarks.processes import cpu_ms
from benchmarks.report import DidNotHappenError

BEGUN: Final = "Started backfill indexing"
DONE: Final = "Completed indexing across all chains"
PATIENCE: Final = 1800.0
"""Seconds for one reading by ponder; the longest, a sparse chain as shipped, takes some four minutes."""


def work_of(bench: Readings, dsn: str, aliases: int) -> Work:
    """The whole chain. Where there is one collection ponder is told which, and needs to look for no others."""
    made = bench.made
    one = made.collections[0] if len(made.collections) == 1 else None
    return Work(
        made.anvil,
        dsn,
        made.contracts.start_block,
        made.last,
        collection=one,
        factory=None if one else made.contracts.factory,
        aliases=aliases,
    )


async def read(bench: Readings, aliases: int) -> tuple[float, float]:
    """Seconds of a reading by ponder, by its own clock, and its processor time; its start is in neither."""
    dsn = await bench.fresh_database()
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        ponder = Ponder(Path(name), work_of(bench, dsn, aliases))
        try:
            await ponder.start()
            at_start = _cpu(ponder)
            done = await logged(ponder, lambda records: when(records, DONE))
            begun = when(ponder.records(), BEGUN)
            assert begun is not None, "what has an end has begun"
            cpu = _cpu(ponder) - at_start
        finally:
            await ponder.stop()
    await check(dsn, bench)
    return done - begun, cpu


def _cpu(ponder: Ponder) -> float:
    assert ponder.pid is not None, "it runs until it is stopped"
    return cpu_ms(ponder.pid) / 1000


async def logged(ponder: Ponder, time_of: Callable[[list[dict[str, Any]]], float | None]) -> float:
    """When ponder logged something that `time_of` finds."""
    deadline = time.monotonic() + PATIENCE
    while (found := time_of(ponder.records())) is None:
        if not ponder.running or time.monotonic() > deadline:
            raise DidNotHappenError(f"ponder did not come to its end: {ponder.log_tail(3)}")
        await asyncio.sleep(0.1)
    return found


async def check(dsn: str, bench: Readings) -> None:
    """Every transfer, token and holder must be there."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(
            "select (select count(*) from ponder.transfer) as transfers, (select count(*) from ponder.token) as tokens,"
            " (select sum(count) from ponder.balance) as held"
        )
    finally:
        await connection.close()
    assert row is not None
    made = bench.made
    if tuple(row) != (made.logs, made.tokens, made.tokens):
        raise DidNotHappenError(f"ponder's rows are missing: {dict(row)}")
