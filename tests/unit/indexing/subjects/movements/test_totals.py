"""Sums are exact, however large: supply, what was minted, balances and holdings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.forged_logs import ALICE, BOB, EDITIONS, MAX, ZERO, single
from tests.support.indexing import catalog_of, fetch
from tests.support.projected import creation, projected

SUMS = """
select c.total_supply as supply, c.total_minted as minted, c.inconsistent_reason is not null as marked,
    s.items_count as items, s.owners_count as owners
from catalog_service.collections c join catalog_service.collection_stats s on s.collection_id = c.id"""
TOKENS = "select token_number, supply, burned from catalog_service.tokens order by 1"
HELD = "select token_id, owner, quantity from catalog_service.token_balances order by 1, 2"
HOLDERS = "select owner, quantity from catalog_service.collection_owners order by 1"


async def shown(dsn: str) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: [tuple(row.values()) for row in await fetch(dsn, statement)]
        for name, statement in (("sums", SUMS), ("tokens", TOKENS), ("held", HELD), ("holders", HOLDERS))
    }


@pytest.mark.parametrize("times", [12, 100])
@pytest.mark.parametrize("first_reading", [False, True], ids=["live", "first reading"])
async def test_what_is_left_of_many_times_the_largest_number_is_exact(
    database: str, fresh_index: str, times: int, first_reading: bool
) -> None:
    created = creation(EDITIONS, 1, block=1, index=0)
    mints = [single(ZERO, ALICE if nth % 2 else BOB, 7, MAX, block=2, index=nth) for nth in range(times)]
    burns = [single(ALICE if nth % 2 else BOB, ZERO, 7, MAX, block=3, index=nth) for nth in range(1, times)]
    other = [single(ZERO, BOB, 8, MAX, block=4, index=nth) for nth in range(times)]

    async with projected(database, history=first_reading) as index:
        await index.take([created, *mints], 2)
        await index.take(burns, 3)
        await index.seal()
        found = await shown(database)
        await index.take(other, 4)
        wide = await shown(database)
        await index.back_to(2)
        most = await shown(database)
        await index.take(burns, 3)
        again = await shown(database)
    async with projected(fresh_index) as fresh:
        await fresh.take([created, *mints, *burns], 3)

    marked = True  # no balance of an honest contract passes 2^256
    assert (
        found
        == again
        == {
            "sums": [(MAX, times * MAX, marked, 1, 1)],
            "tokens": [(7, MAX, False)],
            "held": [(7, BOB, MAX)],
            "holders": [(BOB, MAX)],
        }
    )
    assert wide["sums"] == [((times + 1) * MAX, 2 * times * MAX, marked, 2, 1)]
    assert wide["holders"] == [(BOB, (times + 1) * MAX)]
    assert most["sums"] == [(times * MAX, times * MAX, marked, 1, 2)]
    assert most["tokens"] == [(7, times * MAX, False)]
    assert most["holders"] == [(ALICE, times // 2 * MAX), (BOB, times // 2 * MAX)]
    assert await catalog_of(database) == await catalog_of(fresh_index)


async def test_a_supply_beyond_2_to_the_256th_is_no_contradiction_if_no_balance_is(database: str) -> None:
    """EIP-1155 bounds what one account holds of an id, not what there is of it."""
    accounts = [f"0x{nth:040x}" for nth in range(1, 21)]
    async with projected(database) as index:
        mints = [single(ZERO, account, 7, MAX, block=2, index=nth) for nth, account in enumerate(accounts)]
        await index.take([creation(EDITIONS, 1, block=1, index=0), *mints], 2)

    assert (await shown(database))["sums"] == [(20 * MAX, 20 * MAX, False, 1, 20)]
