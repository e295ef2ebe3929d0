"""A reorg deeper than N: back to the common ancestor, as if the blocks above it had never been indexed.

One transaction. Movements above the ancestor are deleted; tokens, balances and holders that they touched are built
again from the movements that are left, collections folded again from their events. Sightings are not deleted but marked
`orphaned`, so that their intents are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from steadymint.indexing.projection import Fault, Projection, no_fault
from steadymint.indexing.store.chain_tables import first_place
from steadymint.indexing.store.writer import Checkpoint, CheckpointMovedError, Writer
from steadymint.indexing.subjects.movements import undo_sql as rollback_sql

_RETREAT: Final = """
update indexer_service.indexer_checkpoints
set last_block = $2, last_block_hash = $3, published_block = least(published_block, $2), updated_at = now()
where chain_id = $1 and last_block = $4 and last_block_hash is not distinct from $5 and halted_reason is null"""

_ORPHAN_SIGHTINGS: Final = """
update indexer_service.intent_sightings set status = 'orphaned', settled_at = null
where chain_id = $1 and block_number > $2 and status = 'landed'"""

_FORGET_BLOCKS: Final = "delete from indexer_service.recent_blocks where chain_id = $1 and number > $2"

# An id with a contract at its end says that the contract spoke of metadata in the block.
_DELETE_PROCESSED: Final = """
with gone as (
    delete from catalog_service.processed_events where chain_id = $1 and block_number > $2 returning event_id
)
select distinct c.id from gone
join catalog_service.collections c on c.chain_id = $1 and c.contract_address = split_part(gone.event_id, ':', 4)
where split_part(gone.event_id, ':', 4) like '0x%'"""
_DELETE_EVENTS: Final = """
with gone as (
    delete from catalog_service.collection_events where chain_id = $1 and block_number > $2
    returning contract, block_number, log_index, args
)
select distinct on (gone.contract) gone.contract, c.source = 'import' as foreign,
    gone.args ->> 'previousOwner' as previous_owner
from gone join catalog_service.collections c on c.chain_id = $1 and c.contract_address = gone.contract
order by gone.contract, gone.block_number, gone.log_index"""
_DELETE_ROLES: Final = """
delete from catalog_service.collection_roles r using catalog_service.collections c
where c.chain_id = $1 and c.deployed_block > $2 and c.source = 'factory'
  and r.chain_id = c.chain_id and r.address = c.contract_address"""
_DELETE_COLLECTIONS: Final = """
with gone as (
    delete from catalog_service.collections where chain_id = $1 and deployed_block > $2 and source = 'factory'
    returning id
)
delete from catalog_service.metadata_queue q using gone where q.collection_id = gone.id"""
# An import that is under way has read no further than what is left; one that is done goes on with the chain.
_RETREAT_IMPORTS: Final = """
update catalog_service.sync_state s set cursor = $2::bigint::text, done = 0
from catalog_service.collections c
where c.id = s.collection_id and c.chain_id = $1 and c.index_status = 'syncing'
  and s.source = 'import' and s.cursor::bigint > $2::bigint"""


class Rollback:
    """Undoes blocks over the writer's connection."""

    def __init__(self, writer: Writer, projection: Projection, fault: Fault = no_fault) -> None:
        self._writer = writer
        self._projection = projection
        self._fault = fault
        self.queued: set[str] = set()
        """Contracts whose metadata the last rollback has queued."""

    async def to(self, ancestor: int, ancestor_hash: str | None, before: Checkpoint) -> Checkpoint:
        """Undo every block above `ancestor`; the new checkpoint.

        Raises:
            CheckpointMovedError: another writer was here; nothing is undone.
        """
        chain, connection = self._writer.chain_id, self._writer.connection
        async with connection.transaction():
            moved = await connection.execute(_RETREAT, chain, ancestor, ancestor_hash, before.block, before.hash)
            if moved != "UPDATE 1":
                raise CheckpointMovedError
            await self._run(_ORPHAN_SIGHTINGS, ancestor)
            await self._run(_FORGET_BLOCKS, ancestor)
            await self._run(self._writer.tables.fill(rollback_sql.HOLD_REFRESHES), ancestor, first_place(ancestor + 1))
            if not self._writer.in_history:
                await self._take_movements(first_place(ancestor + 1))
            await self._run(_RETREAT_IMPORTS, ancestor)
            announced = {row["id"] for row in await connection.fetch(_DELETE_PROCESSED, chain, ancestor)}
            self._fault("rollback deleted")
            undone = await connection.fetch(_DELETE_EVENTS, chain, ancestor)
            await self._run(_DELETE_ROLES, ancestor)
            if self._writer.in_history:
                await connection.execute(
                    self._writer.tables.fill(rollback_sql.DELETE_MOVEMENTS), first_place(ancestor + 1)
                )
            else:
                await self._rebuild()
            await self._run(_DELETE_COLLECTIONS, ancestor)
            await self._refold(undone)
            alive = await self._alive(announced)
            await self._projection.metadata.queue_all(list(alive))
            self.queued = await self._touched() | set(alive.values())
            self._fault("rollback before commit")
        self._fault("rollback committed")
        return Checkpoint(ancestor, ancestor_hash, before.published, None, before.counters)

    async def _take_movements(self, place: int) -> None:
        """Note whom and what the movements from `place` on touched, then delete them."""
        fill, connection = self._writer.tables.fill, self._writer.connection
        for statement in (rollback_sql.TOUCHED_ITEMS, rollback_sql.NAMED_OWNERS):
            await connection.execute(fill(statement), place)
        await connection.execute(fill(rollback_sql.HOLDING_OWNERS))
        await connection.execute(fill(rollback_sql.DELETE_MOVEMENTS), place)

    async def _rebuild(self) -> None:
        """Everything about the tokens that were touched, from the movements that are left."""
        for statement in rollback_sql.REBUILD:
            await self._writer.connection.execute(self._writer.tables.fill(statement))

    async def _touched(self) -> set[str]:
        """Contracts of which tokens were touched."""
        if self._writer.in_history:
            return set()
        rows = await self._writer.connection.fetch("select distinct contract from r_items")
        return {row["contract"] for row in rows}

    async def _refold(self, undone: Sequence[Mapping[str, Any]]) -> None:
        ours = {row["contract"] for row in undone if not row["foreign"]}
        if ours:
            await self._projection.collections.refold(ours)
        await self._projection.foreign.retreat(
            {row["contract"]: row["previous_owner"] for row in undone if row["foreign"]}
        )

    async def _alive(self, collections: set[UUID]) -> dict[UUID, str]:
        """Those that the rollback has left, with their contracts."""
        query = "select id, contract_address from catalog_service.collections where id = any($1::uuid[])"
        rows = await self._writer.connection.fetch(query, list(collections))
        return {row["id"]: row["contract_address"] for row in rows}

    async def _run(self, statement: str, *arguments: Any) -> None:
        await self._writer.connection.execute(statement, self._writer.chain_id, *arguments)
