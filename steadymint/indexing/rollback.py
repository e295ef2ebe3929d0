"""A reorg deeper than N: back to the common ancestor, as if the blocks above it had never been indexed.

One transaction. Rows above the ancestor are deleted; tokens and balances that they touched are built again from the
movements that are left, collections folded again from their events. Sightings are not deleted but marked `orphaned`,
so that their intents are told.
"""

# ruff: noqa: S608 - what is put into these statements are constants of our own

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from steadymint.indexing import sql
from steadymint.indexing.projection import Fault, Projection, no_fault
from steadymint.indexing.writer import Checkpoint, CheckpointMovedError, Writer
from steadymint.metadata.queue import AGAIN

_RETREAT: Final = """
update indexer_service.indexer_checkpoints
set last_block = $2, last_block_hash = $3, published_block = least(published_block, $2), updated_at = now()
where chain_id = $1 and last_block = $4 and last_block_hash is not distinct from $5 and halted_reason is null"""

_ORPHAN_SIGHTINGS: Final = """
update indexer_service.intent_sightings set status = 'orphaned', settled_at = null
where chain_id = $1 and block_number > $2 and status = 'landed'"""

_FORGET_BLOCKS: Final = "delete from indexer_service.recent_blocks where chain_id = $1 and number > $2"

# A batch of a refresh takes this row first, then tokens and entries, then the lock of the collection's traits, which
# deleting a token takes too. Whoever has the row is let through before anything is touched, and whoever comes later
# waits with nothing in hand: else each would hold what the other needs.
_HOLD_REFRESHES: Final = """
select from catalog_service.sync_state s join catalog_service.collections c on c.id = s.collection_id
where s.source = 'metadata' and c.chain_id = $1 and c.contract_address = any (array (
    select contract from catalog_service.ownership_transfers where chain_id = $1 and block_number > $2
    union select split_part(event_id, ':', 4) from catalog_service.processed_events
    where chain_id = $1 and block_number > $2))
order by s.collection_id for no key update of s"""

_TOUCHED_TOKENS: Final = """
create temporary table r_tokens on commit drop as
select distinct contract, token_id from catalog_service.ownership_transfers where chain_id = $1 and block_number > $2"""

_TOUCHED_IDS: Final = """
create temporary table r_ids on commit drop as
select t.id, t.collection_id, t.contract_address as contract, t.token_number, t.token_standard
from r_tokens r
join catalog_service.collections c on c.chain_id = $1 and c.contract_address = r.contract
join catalog_service.tokens t on t.collection_id = c.id and t.token_number = r.token_id"""

_DELETE_TRANSFERS: Final = "delete from catalog_service.ownership_transfers where chain_id = $1 and block_number > $2"
# By way of the tokens: activities have no index by block, and each that a chain made has a transfer of its token.
_DELETE_ACTIVITIES: Final = """
delete from catalog_service.activities where id = any (array (
    select a.id from r_ids r, lateral (
        select a.id from catalog_service.activities a
        where a.token_id = r.id and a.chain_id = $1 and a.block_number > $2
            and a.type in ('mint', 'transfer', 'burn') offset 0) a))"""
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

_DELETE_BALANCES: Final = """
delete from catalog_service.token_balances b using r_tokens r
where b.chain_id = $1 and b.contract = r.contract and b.token_id = r.token_id"""

_DELETE_TOKENS: Final = """
delete from catalog_service.tokens t using r_ids r
where t.id = r.id and not exists (
    select from catalog_service.activities a where a.token_id = r.id and a.type in ('mint', 'transfer', 'burn'))"""

# What is left of each token's story, in order; the last line says who owns it.
_STORY: Final = """
create temporary table r_story on commit drop as
select r.id, r.contract, r.token_number, r.token_standard = 'erc721' as erc721, a.type, a.from_address, a.to_address,
    a.quantity, a.block_number, a.tx_hash, a.timestamp as at,
    row_number() over (partition by r.id order by a.block_number, a.log_index, a.batch_index) as nth,
    row_number() over (partition by r.id order by a.block_number desc, a.log_index desc, a.batch_index desc) as nth_last
from r_ids r join catalog_service.activities a on a.token_id = r.id
where a.type in ('mint', 'transfer', 'burn')"""

_REBUILD_TOKENS: Final = f"""
with mints as (
    select distinct on (id) id, block_number, at, tx_hash from r_story where type = 'mint' order by id, nth
), supplies as (
    select id, sum(case type when 'mint' then quantity when 'burn' then -quantity else 0 end) as supply
    from r_story group by id
)
update catalog_service.tokens t set
    owner_address = case when l.erc721 and l.type <> 'burn' then l.to_address end,
    supply = case when l.erc721 then case when l.type = 'burn' then 0 else 1 end
        else least(greatest(s.supply, 0), {sql.MAX_NUMERIC}) end,
    burned = case when l.erc721 then l.type = 'burn' else s.supply <= 0 end,
    minted_block = m.block_number, minted_at = m.at, minted_tx_hash = m.tx_hash,
    last_transfer_block = l.block_number, updated_at = l.at
from r_story l join supplies s using (id) left join mints m using (id)
where l.nth_last = 1 and t.id = l.id"""

_REBUILD_BALANCES: Final = f"""
insert into catalog_service.token_balances (chain_id, contract, token_id, owner, quantity, updated_at)
select $1, contract, token_number, owner, least(quantity, {sql.MAX_NUMERIC}), at from (
    select contract, token_number, to_address as owner, 1::numeric as quantity, at
    from r_story where erc721 and nth_last = 1 and type <> 'burn'
    union all
    select contract, token_number, owner, sum(delta), max(at) from (
        select contract, token_number, to_address as owner, quantity::numeric as delta, at
        from r_story where not erc721 and type <> 'burn'
        union all
        select contract, token_number, from_address, -quantity::numeric, at
        from r_story where not erc721 and type <> 'mint'
    ) moved group by 1, 2, 3
) held where quantity > 0"""

