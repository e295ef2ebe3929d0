"""The statements of a rollback: they remove movements and rebuild what those touched.

`{movements}`, `{items}`, `{holders}` and `{chain}` are those of one chain (`chain_tables`); `$1` is the first place
that is undone.
"""

# ruff: noqa: S608 - only constants of ours are put into these statements

from __future__ import annotations

from typing import Final

from steadymint.metadata.queue import AGAIN

TOUCHED_ITEMS: Final = """
create temporary table r_items on commit drop as
select m.collection, m.token_number, c.standard = 'erc721' as single, c.id as collection_id,
    c.chain_id::text as chain_id, c.contract_address::text as contract,
    catalog_service.token_id(c.chain_id, c.contract_address, m.token_number) as id
from (select distinct collection, token_number from {movements} where place >= $1) m
join catalog_service.collections c on c.no = m.collection"""

# The accounts that held, hold or moved one of the touched tokens, whose sums are rebuilt. The holders before and after
# are included, because a contract that lies may take a token from an account that its events never name.
NAMED_OWNERS: Final = """
create temporary table r_owners on commit drop as
select m.collection, m.owner as no, a.address as owner from (
    select collection, sender as owner from {movements} where place >= $1
    union select collection, recipient from {movements} where place >= $1
) m join catalog_service.accounts a on a.no = m.owner where a.no <> 0"""
HOLDING_OWNERS: Final = """
insert into r_owners
select r.collection, a.no, a.address from r_items r, lateral (
    select t.owner from {items} t
    where t.collection = r.collection and t.token_number = r.token_number and t.owner is not null limit 1) t, lateral (
    select no, address from catalog_service.accounts where no = t.owner limit 1) a
union
select r.collection, a.no, b.owner from r_items r, lateral (
    select owner from catalog_service.unit_balances b
    where b.collection = r.collection and b.token_number = r.token_number offset 0) b, lateral (
    select no from catalog_service.accounts where address = b.owner limit 1) a"""

DELETE_MOVEMENTS: Final = "delete from {movements} where place >= $1"
DELETE_SUSPICIONS: Final = "delete from catalog_service.suspicions where chain = {chain} and place >= $1"

# It is known who sent what up to the last transfer or burn that is left.
_LAST_DEPARTURE: Final = """
        (select at, place, batch from {movements} where collection = c.no and kind = %d and place < $1
         order by at desc, place desc, batch desc limit 1)"""
RETREAT_SENDERS: Final = f"""
update catalog_service.sync_state s set cursor = (
    select concat_ws(':', m.at, m.place, m.batch) from (
        {" union all ".join(_LAST_DEPARTURE % kind for kind in (2, 3))}
    ) m order by m.at desc, m.place desc, m.batch desc limit 1)
from catalog_service.collections c
where s.collection_id = c.id and s.source = 'senders' and c.chain_no = {{chain}}
    and nullif(split_part(s.cursor, ':', 2), '')::bigint >= $1"""

# The movements of each token that are left, in order. The last one names the owner.
_REMAINING: Final = """
create temporary table r_remaining on commit drop as
select r.collection, r.token_number, r.single, m.*,
    row_number() over (partition by r.collection, r.token_number order by m.place, m.batch) as nth,
    row_number() over (partition by r.collection, r.token_number order by m.place desc, m.batch desc) as nth_last
from r_items r, lateral (
    select m.kind, m.sender, m.recipient, coalesce(m.quantity, 1) as quantity, m.place, m.batch, m.at
    from {movements} m
    where m.collection = r.collection and m.token_number = r.token_number and m.kind > 0
    union all
    select m.kind, m.sender, m.recipient, 1, m.place, m.batch, m.at from {items} t, {movements} m
    where t.collection = r.collection and t.token_number = r.token_number and m.collection = r.collection
        and m.at = t.minted_at and m.place = t.minted_place and m.kind = 0 and m.token_number = r.token_number) m"""

# The rows are deleted from the parent table, whose trigger deletes the rows that belong to the token.
_DELETE_ITEMS: Final = """
delete from catalog_service.items t using r_items r
where t.chain = {chain} and t.collection = r.collection and t.token_number = r.token_number and not exists (
    select from r_remaining s where s.collection = r.collection and s.token_number = r.token_number)"""

