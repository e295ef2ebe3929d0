"""The statements that end a chain's first reading.

`{movements}`, `{items}`, `{holders}` and `{chain}` are those of one chain (`chain_tables`); none of the tables is
attached yet, and they have no index at first. Tokens, balances and holders of the collections that are not folded
outside of the database (`h_left`) are made from the movements; they are what the projection would have written batch by
batch.
"""

# ruff: noqa: S608 - what is put into these statements are constants of our own

from __future__ import annotations

from typing import Final

from steadymint.domain.types import UINT256_MAX
from steadymint.indexing.subjects.movements.suspicion import CONTRADICTION, NEVER_MINTED, NOT_THE_OWNER

# How the parents' indexes are defined: one that is defined alike is taken over when the table is attached.
MOVEMENT_INDEXES: Final = (
    "create index movements_{chain}_recipient_idx on {movements} (recipient, at, place)",
    "create index movements_{chain}_sender_idx on {movements} (sender, at, place) where sender <> 0",
    "create index movements_{chain}_place_idx on {movements} using brin (place)"
    " with (pages_per_range = 16, autosummarize = on)",
)
KIND_INDEXES: Final = (
    "create index movements_{chain}_mints_idx on {movements} (collection, at, place) where kind <= 1",
    "create index movements_{chain}_token_idx on {movements} (collection, token_number, at, place) where kind > 0",
    "create index movements_{chain}_transfers_idx on {movements} (collection, at, place) where kind = 2",
    "create index movements_{chain}_burns_idx on {movements} (collection, at, place) where kind = 3",
)
"""Those that need the kinds to be right."""
ITEM_KEY: Final = "create unique index items_{chain}_number_key on {items} (collection, token_number, chain)"
ITEM_INDEXES: Final = (
    "create index items_{chain}_owner_idx on {items} (owner, collection, token_number, chain) where owner is not null",
    "create index items_{chain}_minted_idx on {items}"
    " (collection, coalesce(minted_at, '-2147483648'::integer), token_number)",
)

HOLDER_INDEXES: Final = (
    "create unique index holders_{chain}_owner_key on {holders} (owner, chain, collection)",
    "create index holders_{chain}_quantity_idx on {holders} (collection, quantity desc, owner)",
    "create index holders_{chain}_portfolio_idx on {holders} (owner, quantity desc, collection)",
)

INDEXES: Final = """
select i.indexrelid::regclass::text as name from pg_index i
where i.indrelid in ('{movements}'::regclass, '{items}'::regclass, '{holders}'::regclass)"""

TEMPORARY: Final = "drop table if exists h_left, h_moved, h_units"

# The collections that are left to these statements.
LEFT: Final = "create temporary table h_left (no integer primary key, single boolean not null)"
FILL_LEFT: Final = """
insert into h_left
select no, true from unnest($1::integer[]) no union all select no, false from unnest($2::integer[]) no"""

_SINGLE: Final = "collection in (select no from h_left where single)"
_UNITS: Final = "collection in (select no from h_left where not single)"
_LEFT: Final = "collection in (select no from h_left)"

# What followed the first mint of each ERC-721 token.
MOVED: Final = f"""
create temporary table h_moved as
select collection, token_number, place, at, sender, recipient, lag(recipient) over w as was,
    lag(place) over w is null as first, lead(place) over w is null as last
from {{movements}} where kind > 0 and {_SINGLE}
window w as (partition by collection, token_number order by place)"""

SINGLE_ITEMS: Final = f"""
insert into {{items}}
    (chain, collection, owner, minted_at, updated_at, minted_place, last_place, token_number)
select {{chain}}, m.collection, nullif(coalesce(l.recipient, m.recipient), 0), m.at, coalesce(l.at, m.at), m.place,
    coalesce(l.place, m.place), m.token_number
from {{movements}} m left join (select * from h_moved where last) l using (collection, token_number)
where m.kind = 0 and m.{_SINGLE}"""

FORGET_SINGLES: Final = f"delete from {{items}} where {_SINGLE}"

# A token that moved before it was minted, or never was: what was taken for first movements has to be looked at anew.
IS_ODD: Final = """
select exists (
    select from (select * from h_moved where first) f
    left join (select collection, token_number, place from {movements} where kind = 0) m
        using (collection, token_number)
    where m.place is null or m.place > f.place)"""

