"""Thousands of random lives of a catalog, on all cores: `python -m tests.support.many_schedules`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import asyncpg

from migrations.runner import migrate_postgres
from steadymint.stack.postgres import DISPOSABLE, Postgres
from tests.support.schedules import Schedule, check

AT_ONCE = 50
"""Schedules of one database: enough that making it costs nothing, few enough that its catalog stays small."""


def run(server: str, seeds: range) -> int:
    """Check the seeds in databases of their own. If they fail together, each is tried by itself, to name those that
    fail. Returns how many were checked."""
    asyncio.run(_check(server, seeds))
    return len(seeds)


async def _check(server: str, seeds: range) -> None:
    names = [f"{kind}_{os.getpid()}" for kind in ("lived", "replayed")]
    try:
        await _round(server, names, seeds)
    except Exception as error:
        if len(seeds) == 1:
            raise AssertionError(f"schedule {seeds[0]}: {error}") from error
        for seed in seeds:
            await _check(server, range(seed, seed + 1))
        raise


async def _round(server: str, names: list[str], seeds: range) -> None:
    for name in names:
        await _execute(server, f"create database {name} template schedules strategy file_copy")
    try:
        await check(*(_at(server, name) for name in names), [Schedule(seed) for seed in seeds])
    finally:
        for name in names:
            await _execute(server, f"drop database {name} with (force)")


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(_at(server, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _at(server: str, database: str) -> str:
    return f"{server.rpartition('/')[0]}/{database}"


async def _served(directory: Path, first: int, count: int) -> None:
    postgres = Postgres(directory / "postgres", database="schedules", settings=DISPOSABLE)
    await postgres.start()
    try:
        await migrate_postgres(postgres.url)
        await asyncio.to_thread(_spread, postgres.url, first, count)
    finally:
        await postgres.stop()


def _spread(server: str, first: int, count: int) -> None:
    """Over one process for each core."""
    end, done, told, started = first + count, 0, 0, time.monotonic()
    rounds = [range(at, min(at + AT_ONCE, end)) for at in range(first, end, AT_ONCE)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        try:
            for finished in as_completed([pool.submit(run, server, seeds) for seeds in rounds]):
                done += finished.result()
                if done - told >= 500 or done == count:
                    told = done
                    print(f"{done} schedules agree, after {time.monotonic() - started:.0f} s", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the seed to begin with")
    chosen = parser.parse_args(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="steadymint-schedules-") as name:
        Path(name).chmod(0o755)  # the server may run as another user
        asyncio.run(_served(Path(name), chosen.first, chosen.count))
