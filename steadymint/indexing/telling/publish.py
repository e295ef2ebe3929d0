"""Writes the events of a chain's blocks into the outbox, in chain order.

The indexer's own transaction writes no events: the rows it commits and the checkpoint it moves say all that an event
says, and a live block must not wait for more. `published_block` is up to where the events of a chain are in the outbox.
It moves in the transaction that writes them, so that no event is lost or written twice, whatever dies when.
"""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from steadymint.domain.errors import ConflictError
from steadymint.domain.types import ChainId
from steadymint.events.event import DomainEvent
from steadymint.events.outbox import append
from steadymint.indexing.subjects.subject import Told
from steadymint.indexing.subjects.table import SUBJECTS

BLOCKS_AT_ONCE: Final = 1000
"""Blocks of one transaction. Empty ones cost nothing; the events of a thousand full ones are some tens of megabytes."""

_BEHIND: Final = """
select published_block, last_block from indexer_service.indexer_checkpoints where chain_id = $1 and state = 'live'"""

# By compare-and-set: a rollback may have taken it back meanwhile, and those blocks must be told anew.
_PUBLISHED: Final = """
update indexer_service.indexer_checkpoints set published_block = $3
where chain_id = $1 and published_block is not distinct from $2 and last_block >= $3"""


class PublishedElsewhereError(ConflictError):
    """`published_block` is not where it was: a rollback has taken it back, or another process has moved it on."""

    code = "published_elsewhere"
    retryable = True
    title = "The events of these blocks are written by someone else"


class Publisher:
    """Writes what one chain's checkpoint has passed."""

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
            upto = min(after + BLOCKS_AT_ONCE, row["last_block"])
            events = await self._between(after, upto)
            async with self._pool.acquire() as leased, leased.transaction():
                connection: Any = leased
                # The checkpoint is locked last: the indexer moves it with every block.
                await append(connection, events)
                if await connection.execute(_PUBLISHED, self._chain_id, after, upto) != "UPDATE 1":
                    raise PublishedElsewhereError

    async def _between(self, after: int, upto: int) -> list[DomainEvent]:
        told = [one for subject in SUBJECTS for one in await subject.told(self._pool, self._chain_id, after, upto)]
        return [event for one in sorted(told, key=_place) for event in one.events]


def _place(told: Told) -> tuple[int, int]:
    return told.block, told.log_index