CONTRADICTED_SINGLES: Final = """
select distinct collection from h_moved where was <> sender
union
select f.collection from (select * from h_moved where first) f
left join (select collection, token_number, recipient from {movements} where kind = 0) m
    using (collection, token_number)
where coalesce(m.recipient, 0) <> f.sender"""

# The slow way, for contracts that mint what stands already or move what was never minted.
SETTLE_KINDS: Final = f"""
update {{movements}} m set kind = 1 from (
    select collection, place, kind, row_number() over (partition by collection, token_number order by place) as nth
    from {{movements}} where {_SINGLE}
) again
where again.kind = 0 and again.nth > 1 and m.collection = again.collection and m.place = again.place and m.kind = 0"""

ITEMS_WITHOUT_FIRST_MINT: Final = f"""
insert into {{items}}
    (chain, collection, owner, minted_at, updated_at, minted_place, last_place, token_number)
select {{chain}}, l.collection, nullif(l.recipient, 0), m.at, l.at, m.place, l.place, l.token_number
from (select * from h_moved where last) l
left join (
    select distinct on (collection, token_number) collection, token_number, at, place from {{movements}}
    where kind = 1 and {_SINGLE} order by collection, token_number, place
) m using (collection, token_number)
where not exists (
    select from {{movements}} z where z.kind = 0 and z.collection = l.collection and z.token_number = l.token_number)"""

DIVISIBLE: Final = f"""
create temporary table h_units as
select collection, token_number, kind, sender, recipient, coalesce(quantity, 1) as quantity, place, batch, at
from {{movements}} where {_UNITS}"""

DIVISIBLE_ITEMS: Final = """
insert into {items} (chain, collection, minted_at, updated_at, minted_place, last_place, token_number, supply)
select {chain}, collection, min(at) filter (where kind <= 1), max(at), min(place) filter (where kind <= 1), max(place),
    token_number, sum(case when kind <= 1 then quantity when kind = 3 then -quantity else 0 end)
from h_units group by collection, token_number"""

_DELTAS: Final = """
    select collection, token_number, sender as account, -quantity as delta, place, batch, 0 as side, at
    from h_units where sender <> 0
    union all
    select collection, token_number, recipient, quantity, place, batch, 1, at from h_units where recipient <> 0"""

BALANCES: Final = f"""
insert into catalog_service.unit_balances (collection, token_number, owner, quantity, updated_at)
select h.collection, h.token_number, a.address, h.quantity, h.at from (
    select collection, token_number, account, sum(delta) as quantity, max(at) as at from ({_DELTAS}) d group by 1, 2, 3
) h join catalog_service.accounts a on a.no = h.account where h.quantity <> 0"""

CONTRADICTED_UNITS: Final = f"""
select distinct collection from (
    select collection, sum(delta) over (partition by collection, token_number, account order by place, batch, side)
        as held
    from ({_DELTAS}) d
) running where held not between 0 and {UINT256_MAX}
union
select collection from (
    select collection, sum(case when kind <= 1 then quantity when kind = 3 then -quantity else 0 end)
        over (partition by collection, token_number order by place, batch) as supply
    from h_units
) running where supply < 0"""

_IS_SINGLE: Final = "collection in (select no from catalog_service.collections where standard = 'erc721')"

# What `suspicion.suspicions` says of the same movements, of the collections $1.
SUSPICIOUS_SINGLES: Final = f"""
insert into catalog_service.suspicions (chain, collection, place, batch, reason, tx)
select {{chain}}, collection, place, batch, reason, tx from (
    select *, case when sender = 0 then case when was <> 0 then {CONTRADICTION} end
        when was is null then {NEVER_MINTED} when was <> sender then {NOT_THE_OWNER} end as reason
    from (
        select collection, place, batch, tx, sender,
            lag(recipient) over (partition by collection, token_number order by place, batch) as was
        from {{movements}} where collection = any($1::integer[]) and {_IS_SINGLE}
    ) told
) judged where reason is not null"""

