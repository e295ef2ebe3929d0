"""The statements of the projection. `$1` is the chain throughout.

A batch arrives in three temporary tables that live as long as the connection; each statement then moves a whole table.
Where it meets a large table it probes that by its key, row by row (`lateral ... limit 1`, `on conflict`): a join would
leave the order to the planner, who has no statistics of a database that has just been filled, and keeps its first plan.
"""

# ruff: noqa: S608 - what is put into these statements are constants of this module

from __future__ import annotations

from typing import Final

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
    collection_id uuid, contract text collate "C", owner text collate "C"
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

INSERT_FRESH: Final = f"""
insert into catalog_service.tokens ({_FIELDS})
select id, collection_id, $1, contract, token_number, 'erc721', supply, owner is null, owner, minted_block, minted_at,
    minted_tx, block, at
from s_tokens where fresh
on conflict (id) do nothing"""

# A token minted in this batch that stands already was burned before, or its contract lies: then no mint is trusted.
DISTRUST: Final = "update s_tokens set fresh = false where fresh"

# Rows of this very transaction are left out: they were inserted by INSERT_FRESH a moment ago.
CONTRADICTED_TOKENS: Final = """
select distinct s.contract from s_tokens s left join lateral (
    select t.owner_address, t.xmin from catalog_service.tokens t where t.id = s.id limit 1) t on true
where s.erc721 and not s.fresh and t.xmin is distinct from pg_current_xact_id()::xid
  and t.owner_address is distinct from nullif(s.expected_owner, '0x0000000000000000000000000000000000000000')"""

MERGE_TOKENS: Final = f"""
insert into catalog_service.tokens as t ({_FIELDS})
select s.id, s.collection_id, $1, s.contract, s.token_number, case when s.erc721 then 'erc721' else 'erc1155' end,
    least(greatest(held.supply, 0), {MAX_NUMERIC}), held.supply <= 0, s.owner, s.minted_block, s.minted_at, s.minted_tx,
    s.block, s.at
from s_tokens s left join lateral (
    select t.supply from catalog_service.tokens t where t.id = s.id limit 1) t on true,
lateral (select case when s.erc721 then s.supply else coalesce(t.supply, 0) + s.supply end as supply) held
where not s.fresh
on conflict (id) do update set
    supply = excluded.supply, burned = excluded.burned, owner_address = excluded.owner_address,
    minted_block = coalesce(t.minted_block, excluded.minted_block),
    minted_at = coalesce(t.minted_at, excluded.minted_at),
    minted_tx_hash = coalesce(t.minted_tx_hash, excluded.minted_tx_hash),
    last_transfer_block = excluded.last_transfer_block, updated_at = excluded.updated_at"""

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

# One probe of the owner's index for each holder; the limit keeps it one, however much the holder has.
COUNT_OWNERS: Final = """
select h.collection_id, count(*) as number from s_holders h, lateral (
    select from catalog_service.token_balances b
    where b.owner = h.owner and b.chain_id = $1 and b.contract = h.contract limit 1) held
group by 1"""

COUNT_ITEMS: Final = """
select s.collection_id, count(*) as number from s_tokens s, lateral (
    select from catalog_service.tokens t where t.id = s.id and t.supply > 0 limit 1) t
where not s.erc721 group by 1"""

ADD_TOTALS: Final = f"""
with changed as (
    select * from unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::bigint[], $6::bigint[], $7::timestamptz[])
        as d (collection_id, minted, burned, items, owners, at)
), supplied as (
    update catalog_service.collections c set
        total_supply = least(greatest(c.total_supply + d.minted - d.burned, 0), {MAX_NUMERIC}),
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

# -- what intents wait for ---------------------------------------------------------------------------------------------

INSERT_SIGHTING: Final = """
insert into indexer_service.intent_sightings (
    chain_id, block_number, log_index, block_hash, tx_hash, reference, kind, contract, minter, recipient, token_ids,
    quantities)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (chain_id, block_hash, log_index) do update set status = 'landed', settled_at = null"""