_REBUILD_TOTALS: Final = f"""
update catalog_service.collections c set
    total_supply = least(coalesce((
        select sum(t.supply) from catalog_service.tokens t where t.collection_id = c.id), 0), {sql.MAX_NUMERIC}),
    total_minted = least(coalesce((
        select sum(a.quantity) from catalog_service.activities a
        where a.collection_id = c.id and a.type = 'mint'), 0), {sql.MAX_NUMERIC})
where c.chain_id = $1 and c.contract_address in (select contract from r_tokens)"""

_REBUILD_STATS: Final = """
update catalog_service.collection_stats s set
    items_count = (
        select count(*) from catalog_service.tokens t where t.collection_id = s.collection_id and t.supply > 0),
    owners_count = (
        select count(*) from catalog_service.collection_owners o where o.collection_id = s.collection_id),
    last_updated_at = coalesce((
        select max(a.timestamp) from catalog_service.activities a
        where a.collection_id = s.collection_id and a.type in ('mint', 'transfer', 'burn')), c.created_at)
from catalog_service.collections c
where c.id = s.collection_id and c.chain_id = $1 and c.contract_address in (select contract from r_tokens)"""


# Whoever held, holds or moved one of the tokens touched, then what they hold in sum. A contract that lies may have
# taken a token from somebody its events never named, hence the balances, before and after.
_OWNERS: Final = """
create temporary table r_owners on commit drop as
select c.id as collection_id, m.contract, m.owner from (
    select contract, from_addr as owner from catalog_service.ownership_transfers
    where chain_id = $1 and block_number > $2
    union select contract, to_addr from catalog_service.ownership_transfers where chain_id = $1 and block_number > $2
) m join catalog_service.collections c on c.chain_id = $1 and c.contract_address = m.contract"""
_BALANCE_OWNERS: Final = """
insert into r_owners select c.id, b.contract, b.owner from r_tokens r
join catalog_service.token_balances b on b.chain_id = $1 and b.contract = r.contract and b.token_id = r.token_id
join catalog_service.collections c on c.chain_id = $1 and c.contract_address = r.contract"""
_DELETE_OWNERS: Final = """
delete from catalog_service.collection_owners o using r_owners r
where o.collection_id = r.collection_id and o.owner = r.owner"""
_REBUILD_OWNERS: Final = """
insert into catalog_service.collection_owners (collection_id, owner, quantity, updated_at)
select r.collection_id, r.owner, held.quantity, coalesce(greatest(
    (select a.timestamp from catalog_service.activities a
     where a.to_address = r.owner and a.collection_id = r.collection_id and a.type in ('mint', 'transfer', 'burn')
     order by a.timestamp desc limit 1),
    (select a.timestamp from catalog_service.activities a
     where a.from_address = r.owner and a.collection_id = r.collection_id and a.type in ('transfer', 'burn')
     order by a.timestamp desc limit 1)), held.at)
from (select distinct collection_id, contract, owner from r_owners) r, lateral (
    select sum(b.quantity) as quantity, max(b.updated_at) as at from catalog_service.token_balances b
    where b.owner = r.owner and b.chain_id = $1 and b.contract = r.contract) held
where held.quantity > 0"""

# Metadata that was read of blocks that are gone: of tokens that are gone it goes too, of others it is read again.
_FORGET_ENTRIES: Final = """
delete from catalog_service.metadata_queue q using r_ids r
where q.subject_id = r.id and not exists (select from catalog_service.tokens t where t.id = r.id)"""
_QUEUE_TOUCHED: Final = f"""
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason)
select r.id, r.collection_id, 'token', 'event' from r_ids r join catalog_service.tokens t using (id)
order by r.id {AGAIN}"""


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
            await self._run(_HOLD_REFRESHES, ancestor)
            await self._run(_TOUCHED_TOKENS, ancestor)
            await connection.execute(_TOUCHED_IDS, chain)
            await self._run(_OWNERS, ancestor)
            await self._run(_BALANCE_OWNERS)
            for statement in (_DELETE_TRANSFERS, _DELETE_ACTIVITIES, _RETREAT_IMPORTS):
                await self._run(statement, ancestor)
            announced = {row["id"] for row in await connection.fetch(_DELETE_PROCESSED, chain, ancestor)}
            self._fault("rollback deleted")
            undone = await connection.fetch(_DELETE_EVENTS, chain, ancestor)
            await self._run(_DELETE_ROLES, ancestor)
            await connection.execute(_DELETE_BALANCES, chain)
            await connection.execute(_DELETE_TOKENS)
            await self._run(_DELETE_COLLECTIONS, ancestor)
            await connection.execute(_STORY)
            await connection.execute(_REBUILD_TOKENS)
            await connection.execute(_REBUILD_BALANCES, chain)
            await self._run(_BALANCE_OWNERS)
            await connection.execute(_DELETE_OWNERS)
            await self._run(_REBUILD_OWNERS)
            await connection.execute(_REBUILD_TOTALS, chain)
            await connection.execute(_REBUILD_STATS, chain)
            await self._refold(undone)
            await connection.execute(_FORGET_ENTRIES)
            await connection.execute(_QUEUE_TOUCHED)
            alive = await self._alive(announced)
            await self._projection.metadata.queue_all(list(alive))
            touched = await connection.fetch("select distinct contract from r_tokens")
            self.queued = {row["contract"] for row in touched} | set(alive.values())
            self._fault("rollback before commit")
        self._fault("rollback committed")
        return Checkpoint(ancestor, ancestor_hash, before.published, None, before.counters)

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
