"""The statements of the projection. `$1` is the chain throughout.

A batch arrives in three temporary tables that live as long as the connection; each statement then moves a whole table.
Where it meets a large table it probes that by its key, row by row (`lateral ... limit 1`, `on conflict`): a join would
leave the order to the planner, who has no statistics of a database that has just been filled, and keeps its first plan.
"""

# ruff: noqa: S608 - what is put into these statements are constants of this module

from __future__ import annotations

from typing import Final

from steadymint.metadata.queue import AGAIN

MAX_NUMERIC: Final = "9" * 78
"""What numeric(78, 0) holds at most. Sums of uint256 may pass it; they stop there and the collection is marked."""

_MAX_UINT256: Final = str(2**256 - 1)

# -- the connection ----------------------------------------------------------------------------------------------------

TEMPORARY: Final = """
create temporary table if not exists s_tokens (
    id uuid, collection_id uuid, contract text collate "C", token_number numeric, erc721 boolean, fresh boolean,
    expected_owner text collate "C", owner text collate "C", supply numeric, minted_block bigint,
    minted_at timestamptz, minted_tx text collate "C", block bigint, at timestamptz
) on commit preserve rows;
create temporary table if not exists s_balances (
    contract text collate "C", token_id numeric, owner text collate "C", delta numeric, at timestamptz
) on commit preserve rows;
create temporary table if not exists s_holders (
    collection_id uuid, owner text collate "C", delta numeric, at timestamptz
) on commit preserve rows;
"""

# Emptied by hand: `on commit delete rows` gives each table a new file at every commit and throws all plans away, which
# costs a block of one mint more than its rows do. Deleted rows are cleared away from time to time.
EMPTY: Final = "delete from s_tokens; delete from s_balances; delete from s_holders"
CLEAR: Final = "truncate s_tokens, s_balances, s_holders"

# -- checkpoint --------------------------------------------------------------------------------------------------------

CHECKPOINT: Final = """
select last_block, last_block_hash, published_block, halted_reason, counters
from indexer_service.indexer_checkpoints where chain_id = $1"""

START: Final = """
insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash, published_block)
values ($1, $2, $3, $2) on conflict (chain_id) do nothing"""

ADVANCE: Final = """
update indexer_service.indexer_checkpoints
set last_block = $2, last_block_hash = $3, head_block = greatest(head_block, $4), counters = $5, updated_at = now()
where chain_id = $1 and last_block = $6 and last_block_hash is not distinct from $7 and halted_reason is null"""

HOLD: Final = """
select from indexer_service.indexer_checkpoints
where chain_id = $1 and last_block = $2 and last_block_hash is not distinct from $3 and halted_reason is null
for update"""

HALT: Final = """
update indexer_service.indexer_checkpoints set halted_reason = $2, updated_at = now() where chain_id = $1"""

REMEMBER_BLOCKS: Final = """
with forgotten as (
    delete from indexer_service.recent_blocks where chain_id = $1 and number < $6
)
insert into indexer_service.recent_blocks (chain_id, number, hash, parent_hash, timestamp)
select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[])
on conflict (chain_id, number) do update
set hash = excluded.hash, parent_hash = excluded.parent_hash, timestamp = excluded.timestamp"""

RECENT_BLOCKS: Final = """
select number, hash from indexer_service.recent_blocks where chain_id = $1 order by number desc"""

# -- tokens ------------------------------------------------------------------------------------------------------------

_FIELDS: Final = """id, collection_id, chain_id, contract_address, token_number, token_standard, supply, burned,
    owner_address, minted_block, minted_at, minted_tx_hash, last_transfer_block, updated_at"""

# Who is minted or burned has metadata to be read, or to be forgotten ($2: unless they are queued later, by an import).
_QUEUE: Final = """
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason)
select id, collection_id, 'token', case when burned then 'burn' else 'mint' end"""

