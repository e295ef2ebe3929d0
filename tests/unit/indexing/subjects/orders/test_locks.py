"""A batch and whoever else changes orders take their locks in one order, so neither breaks the other off."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, transfer
from tests.support.forged_trades import ETHER, hash_of, listing_filled, token
from tests.unit.indexing.subjects.orders.conftest import Market

WAITS = """
select count(*) from pg_stat_activity
where application_name = 'steadymint indexer' and datname = current_database() and wait_event_type = 'Lock'"""
THE_CATS = f"(select id from catalog_service.collections where contract_address = '{CATS}')"
CHECKS = {
    "an order": (
        f"select from catalog_service.orders where order_hash = '{hash_of(1)}' for no key update",
        f"update catalog_service.orders set reasons = '{{not_approved}}' where order_hash = '{hash_of(1)}'",
    ),
    "floors": (
        f"select catalog_service.lock_collections(array({THE_CATS}))",
        f"update catalog_service.collection_stats set listed_count = listed_count where collection_id = {THE_CATS}",
    ),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("moved", [True, False], ids=["moved", "sold only"])
async def test_a_batch_waits_for_a_check_before_it_holds_what_the_check_needs(
    market: Market, pool: asyncpg.Pool, check: str, moved: bool
) -> None:
    first, second = CHECKS[check]
    await market.order(1)
    said = [listing_filled(1, ALICE, BOB, token(1), ETHER, block=3, index=0)]
    if moved:
        said.append(transfer(ALICE, CAROL, 1, block=3, index=1))
    async with pool.acquire() as checker, checker.transaction():
        await checker.execute(first)
        batch = asyncio.create_task(market.say(*said))
        async with asyncio.timeout(30):
            while not await pool.fetchval(WAITS):  # noqa: ASYNC110 - Postgres tells nobody
                await asyncio.sleep(0.01)
        await checker.execute(second)
    await batch
    assert await market.one("status") == [("filled",)]
    assert (await market.stats())[2] == 1
