"""What a refresh writes follows the chain: whatever is minted, burned, minted again or taken back by a reorg."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from steadymint.catalog.trait_writer import TraitWriter
from steadymint.database import create_pool
from steadymint.domain.metadata import Attribute, NormalisedDocument
from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address
from steadymint.indexing.reading.logs import Log
from steadymint.metadata.docs import now
from steadymint.metadata.entries import Entries, Entry
from steadymint.metadata.settle import EntryOutcome, EntryVerdict, Settlement
from steadymint.metadata.verdicts import without_reading
from tests.support.forged_logs import ALICE, BOB, CATS, CHAIN, EDITIONS, ZERO, single, transfer
from tests.support.projected import creation, projected
from tests.support.traits import counted_occurrences, occurrences

COLOURS = 3

# What each token shows beside what it should.
SHOWN = """
select t.token_number, t.burned, t.metadata_status, array (
    select v.normalized_value from catalog_service.token_trait_links l
    join catalog_service.trait_values v on v.id = l.trait_value_id where l.token_id = t.id) as colours
from catalog_service.tokens t"""


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(database, min_size=1, max_size=2) as pool:
        yield pool


def lives(chance: random.Random, blocks: int) -> list[list[Log]]:
    """Few tokens of both standards that are minted, moved, burned and minted again, in blocks 1, 2, ..."""
    created = [creation(CATS, 0, block=1, index=0), creation(EDITIONS, 1, block=1, index=1)]
    holder: dict[tuple[str, int], str] = {}

    def next_of(block: int, index: int) -> Log:
        contract, token_id = chance.choice((CATS, EDITIONS)), chance.randrange(4)
        sender = holder.get((contract, token_id), ZERO)
        recipient = chance.choice((ALICE, BOB)) if sender == ZERO else chance.choice((ALICE, BOB, ZERO, ZERO))
        holder[contract, token_id] = recipient
        if contract == CATS:
            return transfer(sender, recipient, token_id, block=block, index=index)
        return single(sender, recipient, token_id, 2, block=block, index=index)

    return [created] + [
        [next_of(block, index) for index in range(chance.randrange(3))] for block in range(2, blocks + 1)
    ]


def colour_of(number: int) -> str:
    return f"colour {number % COLOURS}"


def read(entry: Entry) -> EntryOutcome:
    """What a batch makes of an entry whose document is there."""
    left = without_reading(entry)
    if left is not None or entry.token_number is None:
        return left or EntryOutcome(entry, EntryVerdict.LEFT)
    document = NormalisedDocument(attributes=(Attribute("Colour", colour_of(entry.token_number), "string"),))
    return EntryOutcome(entry, EntryVerdict.READ, uri=f"ipfs://x/{entry.token_number}", document=document)


Batch = list[tuple[UUID, list[EntryOutcome]]]
"""Of each collection, what was read and is not written yet."""


async def begun(pool: asyncpg.Pool) -> Batch:
    """A small batch of each collection that has something due."""
    entries, batch = Entries(pool), Batch()
    for contract in (CATS, EDITIONS):
        target = await entries.target(CollectionRef(chain_id=CHAIN, contract=Address(contract)))
        if target is not None:
            await entries.begin(target.id)
            if taken := await entries.take(target.id, 3):
                batch.append((target.id, [read(entry) for entry in taken]))
    return batch


async def settle(pool: asyncpg.Pool, batch: Batch) -> None:
    for collection_id, outcomes in batch:
        await Settlement(pool, TraitWriter()).settle(collection_id, outcomes, now())


@pytest.mark.parametrize("seed", range(4))
async def test_every_token_that_lives_has_its_traits_and_no_other_after_any_history(
    database: str, pool: asyncpg.Pool, seed: int
) -> None:
    chance = random.Random(f"follows {seed}")
    blocks = lives(chance, 60)
    async with projected(database) as index:
        while index.checkpoint.block < len(blocks):
            batch = await begun(pool) if chance.random() < 0.5 else []
            if index.checkpoint.block > 5 and chance.random() < 0.2:
                await index.back_to(index.checkpoint.block - chance.randrange(1, 5))
            upto = min(index.checkpoint.block + chance.randrange(1, 6), len(blocks))
            await index.take([one for block in blocks[index.checkpoint.block : upto] for one in block], upto)
            await settle(pool, batch)  # of blocks that have passed, or are no more
    while batch := await begun(pool):
        await settle(pool, batch)

    rows = await pool.fetch(SHOWN)
    assert {row["burned"] for row in rows} == {True, False}
    for row in rows:
        wanted = (None, []) if row["burned"] else ("ok", [colour_of(int(row["token_number"]))])
        assert (row["metadata_status"], row["colours"]) == wanted, dict(row)
    assert await occurrences(pool) == await counted_occurrences(pool)
