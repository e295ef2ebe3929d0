"""The subject `metadata`: announcements of changed metadata, and the queue of documents to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final
from uuid import UUID

from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.collections.topics import CONTRACT_URI_UPDATED
from steadymint.indexing.subjects.folding import Handler
from steadymint.indexing.subjects.metadata import topics
from steadymint.indexing.subjects.metadata.decode import announced
from steadymint.indexing.subjects.metadata.rows import MetadataRows
from steadymint.indexing.subjects.subject import ChainTerms, Fault, RenderedBatch, Subject, Undoing

# $1 chain, $2 ancestor, $3 first place. A batch of a refresh locks this row first, then tokens and entries, then the
# traits of the collection, which deleting a token locks, too. Taking this row first makes the two wait for each other
# in one order; otherwise each could hold a lock that the other needs.
_HOLD_REFRESHES: Final = """
select from catalog_service.sync_state s join catalog_service.collections c on c.id = s.collection_id
where s.source = 'metadata' and c.chain_id = $1 and (
    c.no = any (array (select distinct collection from {movements} where place >= $3))
    or c.contract_address = any (array (
        select split_part(event_id, ':', 4) from catalog_service.processed_events
        where chain_id = $1 and block_number > $2)))
order by s.collection_id for no key update of s"""

# An id that ends with a contract means that the contract announced metadata in the block.
_DELETE_PROCESSED: Final = """
with gone as (
    delete from catalog_service.processed_events where chain_id = $1 and block_number > $2 returning event_id
)
select distinct c.id from gone
join catalog_service.collections c on c.chain_id = $1 and c.contract_address = split_part(gone.event_id, ':', 4)
where split_part(gone.event_id, ':', 4) like '0x%'"""

_LEFT: Final = "select id, contract_address from catalog_service.collections where id = any($1::uuid[])"


class Metadata(Subject):
    """Queues documents to read, in the transaction of the events that announce them."""

    ours: ClassVar[Mapping[str, Handler]] = dict.fromkeys(topics.ANNOUNCED, announced)
    imported: ClassVar[Mapping[str, Handler]] = dict.fromkeys((*topics.ANNOUNCED, CONTRACT_URI_UPDATED), announced)

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        super().__init__(writer, terms, fault)
        self._rows = MetadataRows(writer.connection, writer.chain_id)
        self._announced: set[UUID] = set()
        """The collections of which a rollback has removed an announcement."""

    async def write(self, rendered: RenderedBatch) -> None:
        batch, minted = rendered.batch, rendered.minted
        if minted or batch.created or batch.announcements:
            await self._rows.queue(batch, rendered.children, minted)
            self._fault("queued")

    async def undo(self, undoing: Undoing) -> None:
        """Lock out refreshes first, while the movements to undo still name the collections."""
        hold = self._writer.tables.fill(_HOLD_REFRESHES)
        await self._connection.execute(hold, self._chain_id, undoing.ancestor, undoing.place)
        rows = await self._connection.fetch(_DELETE_PROCESSED, self._chain_id, undoing.ancestor)
        self._announced = {row["id"] for row in rows}

    async def redo(self, undoing: Undoing) -> None:
        """Queue every token of the collections that are left and had announced something."""
        rows = await self._connection.fetch(_LEFT, list(self._announced))
        await self._rows.queue_all([row["id"] for row in rows])
        undoing.queued.update(row["contract_address"] for row in rows)