SUSPICIOUS_UNITS: Final = f"""
insert into catalog_service.suspicions (chain, collection, place, batch, reason, tx)
select {{chain}}, collection, place, batch, case when bool_or(side = 0 and held < 0)
        then case when bool_or(minted) then {NOT_THE_OWNER} else {NEVER_MINTED} end else {CONTRADICTION} end, tx
from (
    select d.collection, d.place, d.batch, d.side, m.minted, m.tx, sum(d.delta) over (
        partition by d.collection, d.token_number, d.account order by d.place, d.batch, d.side) as held
    from ({_DELTAS}) d
    join (
        select collection, token_number, place, batch, tx, coalesce(bool_or(kind <= 1) over (
            partition by collection, token_number order by place, batch
            rows between unbounded preceding and 1 preceding), false) as minted
        from {{movements}} where collection = any($1::integer[]) and not ({_IS_SINGLE})
    ) m using (collection, token_number, place, batch)
) running
where held < 0 and side = 0 or held > {UINT256_MAX} and side = 1
group by collection, place, batch, tx"""

HOLDERS: Final = f"""
insert into {{holders}} (chain, collection, owner, quantity, updated_at)
select {{chain}}, collection, account, h.quantity, n.at
from (
    select collection, account, sum(quantity) as quantity from (
        select collection, owner as account, count(*)::numeric as quantity from {{items}}
        where owner is not null and {_LEFT} group by 1, 2
        union all
        select collection, account, sum(delta) from ({_DELTAS}) d
        group by collection, token_number, account having sum(delta) > 0
    ) held group by 1, 2
) h
join (
    select collection, account, max(at) as at from (
        select collection, sender as account, max(at) as at from {{movements}} where {_LEFT} group by 1, 2
        union all
        select collection, recipient, max(at) from {{movements}} where {_LEFT} group by 1, 2
    ) named group by 1, 2
) n using (collection, account)"""

TOTALS: Final = f"""
with minted as (
    select collection, sum(coalesce(quantity, 1)) filter (where kind <= 1) as number, max(at) as at from {{movements}}
    where {_LEFT} group by 1
), standing as (
    select collection, sum(case when supply is null then (owner is not null)::integer
        else greatest(supply, 0) end) as supply,
        count(*) filter (where case when supply is null then owner is not null else supply > 0 end) as items
    from {{items}} where {_LEFT} group by 1
), supplied as (
    update catalog_service.collections c set
        total_supply = s.supply, total_minted = coalesce(m.number, 0)
    from standing s join minted m using (collection) where c.no = s.collection
)
update catalog_service.collection_stats t set
    items_count = s.items, last_updated_at = catalog_service.time_of(m.at),
    owners_count = (select count(*) from {{holders}} h where h.collection = s.collection)
from standing s join minted m using (collection) join catalog_service.collections c on c.no = s.collection
where t.collection_id = c.id"""

# Those of the collections that are folded outside.
GIVEN_TOTALS: Final = """
with given as (
    select * from unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[])
        as g (collection, minted, standing, owners, at)
), supplied as (
    update catalog_service.collections c set total_supply = g.standing, total_minted = g.minted
    from given g where c.no = g.collection
)
update catalog_service.collection_stats t set
    items_count = g.standing, last_updated_at = catalog_service.time_of(g.at), owners_count = g.owners
from given g join catalog_service.collections c on c.no = g.collection
where t.collection_id = c.id"""
LATER_MINTS: Final = """
update {movements} m set kind = 1 from unnest($1::integer[], $2::bigint[], $3::bigint[]) as g (collection, place, token)
where m.collection = g.collection and m.place = g.place and m.token_number = g.token and m.kind = 0"""

MARK: Final = """
update catalog_service.collections
set inconsistent_reason = coalesce(inconsistent_reason, 'its events contradict each other')
where no = any($1::integer[])"""

MOVED_COLLECTIONS: Final = """
select c.id, c.contract_address from catalog_service.collections c
where c.no = any($1::integer[]) and exists (
    select from catalog_service.collection_stats s where s.collection_id = c.id)"""

LIVE: Final = """
update indexer_service.indexer_checkpoints set state = 'live', updated_at = now()
where chain_id = $1 and state = 'history' and last_block = $2 and last_block_hash is not distinct from $3"""
