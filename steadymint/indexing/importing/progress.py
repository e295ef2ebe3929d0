"""The progress of an import: its row of `sync_state`, which moves in the transaction that writes the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Child
from steadymint.indexing.store.writer import CheckpointMovedError
from steadymint.indexing.subjects.movements.decode import RANGE_AT_ONCE
from steadymint.indexing.subjects.orders.take_up import check_listings, take_up
from steadymint.metadata.queue import enqueue_everything

_WAITING: Final = """
select c.contract_address, c.id, c.standard, s.cursor::bigint as cursor, c.deployed_block
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import'
where c.chain_id = $1 and c.index_status = 'syncing' order by s.started_at, c.contract_address"""

_ADVANCE: Final = """
update catalog_service.sync_state set
    cursor = $3::bigint::text, done = done + ($3::bigint - $2::bigint), total = greatest(total, $4::bigint),
    status = 'running', last_run_at = now(), note = null, failed = failed + $5::bigint
where collection_id = $1 and source = 'import' and cursor = $2::bigint::text"""

_NOTE: Final = """
update catalog_service.sync_state set note = $2, last_run_at = now() where collection_id = $1 and source = 'import'"""

_READ: Final = """
select s.failed, exists (
    select from catalog_service.items t where t.collection = c.no and t.chain = c.chain_no) as has_tokens
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import' where c.id = $1"""

_END: Final = """
with ended as (
    update catalog_service.sync_state set status = $2::text, note = $3, last_run_at = now()
    where collection_id = $1 and source = 'import'
)
update catalog_service.collections set index_status = case $2::text when 'done' then 'synced' else 'failed' end
where id = $1"""

NOTHING_UNDERSTOOD: Final = (
    "Nothing is understood of what this contract says: none of its {failed:,} events that have the name of a transfer"
    " has a form of EIP-721, EIP-1155 or EIP-2309, or claims no more than {most:,} tokens of one block"
)
PARTLY_UNDERSTOOD: Final = (
    "{failed:,} of its events are left out: they have no form that is understood, or claim more than {most:,} tokens of"
    " one block"
)
COUNTS_ONLY: Final = (
    "It says that it has {supply:,} tokens, and none of its events has the name of a transfer, so nobody can tell which"
    " they are and whose"
)
SAYS_NOTHING: Final = "No transfer of it was found: its tokens appear once they are minted or moved"


@dataclass(frozen=True, slots=True)
class Job:
    """An import that is not finished."""

    contract: str
    child: Child
    cursor: int
    """The last block that was read."""


class ImportProgress:
    """The progress of one chain's imports, on the writer's connection."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def waiting(self) -> list[Job]:
        """The unfinished imports, oldest first."""
        rows = await self._connection.fetch(_WAITING, self._chain_id)
        return [
            Job(row["contract_address"], Child(row["id"], row["standard"], foreign=True), row["cursor"]) for row in rows
        ]

    async def advance(self, job: Job, upto: int, target: int, *, not_understood: int) -> None:
        """Note that the blocks up to `upto` are read, of those up to `target`, and that so many of their logs were not
        understood. In the caller's transaction.

        Raises:
            CheckpointMovedError: another process or a rollback has moved it.
        """
        collection_id = job.child.collection_id
        moved = await self._connection.execute(
            _ADVANCE, collection_id, job.cursor, upto, target - job.cursor, not_understood
        )
        if moved != "UPDATE 1":
            raise CheckpointMovedError

    async def is_silent(self, collection_id: UUID) -> bool:
        """Whether nothing of a transfer was found so far, understood or not."""
        row = await self._connection.fetchrow(_READ, collection_id)
        return row is not None and not row["has_tokens"] and not row["failed"]

    async def finish(self, collection_id: UUID, block: int, supply: int | None) -> bool:
        """End the import, because all of its history is read, up to the block. In the caller's transaction.

        Returns whether the collection joins: from the next block on it is read like our own. All of its metadata is
        queued, earlier sales and orders become its own, and its listings are checked again. The import fails instead if
        the contract had transfers and none was understood, or none although it has a `supply`: what it says of the
        number of its tokens, if it was asked.
        """
        row = await self._connection.fetchrow(_READ, collection_id)
        assert row is not None, "its row was advanced just now"
        counts_only = bool(supply) and not row["has_tokens"] and not row["failed"]
        joins = (row["has_tokens"] or not row["failed"]) and not counts_only
        if counts_only:
            note = COUNTS_ONLY.format(supply=supply)
        elif not joins:
            note = NOTHING_UNDERSTOOD.format(failed=row["failed"], most=RANGE_AT_ONCE)
        elif row["failed"]:
            note = PARTLY_UNDERSTOOD.format(failed=row["failed"], most=RANGE_AT_ONCE)
        else:
            note = None if row["has_tokens"] else SAYS_NOTHING
        await self._connection.execute(_END, collection_id, "done" if joins else "failed", note)
        if joins:
            await enqueue_everything(self._connection, [collection_id], "import")
            await take_up(self._connection, [collection_id])
            await check_listings(self._connection, collection_id, block)
        return joins

    async def note(self, collection_id: UUID, text: str) -> None:
        """Note why the import is stuck."""
        await self._connection.execute(_NOTE, collection_id, text)
