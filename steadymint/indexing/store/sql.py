"""The statements of the projection.

A batch comes as arrays. A statement looks up rows of a large table one by one, by key (`lateral ... limit 1`,
`on conflict`). A join would leave the order to the planner, which has no statistics of a database that has just been
filled, and keeps its first plan. `{items}`, `{movements}` and `{holders}` are the tables of one chain
(`chain_tables`).
"""

from __future__ import annotations

from typing import Final

# -- checkpoint --------------------------------------------------------------------------------------------------------

CHECKPOINT: Final = """
select last_block, last_block_hash, published_block, halted_reason, counters, state
from indexer_service.indexer_checkpoints where chain_id = $1"""

IS_LIVE: Final = "select state = 'live' from indexer_service.indexer_checkpoints where chain_id = $1"

START: Final = """
insert into indexer_service.indexer_checkpoints (chain_id, last_block, last_block_hash, published_block, state)
values ($1, $2, $3, $2, $4) on conflict (chain_id) do nothing"""

# One statement, and one wait for its answer. Nothing of it is written if the checkpoint is not where it should be.
ADVANCE: Final = """
with moved as (
    update indexer_service.indexer_checkpoints
    set last_block = $2, last_block_hash = $3, head_block = greatest(head_block, $4), counters = $5, updated_at = now()
    where chain_id = $1 and last_block = $6 and last_block_hash is not distinct from $7 and halted_reason is null
    returning chain_id
), forgotten as (
    delete from indexer_service.recent_blocks b using moved m where b.chain_id = m.chain_id and b.number < $8
), remembered as (
    insert into indexer_service.recent_blocks (chain_id, number, hash, parent_hash, timestamp)
    select m.chain_id, b.* from moved m, unnest($9::bigint[], $10::text[], $11::text[], $12::timestamptz[]) b
    on conflict (chain_id, number) do update
    set hash = excluded.hash, parent_hash = excluded.parent_hash, timestamp = excluded.timestamp
), processed as (
    insert into catalog_service.processed_events (chain_id, event_id, block_number, block_hash)
    select m.chain_id, b.* from moved m, unnest($13::text[], $14::bigint[], $15::text[]) b
)
select count(*) from moved"""

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

# Every block that has changed something is noted for good, with its hash.
NEWEST_KNOWN: Final = """
select number, hash from (
    (select number, hash from indexer_service.recent_blocks
     where chain_id = $1 and number <= $2 order by number desc limit 1)
    union all
    (select block_number, block_hash from catalog_service.processed_events
     where chain_id = $1 and block_number <= $2 order by block_number desc limit 1)
) known order by number desc limit 1"""

# -- tokens and holdings -----------------------------------------------------------------------------------------------

# Each statement takes its rows as arrays, writes the result, and returns the values before.

MERGE_ITEMS: Final = """
with given as materialized (
    select * from unnest($1::integer[], $2::text[], $3::integer[], $4::text[], $5::integer[], $6::bigint[],
        $7::bigint[], $8::integer[]) with ordinality
        as g (collection, number, owner, supply, minted_at, minted_place, last_place, at, nth)
), stood as materialized (
    select g.*, g.number::numeric as token_number, t.last_place is not null as stood, t.owner as was_owner,
        coalesce(t.supply, 0) as was_supply, t.minted_at is not null as was_minted
    from given g left join lateral (
        select t.owner, t.supply, t.last_place, t.minted_at from {items} t
        where t.collection = g.collection and t.token_number = g.number::numeric limit 1) t on true
), written as (
    insert into {items} as t (
        chain, collection, token_number, owner, supply, minted_at, minted_place, last_place, updated_at)
    select {chain}, collection, token_number, owner, supply::numeric + was_supply, minted_at, minted_place, last_place,
        at
    from stood
    on conflict (collection, token_number, chain) do update set
        owner = excluded.owner, supply = excluded.supply, minted_at = coalesce(t.minted_at, excluded.minted_at),
        minted_place = coalesce(t.minted_place, excluded.minted_place), last_place = excluded.last_place,
        updated_at = excluded.updated_at
)
select stood, was_owner, was_supply, was_minted from stood order by nth"""

