"""How far an import has been read: its row of `sync_state`, moved in the transaction of what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import ChainId
from steadymint.indexing.batch import Child
from steadymint.indexing.store.writer import CheckpointMovedError
from steadymint.metadata.queue import enqueue_everything

_WAITING: Final = """
select c.contract_address, c.id, c.standard, s.cursor::bigint as cursor, c.deployed_block
from catalog_service.collections c
join catalog_service.sync_state s on s.collection_id = c.id and s.source = 'import'
where c.chain_id = $1 and c.index_status = 'syncing' order by s.started_at, c.contract_address"""

_ADVANCE: Final = """
update catalog_service.sync_state set
    cursor = $3::bigint::text, done = done + ($3::bigint - $2::bigint), total = greatest(total, $4::bigint),
    status = case when $5::boolean then 'done' else 'running' end, last_run_at = now(), note = null
where collection_id = $1 and source = 'import' and cursor = $2::bigint::text"""

_NOTE: Final = """
update catalog_service.sync_state set note = $2, last_run_at = now() where collection_id = $1 and source = 'import'"""

_SYNCED: Final = "update catalog_service.collections set index_status = 'synced' where id = $1"


@dataclass(frozen=True, slots=True)
class Job:
    """An import that is not done."""

    contract: str
    child: Child
    cursor: int
    """The last block that has been read."""


class ImportProgress:
    """Of one chain, over the writer's connection."""

    def __init__(self, connection: asyncpg.Connection, chain_id: ChainId) -> None:
        self._connection = connection
        self._chain_id = chain_id

    async def waiting(self) -> list[Job]:
        """Imports to go on with, the oldest first."""
        rows = await self._connection.fetch(_WAITING, self._chain_id)
        return [
            Job(row["contract_address"], Child(row["id"], row["standard"], foreign=True), row["cursor"]) for row in rows
        ]

    async def advance(self, job: Job, upto: int, target: int, *, finished: bool) -> None:
        """The blocks up to `upto` are read, of those up to `target`. Inside the caller's transaction.

        Raises:
            CheckpointMovedError: somebody else, or a rollback, has moved it.
        """
        collection_id = job.child.collection_id
        moved = await self._connection.execute(_ADVANCE, collection_id, job.cursor, upto, target - job.cursor, finished)
        if moved != "UPDATE 1":
            raise CheckpointMovedError

    async def join(self, collection_id: UUID) -> None:
        """From the next block on it is read like our own, and all of its metadata is to be read. Inside the caller's
        transaction."""
        await self._connection.execute(_SYNCED, collection_id)
        await enqueue_everything(self._connection, [collection_id], "import")

    async def note(self, collection_id: UUID, text: str) -> None:
        """Why it does not get on."""
        await self._connection.execute(_NOTE, collection_id, text)
