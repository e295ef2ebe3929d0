"""Owners, items and supply are kept by difference, and always equal a count from nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest

from steadymint.indexing.store.accounts import Accounts
from steadymint.indexing.subjects.movements import rows as movement_rows
from tests.support.forged_logs import ALICE, BOB, CAROL, ZERO, transfer
from tests.support.indexing import catalog_of, fetch
from tests.support.projected import history, projected

RECOUNTED = """
select c.contract_address as contract,
    coalesce((select sum(t.supply) from catalog_service.tokens t where t.collection_id = c.id), 0) as supply,
    (select count(*) from catalog_service.tokens t where t.collection_id = c.id and t.supply > 0) as items,
    (select count(distinct b.owner) from catalog_service.token_balances b
     where b.contract = c.contract_address) as owners
from catalog_service.collections c order by 1"""
KEPT = """
select c.contract_address as contract, c.total_supply as supply, s.items_count as items, s.owners_count as owners
from catalog_service.collections c join catalog_service.collection_stats s on s.collection_id = c.id order by 1"""
HELD = """
select c.contract_address as contract, b.owner, sum(b.quantity) as quantity
from catalog_service.token_balances b join catalog_service.collections c on c.contract_address = b.contract
group by 1, 2 order by 1, 2"""
OWNED = """
select c.contract_address as contract, o.owner, o.quantity
from catalog_service.collection_owners o join catalog_service.collections c on c.id = o.collection_id order by 1, 2"""


async def equals_a_recount(dsn: str) -> None:
    assert await fetch(dsn, KEPT) == await fetch(dsn, RECOUNTED)
    assert await fetch(dsn, OWNED) == await fetch(dsn, HELD)


@pytest.mark.parametrize("lies", [0.0, 0.4], ids=["honest", "lying"])
@pytest.mark.parametrize("direct", [1, 200], ids=["copied", "staged"])
async def test_holders_items_and_supply_equal_a_recount_after_any_history_and_rollback(
    database: str, lies: float, direct: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(movement_rows, "DIRECT_COPY", direct)
    chance = random.Random(f"{lies} {direct}")
    async with projected(database) as index:
        for _ in range(6):
            blocks = history(chance, 60, lies=lies)
            await index.take_all(blocks, chance)
            await equals_a_recount(database)
            await index.back_to(chance.randrange(1, 60))
            await equals_a_recount(database)
            marked = await fetch(database, "select inconsistent_reason from catalog_service.collections")
            assert lies or all(row["inconsistent_reason"] is None for row in marked)
            await index.back_to(0)
    assert await fetch(database, OWNED) == []


async def test_holders_do_not_depend_on_where_batches_end_nor_on_what_was_rolled_back(
    database: str, fresh_index: str
) -> None:
    chance = random.Random("batches")
    blocks = history(chance, 80)
    async with projected(database) as index, projected(fresh_index) as fresh:
        await index.take_all(blocks, chance)
        for ancestor in (70, 33, 5):
            await index.back_to(ancestor)
            await index.take_all(blocks, chance)
        await fresh.take_all(blocks, chance)

    assert await catalog_of(database) == await catalog_of(fresh_index)


async def test_a_collection_has_its_counts_from_its_creation_on(database: str) -> None:
    chance = random.Random(1)
    async with projected(database) as index:
        await index.take_all(history(chance, 1), chance)

    assert [(row["items"], row["owners"]) for row in await fetch(database, KEPT)] == [(0, 0), (0, 0)]


class OnlyLookedUp(Mapping[str, int]):
    """The accounts in memory, of which there may be half a million."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self._numbers = numbers

    def __getitem__(self, address: str) -> int:
        return self._numbers[address]

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a batch goes through all accounts")

    def __len__(self) -> int:
        return len(self._numbers)


async def test_a_batch_looks_up_its_accounts_and_goes_through_no_others(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the owner before is nobody whom the batch names."""
    monkeypatch.setattr(Accounts, "numbers", property(lambda accounts: OnlyLookedUp(accounts._numbers)))
    async with projected(database) as index:
        await index.take_all(history(random.Random(2), 1), random.Random(2))
        await index.take([transfer(ZERO, ALICE, 3, block=2)], 2)
        await index.take([transfer(BOB, CAROL, 3, block=3)], 3)
    await equals_a_recount(database)
    assert [(row["owner"], row["quantity"]) for row in await fetch(database, OWNED)] == [(CAROL, 1)]
