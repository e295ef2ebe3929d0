"""Undoes a reorg deeper than N: back to the common ancestor, as if the blocks above it had never been indexed.

It is one transaction. Each subject removes what the blocks above the ancestor wrote. Then each rebuilds what depends on
the rows that are left.
"""

from __future__ import annotations

from typing import Any, Final

from steadymint.indexing.projection import Projection
from steadymint.indexing.store.writer import Checkpoint, CheckpointMovedError, Writer
from steadymint.indexing.subjects.subject import Fault, Undoing, no_fault

_RETREAT: Final = """
update indexer_service.indexer_checkpoints
set last_block = $2, last_block_hash = $3, published_block = least(published_block, $2), updated_at = now()
where chain_id = $1 and last_block = $4 and last_block_hash is not distinct from $5 and halted_reason is null"""

_FORGET_BLOCKS: Final = "delete from indexer_service.recent_blocks where chain_id = $1 and number > $2"

# The cursor of a running import moves back to the ancestor. A finished import follows the chain's checkpoint.
_RETREAT_IMPORTS: Final = """
update catalog_service.sync_state s set cursor = $2::bigint::text, done = 0
from catalog_service.collections c
where c.id = s.collection_id and c.chain_id = $1 and c.index_status = 'syncing'
  and s.source = 'import' and s.cursor::bigint > $2::bigint"""


class Rollback:
    """Undoes blocks on the writer's connection."""

    def __init__(self, writer: Writer, projection: Projection, fault: Fault = no_fault) -> None:
        self._writer = writer
        self._projection = projection
        self._fault = fault
        self.queued: set[str] = set()
        """Contracts whose metadata the last rollback queued."""

    async def to(self, ancestor: int, ancestor_hash: str | None, before: Checkpoint) -> Checkpoint:
        """Undo every block above `ancestor`. Returns the new checkpoint.

        Raises:
            CheckpointMovedError: another writer was here; nothing is undone.
        """
        chain, connection = self._writer.chain_id, self._writer.connection
        async with connection.transaction():
            moved = await connection.execute(_RETREAT, chain, ancestor, ancestor_hash, before.block, before.hash)
            if moved != "UPDATE 1":
                raise CheckpointMovedError
            await self._run(_FORGET_BLOCKS, ancestor)
            undoing, subjects = Undoing(ancestor), self._projection.subjects
            for subject in reversed(subjects):
                await subject.undo(undoing)
            await self._run(_RETREAT_IMPORTS, ancestor)
            self._fault("rollback deleted")
            for subject in subjects:
                await subject.redo(undoing)
            self.queued = undoing.queued
            self._fault("rollback before commit")
        self._fault("rollback committed")
        return Checkpoint(ancestor, ancestor_hash, before.published, None, before.counters)

    async def _run(self, statement: str, *arguments: Any) -> None:
        await self._writer.connection.execute(statement, self._writer.chain_id, *arguments)
