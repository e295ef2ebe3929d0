"""The read cache hears of every batch, once its rows are there to be read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import asyncpg
import pytest

from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from tests.support.indexing import ALICE, Driver, Index

BOB = "0x" + "b0" * 20


class Told:
    """Implements `Freshness`; notes what could be read when it was told."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.batches: list[tuple[set[str], int]] = []
        """Contracts, and the tokens that could be read."""
        self.chains: list[tuple[ChainId, int]] = []

    async def bump(self, collections: Iterable[tuple[ChainId, Address]]) -> bool:
        self.batches.append(({contract for _, contract in collections}, await self._tokens()))
        return True

    async def bump_chain(self, chain_id: ChainId) -> bool:
        self.chains.append((chain_id, await self._tokens()))
        return True

    async def _tokens(self) -> int:
        return await self._pool.fetchval("select count(*) from catalog_service.tokens")


@pytest.fixture
async def told(database: str) -> AsyncIterator[Told]:
    pool = await create_pool(database, min_size=1, max_size=1)
    async with pool:
        yield Told(pool)


async def test_what_a_batch_changed_is_told_after_its_commit(driver: Driver, index: Index, told: Told) -> None:
    index.options["pages"] = told
    cats = await driver.create(0)
    await driver.mint(cats, 3)
    await driver.anvil.mine(1)
    await index.catch_up()
    assert {contract for contracts, _ in told.batches for contract in contracts} == {cats.lower()}
    assert told.batches[-1][1] == 3

    dogs = await driver.create(0, salt=b"\x07" * 32)
    await driver.transfer(cats, 1, ALICE, BOB)
    await driver.anvil.mine(1)
    told.batches.clear()
    await index.catch_up()
    assert {contract for contracts, _ in told.batches for contract in contracts} == {cats.lower(), dogs.lower()}


async def test_blocks_that_are_taken_back_are_told_for_the_whole_chain(
    driver: Driver, index: Index, told: Told
) -> None:
    index.options["pages"] = told
    cats = await driver.create(0)
    before = await driver.anvil.block_number()
    await driver.mint(cats, 3)
    await driver.anvil.mine(1)
    await index.catch_up()
    async with index.indexer() as indexer:
        await indexer.rewind(before)
    assert told.chains == [(ChainId(driver.anvil.caip2), 0)]


class ToldOfApprovals:
    """Implements `ApprovalChanges`."""

    def __init__(self) -> None:
        self.owners: set[str] = set()
        self.chains: list[ChainId] = []

    async def forget(self, chain_id: ChainId, owners: Iterable[str]) -> None:
        self.owners.update(owners)

    async def forget_chain(self, chain_id: ChainId) -> None:
        self.chains.append(chain_id)


async def test_what_chains_have_said_of_approvals_is_forgotten_after_each_commit_that_concerns_them(
    driver: Driver, index: Index
) -> None:
    told = index.options["allowances"] = ToldOfApprovals()
    cats = await driver.create(0)
    await driver.mint(cats, 3)
    await driver.anvil.mine(1)
    await index.catch_up()
    told.owners.clear()
    await driver.call(cats, "Collection721", "approve", BOB, 1)
    await driver.anvil.mine(1)
    await index.catch_up()
    assert told.owners == {ALICE}
