"""The subject `collections`: their creation by a registered factory, their settings and their owners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import asyncpg

from steadymint.chain.nodes.chain import FACTORY
from steadymint.domain.types import ChainId
from steadymint.events.event import COLLECTIONS, COLLECTIONS_DOMAIN, DomainEvent
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.collections import fold, role_changes, topics
from steadymint.indexing.subjects.collections.imported_rows import ImportedRows
from steadymint.indexing.subjects.collections.rows import CollectionRows
from steadymint.indexing.subjects.folding import Handler, RoleHandler
from steadymint.indexing.subjects.subject import (
    ChainTerms,
    Fault,
    RenderedBatch,
    Subject,
    Told,
    Undoing,
    dashed,
    event_key,
)

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

_EVENTS: Final = """
select e.block_number, e.log_index, e.tx_hash, e.contract, e.name, e.args, e.at
from catalog_service.collection_events e
where e.chain_id = $1 and e.block_number > $2 and e.block_number <= $3 order by e.block_number, e.log_index"""


class Collections(Subject):
    """Writes the rows of collections from the events of their contracts."""

    ours: ClassVar[Mapping[str, Handler]] = {
        **{topic: fold.changed for topic in topics.NAMES if topic != topics.CREATED},
        topics.BASE_URI_SET: fold.base_uri_set,
        topics.METADATA_FROZEN: fold.metadata_frozen,
        topics.CONTRACT_URI_UPDATED: fold.contract_uri_updated,
        topics.WITHDRAWN: fold.noted,
    }
    imported: ClassVar[Mapping[str, Handler]] = {topics.OWNERSHIP_TRANSFERRED: fold.imported_owner}
    roles: ClassVar[Mapping[str, Mapping[str, RoleHandler]]] = {FACTORY: {topics.CREATED: fold.created}}

    def __init__(self, writer: Writer, terms: ChainTerms, fault: Fault) -> None:
        super().__init__(writer, terms, fault)
        self._rows = CollectionRows(writer.connection, writer.chain_id, terms.number, terms.decimals)
        self._imported = ImportedRows(writer.connection, writer.chain_id)
        self._undone: Sequence[Mapping[str, Any]] = ()
        """The collections whose events a rollback deleted: their contract, and the previous owner of imported ones."""

    async def write(self, rendered: RenderedBatch) -> None:
        events, children = rendered.batch.events, rendered.children
        if not events:
            return
        await self._rows.apply(events)
        foreign = {event.contract for event in events if children[event.contract].foreign}
        await self._imported.follow(foreign)
        # Those of a new collection are what its creator has asked for.
        left_out = foreign | rendered.batch.created.keys()
        changes = [event for event in events if event.contract not in left_out]
        await role_changes.note(self._connection, self._chain_id, changes)
        self._fault("collections")

    async def undo(self, undoing: Undoing) -> None:
        self._undone = await self._connection.fetch(_DELETE_EVENTS, self._chain_id, undoing.ancestor)
        for statement in (_DELETE_ROLES, _DELETE_COLLECTIONS):
            await self._connection.execute(statement, self._chain_id, undoing.ancestor)

    async def redo(self, undoing: Undoing) -> None:
        """Fold the collections again from the events that are left."""
        ours = {row["contract"] for row in self._undone if not row["foreign"]}
        if ours:
            await self._rows.refold(ours)
        await self._imported.retreat({row["contract"]: row["previous_owner"] for row in self._undone if row["foreign"]})

    @classmethod
    async def told(cls, pool: asyncpg.Pool, chain_id: ChainId, after: int, upto: int) -> list[Told]:
        rows = await pool.fetch(_EVENTS, chain_id, after, upto)
        return [Told(row["block_number"], row["log_index"], _events(chain_id, row)) for row in rows]


def _events(chain_id: ChainId, row: Mapping[str, Any]) -> list[DomainEvent]:
    """The domain events of a row: `upserted` for every change, and `created` for the creation."""
    place = {"chainId": chain_id, "contract": row["contract"], "txHash": row["tx_hash"]}
    place["blockNumber"] = row["block_number"]
    key, chain = event_key(row["tx_hash"], row["log_index"], row["block_number"]), dashed(chain_id)
    told: list[DomainEvent] = []
    if row["name"] == "CollectionCreated":
        payload = {**place, **row["args"]}
        told.append(DomainEvent(COLLECTIONS, f"created.{chain}", key, row["at"], payload))
    upserted = f"upserted.{chain}.{row['contract']}"
    told.append(DomainEvent(COLLECTIONS_DOMAIN, upserted, key, row["at"], {**place, "change": row["name"]}))
    return told