_REBUILD_ITEMS: Final = """
with mints as (
    select distinct on (collection, token_number) collection, token_number, place, at from r_remaining where kind <= 1
    order by collection, token_number, nth
), supplies as (
    select collection, token_number, sum(case when kind <= 1 then quantity when kind = 3 then -quantity else 0 end)
        as supply
    from r_remaining group by 1, 2
)
update {items} t set
    owner = case when l.single then nullif(l.recipient, 0) end, supply = case when not l.single then s.supply end,
    minted_place = m.place, minted_at = m.at, last_place = l.place, updated_at = l.at
from r_remaining l join supplies s using (collection, token_number) left join mints m using (collection, token_number)
where l.nth_last = 1 and t.collection = l.collection and t.token_number = l.token_number"""

_DELETE_BALANCES: Final = """
delete from catalog_service.unit_balances b using r_items r
where b.collection = r.collection and b.token_number = r.token_number"""
_REBUILD_BALANCES: Final = """
insert into catalog_service.unit_balances (collection, token_number, owner, quantity, updated_at)
select h.collection, h.token_number, a.address, h.quantity, h.at from (
    select collection, token_number, owner, sum(delta) as quantity, max(at) as at from (
        select collection, token_number, recipient as owner, quantity as delta, at
        from r_remaining where not single and recipient <> 0
        union all
        select collection, token_number, sender, -quantity, at from r_remaining where not single and sender <> 0
    ) moved group by 1, 2, 3
) h join catalog_service.accounts a on a.no = h.owner where h.quantity <> 0"""

_DELETE_HOLDERS: Final = """
delete from {holders} h using r_owners r
where h.owner = r.no and h.chain = {chain} and h.collection = r.collection"""
_REBUILD_HOLDERS: Final = """
insert into {holders} (chain, collection, owner, quantity, updated_at)
select {chain}, r.collection, r.no, held.quantity, greatest(
    (select m.at from {movements} m where m.recipient = r.no and m.collection = r.collection
     order by m.at desc limit 1),
    (select m.at from {movements} m where m.sender = r.no and m.sender <> 0 and m.collection = r.collection
     order by m.at desc limit 1))
from (select distinct collection, no, owner from r_owners) r, lateral (
    select (select count(*) from {items} t where t.owner = r.no and t.collection = r.collection)
        + (select coalesce(sum(b.quantity), 0) from catalog_service.unit_balances b
           where b.owner = r.owner and b.collection = r.collection and b.quantity > 0) as quantity) held
where held.quantity > 0"""

_REBUILD_TOTALS: Final = """
update catalog_service.collections c set
    total_supply = coalesce((
        select sum(case when t.supply is null then (t.owner is not null)::integer else greatest(t.supply, 0) end)
        from {items} t where t.collection = c.no), 0),
    total_minted = coalesce((
        select sum(coalesce(m.quantity, 1)) from {movements} m where m.collection = c.no and m.kind <= 1), 0)
where c.no in (select collection from r_items)"""

_LAST: Final = "(select m.at from {movements} m where m.collection = c.no and m.kind %s order by m.at desc limit 1)"
_REBUILD_STATS: Final = f"""
update catalog_service.collection_stats s set
    items_count = (
        select count(*) from {{items}} t
        where t.collection = c.no and case when t.supply is null then t.owner is not null else t.supply > 0 end),
    owners_count = (
        select count(*) from {{holders}} h where h.collection = c.no),
    last_updated_at = coalesce(catalog_service.time_of(greatest(
        {_LAST % "<= 1"}, {_LAST % "= 2"}, {_LAST % "= 3"})), c.created_at)
from catalog_service.collections c
where c.id = s.collection_id and c.no in (select collection from r_items)"""

# Metadata that belongs to removed blocks: entries of removed tokens are deleted, other tokens are read again.
_FORGET_ENTRIES: Final = """
delete from catalog_service.metadata_queue q using r_items r
where q.subject_id = r.id and not exists (
    select from r_remaining s where s.collection = r.collection and s.token_number = r.token_number)"""
_QUEUE_TOUCHED: Final = f"""
insert into catalog_service.metadata_queue as q (subject_id, collection_id, kind, reason, token_number)
select r.id, r.collection_id, 'token', 'event', r.token_number from r_items r
where exists (select from r_remaining s where s.collection = r.collection and s.token_number = r.token_number)
order by r.id {AGAIN}"""

REBUILD: Final = (
    _REMAINING,
    _DELETE_ITEMS,
    _REBUILD_ITEMS,
    _DELETE_BALANCES,
    _REBUILD_BALANCES,
    HOLDING_OWNERS,
    _DELETE_HOLDERS,
    _REBUILD_HOLDERS,
    _REBUILD_TOTALS,
    _REBUILD_STATS,
    _FORGET_ENTRIES,
    _QUEUE_TOUCHED,
)
"""The order of the statements. Each one needs the result of those before it."""