INSERT_FRESH: Final = f"""
with inserted as (
    insert into catalog_service.tokens ({_FIELDS})
    select id, collection_id, $1, contract, token_number, 'erc721', supply, owner is null, owner, minted_block,
        minted_at, minted_tx, block, at
    from s_tokens where fresh
    on conflict (id) do nothing
    returning id, collection_id, burned
), queued as ({_QUEUE} from inserted where $2 order by id {AGAIN})
select from inserted"""

# A token minted in this batch that stands already was burned before, or its contract lies: then no mint is trusted.
DISTRUST: Final = "update s_tokens set fresh = false where fresh"

# Rows of this very transaction are left out: they were inserted by INSERT_FRESH a moment ago.
_STOOD: Final = """
s_tokens s left join lateral (
    select t.id, t.owner_address, t.supply, t.xmin from catalog_service.tokens t where t.id = s.id limit 1) t on true"""
_OURS: Final = "t.xmin is not distinct from pg_current_xact_id()::xid"

CONTRADICTED_TOKENS: Final = f"""
select distinct s.contract from {_STOOD}
where not s.fresh and case when s.erc721
    then not ({_OURS}) and t.owner_address is distinct from
        nullif(s.expected_owner, '0x0000000000000000000000000000000000000000')
    else coalesce(t.supply, 0) + s.supply not between 0 and {MAX_NUMERIC} end"""

# Answers by how much items and supply changed, by contract: from the rows as they were and as they are, so that it
# holds for contracts that lie as well.
MERGE_TOKENS: Final = f"""
with merged as materialized (
    select s.*, coalesce(stood.supply, 0) as before,
        least(greatest(s.supply + case when s.erc721 then 0 else coalesce(stood.supply, 0) end, 0),
            {MAX_NUMERIC}) as after
    from {_STOOD},
    lateral (select case when {_OURS} then null else t.id end as id,
        case when {_OURS} then null else t.supply end as supply) stood
    where not s.fresh
), written as (
    insert into catalog_service.tokens as t ({_FIELDS})
    select id, collection_id, $1, contract, token_number, case when erc721 then 'erc721' else 'erc1155' end,
        after, after = 0, owner, minted_block, minted_at, minted_tx, block, at
    from merged
    on conflict (id) do update set
        supply = excluded.supply, burned = excluded.burned, owner_address = excluded.owner_address,
        minted_block = coalesce(t.minted_block, excluded.minted_block),
        minted_at = coalesce(t.minted_at, excluded.minted_at),
        minted_tx_hash = coalesce(t.minted_tx_hash, excluded.minted_tx_hash),
        last_transfer_block = excluded.last_transfer_block, updated_at = excluded.updated_at
), queued as ({_QUEUE} from (
        select id, collection_id, after = 0 as burned from merged
        where $2 and (before = 0 or after = 0 or erc721 and minted_block is not null)) t order by id {AGAIN})
select contract, count(*) filter (where after > 0) - count(*) filter (where before > 0) as items,
    sum(after - before) as supply
from merged group by 1"""

# -- balances ----------------------------------------------------------------------------------------------------------

TAKE_FROM_OWNERS: Final = """
delete from catalog_service.token_balances where ctid = any (array (
    select b.ctid from s_tokens s, lateral (
        select b.ctid from catalog_service.token_balances b
        where b.chain_id = $1 and b.contract = s.contract and b.token_id = s.token_number offset 0) b
    where s.erc721 and not s.fresh))"""

GIVE_TO_OWNERS: Final = """
insert into catalog_service.token_balances (chain_id, contract, token_id, owner, quantity, updated_at)
select $1, contract, token_number, owner, 1, at from s_tokens where erc721 and owner is not null"""

_HELD: Final = """
s_balances s left join lateral (
    select b.ctid, b.quantity from catalog_service.token_balances b
    where b.chain_id = $1 and b.contract = s.contract and b.token_id = s.token_id and b.owner = s.owner limit 1) b
on true"""

CONTRADICTED_BALANCES: Final = f"""
select distinct s.contract from {_HELD}
where coalesce(b.quantity, 0) + s.delta not between 0 and {_MAX_UINT256}"""

