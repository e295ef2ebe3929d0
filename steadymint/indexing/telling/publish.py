"""Writes the domain events of a chain's blocks into the outbox, in chain order.

The indexer's own transaction writes no events, because a live block must not wait for them, and the committed rows hold
all that the events say. `published_block` is the last block of a chain whose events are in the outbox. It moves in the
transaction that writes them, so that no crash loses an event or writes it twice.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from steadymint.domain.errors import ConflictError
from steadymint.domain.types import ChainId
from steadymint.events.event import DomainEvent
from steadymint.events.outbox import append
from steadymint.indexing.store.chain_tables import first_place
from steadymint.indexing.subjects.subject import Told
from steadymint.indexing.subjects.table import SUBJECTS

BLOCKS_AT_ONCE: Final = 1000
"""Blocks of one transaction, if they hold no more than `MOVEMENTS_AT_ONCE`."""
MOVEMENTS_AT_ONCE: Final = 20_000
"""Movements of one transaction, unless a single block holds more. A log of a few hundred bytes may name half as many.
The events of these take tens of megabytes."""

_BEHIND: Final = """
select published_block, last_block from indexer_service.indexer_checkpoints where chain_id = $1 and state = 'live'"""

# Materialized, so that it is planned as if it was read to its end: with the limit in sight the planner may choose to
# read the table from its beginning, and what is asked for is at its end.
_MOVED: Final = """
with moved as materialized (
    select place from catalog_service.movements
    where chain = (select no from catalog_service.chain_numbers where chain_id = $1) and place >= $2 and place < $3
)
select count(*) from (select from moved limit $4) found"""

# Compare and set: a rollback may have moved it back, and then those blocks must be published again.
_PUBLISHED: Final = """
update indexer_service.indexer_checkpoints set published_block = $3
where chain_id = $1 and published_block is not distinct from $2 and last_block >= $3"""


class PublishedElsewhereError(ConflictError):
    """`published_block` has changed: a rollback moved it back, or another process moved it on."""

    code = "published_elsewhere"
    retryable = True
    title = "Another process writes the events of these blocks"


class Publisher:
    """Writes the events of one chain's blocks up to its checkpoint."""

    def __init__(self, pool: asyncpg.Pool, chain_id: ChainId) -> None:
        self._pool = pool
        self._chain_id = chain_id

    async def run(self) -> None:
        """Write the events of every block up to the checkpoint."""
        while True:
            row = await self._pool.fetchrow(_BEHIND, self._chain_id)
            if row is None or row["published_block"] is None or row["published_block"] >= row["last_block"]:
                return
            after = row["published_block"]
            upto = await self._end(after, min(after + BLOCKS_AT_ONCE, row["last_block"]))
            events = await self._between(after, upto)
            async with self._pool.acquire() as leased, leased.transaction():
                connection: Any = leased
                # The checkpoint is locked last, because the indexer moves it with every block.
                await append(connection, events)
                if await connection.execute(_PUBLISHED, self._chain_id, after, upto) != "UPDATE 1":
                    raise PublishedElsewhereError

    async def _end(self, after: int, upto: int) -> int:
        """The last block of the next transaction: `upto`, or an earlier one if there are too many movements."""
        while upto > after + 1:
            places = first_place(after + 1), first_place(upto + 1)
            if await self._pool.fetchval(_MOVED, self._chain_id, *places, MOVEMENTS_AT_ONCE + 1) <= MOVEMENTS_AT_ONCE:
                break
            upto = (after + 1 + upto) // 2
        return upto

    async def _between(self, after: int, upto: int) -> list[DomainEvent]:
        told = [one for subject in SUBJECTS for one in await subject.told(self._pool, self._chain_id, after, upto)]
        return [event for one in sorted(told, key=_place) for event in one.events]


def _place(told: Told) -> tuple[int, int]:
    return told.block, told.log_index
