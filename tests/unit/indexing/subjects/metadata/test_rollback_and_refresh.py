"""A rollback and a refresh move the same tokens: one waits for the other, and neither is broken off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from steadymint.catalog.trait_writer import TraitWriter
from steadymint.database import create_pool
from steadymint.domain.metadata import Attribute, NormalisedDocument
from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address
from steadymint.indexing.rollback import Rollback
from steadymint.indexing.subjects.metadata.topics import METADATA_UPDATE
from steadymint.metadata.docs import now
from steadymint.metadata.entries import Entries, Entry
from steadymint.metadata.queue import enqueue_tokens
from steadymint.metadata.settle import EntryOutcome, EntryVerdict, Settlement
from tests.support.forged_logs import ALICE, BOB, CATS, CHAIN, ZERO, log, transfer, words
from tests.support.indexing import CAROL, Driver, Index, catalog_of
from tests.support.projected import creation, header, projected

WAITS = """
select count(*) from pg_stat_activity
where application_name = 'steadymint indexer' and datname = current_database() and wait_event_type = 'Lock'"""


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(database, min_size=2, max_size=2) as pool:
        yield pool


class SlowTraits(TraitWriter):
    """Writes traits once somebody has come to wait for the tokens that the batch holds."""

    def __init__(self, somebody_waits: Callable[[], Awaitable[None]]) -> None:
        self._somebody_waits = somebody_waits

    async def write(self, connection: Any, collection_id: UUID, documents: Any) -> bool:
        await self._somebody_waits()
        return await super().write(connection, collection_id, documents)


def red(entry: Entry) -> EntryOutcome:
    """The token's document was read."""
    document = NormalisedDocument(attributes=(Attribute("Colour", "red", "string"),))
    return EntryOutcome(entry, EntryVerdict.READ, uri=f"ipfs://x/{entry.token_number}", document=document)


async def test_a_rollback_waits_for_the_batch_of_a_refresh_before_it_holds_what_the_batch_needs(
    database: str, pool: asyncpg.Pool
) -> None:
    entries, collection = Entries(pool), CollectionRef(chain_id=CHAIN, contract=Address(CATS))
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), transfer(ZERO, ALICE, 1, block=1, index=1)], 1)
        await index.take([transfer(ALICE, BOB, 1, block=2), transfer(ZERO, ALICE, 2, block=2, index=1)], 2)
        target = await entries.target(collection)
        assert target is not None
        await entries.begin(target.id)
        taken = {entry.token_number: entry for entry in await entries.take(target.id, 10)}
        both = [red(taken[1]), red(taken[2])]
        await Settlement(pool, TraitWriter()).settle(target.id, both, now())

        rollbacks: list[asyncio.Task[None]] = []

        async def until_the_rollback_waits() -> None:
            rollbacks.append(asyncio.create_task(index.back_to(1)))
            async with asyncio.timeout(30):
                while not await pool.fetchval(WAITS):  # noqa: ASYNC110 - Postgres tells nobody
                    await asyncio.sleep(0.01)

        await queue_again(pool, taken[1])
        (again,) = [entry for entry in await entries.take(target.id, 10) if entry.token_number == 1]
        await Settlement(pool, SlowTraits(until_the_rollback_waits)).settle(target.id, [red(again)], now())
        await rollbacks[0]

    tokens = await pool.fetch("select token_number, owner_address from catalog_service.tokens")
    assert [tuple(row) for row in tokens] == [(1, ALICE)]
    assert await pool.fetchval("select occurrences from catalog_service.trait_values") == 1


async def queue_again(pool: asyncpg.Pool, entry: Entry) -> None:
    collection = await pool.fetchval("select collection_id from catalog_service.tokens where id = $1", entry.subject_id)
    async with pool.acquire() as leased:
        connection: Any = leased
        await enqueue_tokens(connection, [(entry.subject_id, collection, entry.token_number)], "request")


async def test_what_postgres_breaks_off_for_a_deadlock_is_done_again(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    broken: list[str] = []

    def break_once(point: str) -> None:
        """Stands in for another writer with the locks in another order."""
        if point in {"before commit", "rollback before commit"} - set(broken):
            broken.append(point)
            raise asyncpg.DeadlockDetectedError("deadlock detected")

    cats = await driver.create(0)
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await driver.mint(cats, 3)
    await driver.anvil.mine(3)
    await index.catch_up(fault=break_once)
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.mint(cats, 1, sender=CAROL)
    await driver.anvil.mine(8)
    summary = await index.catch_up(fault=break_once)

    assert (broken, summary.reorgs) == (["before commit", "rollback before commit"], 1)
    await index.catch_up(dsn=fresh_index)
    assert await catalog_of(index.dsn) == await catalog_of(fresh_index)


async def test_contracts_whose_announcements_are_taken_back_are_to_be_woken_too(database: str) -> None:
    async with projected(database) as index:
        await index.take([creation(CATS, 0, block=1), transfer(ZERO, ALICE, 1, block=1, index=1)], 1)
        await index.take([log(CATS, [METADATA_UPDATE], words(1), block=2)], 2)
        rollback = Rollback(index.writer, index.projection)
        await rollback.to(1, header(1).hash, index.checkpoint)

    assert rollback.queued == {CATS}