# A holder whose balance did not change in sum was touched all the same: the row's time says when.
MERGE_BALANCES: Final = f"""
with held as materialized (
    select s.contract, s.token_id, s.owner, b.ctid as place, coalesce(b.quantity, 0) + s.delta as quantity, s.at
    from {_HELD}
), emptied as (
    delete from catalog_service.token_balances
    where ctid = any (array (select place from held where quantity <= 0 and place is not null))
)
insert into catalog_service.token_balances (chain_id, contract, token_id, owner, quantity, updated_at)
select $1, contract, token_id, owner, least(quantity, {MAX_NUMERIC}), at from held where quantity > 0
on conflict (chain_id, contract, token_id, owner) do update
set quantity = excluded.quantity, updated_at = excluded.updated_at"""

# -- counts ------------------------------------------------------------------------------------------------------------

# What the staged movements can have changed, as it stands; asked before and after, for contracts that lie.
HELD: Final = """
select contract, owner, sum(quantity) as quantity from (
    select s.contract, b.owner, b.quantity from s_tokens s, lateral (
        select b.owner, b.quantity from catalog_service.token_balances b
        where b.chain_id = $1 and b.contract = s.contract and b.token_id = s.token_number offset 0) b
    where s.erc721 and s.contract = any($2::text[])
    union all
    select s.contract, s.owner, b.quantity from s_balances s, lateral (
        select b.quantity from catalog_service.token_balances b
        where b.chain_id = $1 and b.contract = s.contract and b.token_id = s.token_id and b.owner = s.owner limit 1) b
    where s.contract = any($2::text[])) held
group by 1, 2"""

# Answers by how much the number of owners changed, by collection. Who was only passed through has a row neither before
# nor after.
MERGE_OWNERS: Final = """
with held as materialized (
    select h.collection_id, h.owner, o.ctid as place, coalesce(o.quantity, 0) + h.delta as quantity, h.at
    from s_holders h left join lateral (
        select o.ctid, o.quantity from catalog_service.collection_owners o
        where o.collection_id = h.collection_id and o.owner = h.owner limit 1) o on true
), emptied as (
    delete from catalog_service.collection_owners
    where ctid = any (array (select place from held where quantity <= 0 and place is not null))
), kept as (
    insert into catalog_service.collection_owners (collection_id, owner, quantity, updated_at)
    select collection_id, owner, quantity, at from held where quantity > 0
    on conflict (collection_id, owner) do update set quantity = excluded.quantity, updated_at = excluded.updated_at
)
select collection_id, count(*) filter (where quantity > 0) - count(place) as number from held group by 1"""

ADD_TOTALS: Final = f"""
with changed as (
    select * from unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[], $7::timestamptz[])
        as d (collection_id, minted, supply, items, owners, at)
), supplied as (
    update catalog_service.collections c set
        total_supply = least(greatest(c.total_supply + d.supply, 0), {MAX_NUMERIC}),
        total_minted = least(c.total_minted + d.minted, {MAX_NUMERIC})
    from changed d where c.id = d.collection_id and c.chain_id = $1
)
update catalog_service.collection_stats s set
    items_count = greatest(s.items_count + d.items, 0),
    owners_count = greatest(s.owners_count + d.owners, 0),
    last_updated_at = d.at
from changed d where s.collection_id = d.collection_id"""

MARK_INCONSISTENT: Final = """
update catalog_service.collections
set inconsistent_reason = coalesce(inconsistent_reason, 'its events contradict each other')
where chain_id = $1 and contract_address = any($2::text[])"""

INSERT_PROCESSED: Final = """
insert into catalog_service.processed_events (event_id, chain_id, block_number, block_hash)
select event_id, $1, number, hash from unnest($2::text[], $3::bigint[], $4::text[]) as done (event_id, number, hash)
on conflict (event_id) do nothing"""

# -- what intents wait for ---------------------------------------------------------------------------------------------

INSERT_SIGHTING: Final = """
insert into indexer_service.intent_sightings (
    chain_id, block_number, log_index, block_hash, tx_hash, match_key, kind, facts, effects)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (chain_id, block_hash, log_index) do update set status = 'landed', settled_at = null"""
