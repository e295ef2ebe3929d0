"""Kill -9 of an indexing process, again and again in the middle of its work: exact rows, and the next one goes on."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.support.indexing import ALICE, Driver, Index, call_data, catalog_of

ROOT = Path(__file__).parents[2]


async def spawn(driver: Driver, dsn: str) -> asyncio.subprocess.Process:
    contracts = driver.contracts
    words = (driver.anvil.url, dsn, contracts.factory, str(contracts.start_block))
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.support.index_process", *words, cwd=ROOT)


async def checkpoint(index: asyncpg.Connection) -> int:
    block = await index.fetchval("select last_block from indexer_service.indexer_checkpoints")
    return -1 if block is None else block


async def moved_past(index: asyncpg.Connection, block: int) -> int:
    """Asked every two milliseconds, so by one connection: to open as many would take more than to index."""
    async with asyncio.timeout(60):
        while (now := await checkpoint(index)) <= block:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    return now


@pytest.mark.slow
async def test_an_indexer_killed_again_and_again_leaves_exact_rows(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    cats = await driver.create(0)
    await driver.anvil.rpc("evm_setAutomine", False)
    for _ in range(70):
        await driver.send(ALICE, cats, call_data("Collection721", "mint", ALICE, 10, [], b"\0" * 32))
        await driver.anvil.mine()
    await driver.anvil.mine(4)
    last = await driver.anvil.block_number() - 1
    dice, at, killed_at = random.Random(7), -1, list[int]()

    observer = await asyncpg.connect(index.dsn)
    try:
        while len(killed_at) < 3 and at < last:
            process = await spawn(driver, index.dsn)
            try:
                await moved_past(observer, at)  # it commits again, though its predecessor was killed with the lock
                await asyncio.sleep(dice.random() / 100)
            finally:
                process.kill()
                await process.wait()
            at = await checkpoint(observer)
            killed_at.append(at)
    finally:
        await observer.close()

    await index.catch_up()
    await index.catch_up(dsn=fresh_index)
    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)
    assert killed_at[0] < last, "killed in the middle, not after the end"