MERGE_BALANCES: Final = """
with given as materialized (
    select collection, number::numeric as token_number, owner, delta::numeric as delta, at, nth
    from unnest($1::integer[], $2::text[], $3::bytea[], $4::text[], $5::integer[]) with ordinality
        as g (collection, number, owner, delta, at, nth)
), held as materialized (
    select g.*, b.ctid as row, coalesce(b.quantity, 0) as was
    from given g left join lateral (
        select b.ctid, b.quantity from catalog_service.unit_balances b
        where b.collection = g.collection and b.token_number = g.token_number and b.owner = g.owner limit 1) b on true
), emptied as (
    delete from catalog_service.unit_balances
    where ctid = any (array (select row from held where was + delta = 0 and row is not null))
), kept as (
    insert into catalog_service.unit_balances (collection, token_number, owner, quantity, updated_at)
    select collection, token_number, owner, was + delta, at from held where was + delta <> 0
    on conflict (collection, token_number, owner) do update
    set quantity = excluded.quantity, updated_at = excluded.updated_at
)
select was from held order by nth"""

# Movements are given here if they are few, else they are copied. An account that received and sent a token within the
# batch has no row of holders before and after. A null time means that no event named the account, so its row keeps its
# time.
WRITE_MOVEMENTS: Final = """
with moved as (
    insert into {movements} (
        chain, kind, at, place, collection, sender, recipient, batch, operator, tx, token_number, quantity, price)
    select {chain}, kind, at, place, collection, sender, recipient, batch, operator, tx, number::numeric,
        quantity::numeric, price
    from unnest($12::smallint[], $13::integer[], $14::bigint[], $15::integer[], $16::integer[], $17::integer[],
        $18::integer[], $19::integer[], $20::bytea[], $21::text[], $22::text[], $23::numeric[])
        as m (kind, at, place, collection, sender, recipient, batch, operator, tx, number, quantity, price)
), given as materialized (
    select collection, owner, delta::numeric as delta, at
    from unnest($2::integer[], $3::integer[], $4::text[], $5::integer[]) as g (collection, owner, delta, at)
), held as materialized (
    select g.collection, g.owner, o.ctid as row, coalesce(o.quantity, 0) + g.delta as quantity,
        coalesce(g.at, o.updated_at) as at
    from given g left join lateral (
        select o.ctid, o.quantity, o.updated_at from {holders} o
        where o.owner = g.owner and o.chain = {chain} and o.collection = g.collection limit 1) o on true
), emptied as (
    delete from {holders}
    where ctid = any (array (select row from held where quantity <= 0 and row is not null))
), kept as (
    insert into {holders} (chain, collection, owner, quantity, updated_at)
    select {chain}, collection, owner, quantity, at from held where quantity > 0
    on conflict (owner, chain, collection) do update
    set quantity = excluded.quantity, updated_at = excluded.updated_at
), changed as materialized (
    select d.*, coalesce((
        select count(*) filter (where h.quantity > 0) - count(h.row) from held h where h.collection = d.collection
    ), 0) as owners
    from unnest($6::uuid[], $7::integer[], $8::text[], $9::text[], $10::bigint[], $11::timestamptz[])
        as d (collection_id, collection, minted, supply, items, at)
), supplied as (
    update catalog_service.collections c set
        total_supply = greatest(c.total_supply + d.supply::numeric, 0),
        total_minted = c.total_minted + d.minted::numeric
    from changed d where c.id = d.collection_id and c.chain_id = $1
)
update catalog_service.collection_stats s set
    items_count = greatest(s.items_count + d.items, 0),
    owners_count = greatest(s.owners_count + d.owners, 0),
    last_updated_at = d.at
from changed d where s.collection_id = d.collection_id"""

# Who changes floors holds these locks, and then changes `collection_stats`.
LOCK_COLLECTIONS: Final = """
select catalog_service.lock_collections(array(
    select id from catalog_service.collections where chain_id = $1 and contract_address = any($2::text[])))"""

MARK_INCONSISTENT: Final = """
update catalog_service.collections
set inconsistent_reason = coalesce(inconsistent_reason, 'its events contradict each other')
where chain_id = $1 and contract_address = any($2::text[])"""

INSERT_PROCESSED: Final = """
insert into catalog_service.processed_events (event_id, chain_id, block_number, block_hash)
select event_id, $1, number, hash from unnest($2::text[], $3::bigint[], $4::text[]) as done (event_id, number, hash)
on conflict (event_id) do nothing"""
