"""Catalog service, views over the hot tables: tokens, balances, owners and transfers, named by the specification."""

from __future__ import annotations

from migrations.script import run_script

revision = "0010"
down_revision = "0009"

SQL = """
create or replace function catalog_service.time_of(seconds integer) returns timestamptz
    language sql immutable strict parallel safe as $$
    select to_timestamp(seconds::float8 + 946684800)
$$;

-- The ids that any catalog of this chain gives to a token and to a movement.
create or replace function catalog_service.token_id(chain_id text, contract text, token_number numeric) returns uuid
    language sql immutable strict parallel safe as $$
    select md5(chain_id || ':' || contract || ':' || token_number::text)::uuid
$$;
create or replace function catalog_service.movement_id(chain_id text, place bigint, batch integer, tx bytea)
    returns uuid language sql immutable strict parallel safe as $$
    select (lpad(to_hex(place >> 24), 10, '0') || lpad(to_hex(place & 16777215), 6, '0')
        || lpad(to_hex(batch), 6, '0') || left(md5(chain_id || encode(tx, 'hex')), 10))::uuid
$$;

create or replace function catalog_service.hex(address bytea) returns text
    language sql immutable strict parallel safe as $$
    select '0x' || encode(address, 'hex')
$$;

-- Of a text that is no address: null.
create or replace function catalog_service.raw_address(text) returns bytea
    language sql immutable strict parallel safe as $$
    select case when $1 ~ '^0x[0-9a-f]{40}$' then decode(substr($1, 3), 'hex') end
$$;

create or replace function catalog_service.suspicion(reason smallint) returns text
    language sql immutable strict parallel safe as $$
    select (array['never_minted', 'not_the_owner', 'contradiction', 'not_approved'])[reason]
$$;

create or replace view catalog_service.tokens as
select
    catalog_service.token_id(c.chain_id, c.contract_address, t.token_number) as id,
    c.id as collection_id,
    c.chain_id::text collate "C" as chain_id,
    'evm'::text as family,
    c.contract_address::text collate "C" as contract_address,
    null::text as mint_address,
    null::text as inscription_id,
    t.token_number,
    case when t.supply is null then 'erc721' else 'erc1155' end as token_standard,
    case when t.supply is null then (t.owner is not null)::integer::numeric
        else greatest(t.supply, 0) end as supply,
    case when t.supply is null then t.owner is null else t.supply <= 0 end as burned,
    t.name,
    t.image_url,
    t.metadata_url,
    t.metadata_doc,
    case when t.owner is not null then (
        select catalog_service.hex(a.address) from catalog_service.accounts a where a.no = t.owner
    ) end collate "C" as owner_address,
    t.minted_place >> 24 as minted_block,
    catalog_service.time_of(t.minted_at) as minted_at,
    (select catalog_service.hex(m.tx) from catalog_service.movements m
     where m.chain = t.chain and m.collection = t.collection and m.at = t.minted_at and m.place = t.minted_place
         and m.kind <= 1 limit 1) collate "C" as minted_tx_hash,
    t.last_place >> 24 as last_transfer_block,
    t.last_refresh_at,
    catalog_service.time_of(t.updated_at) as updated_at,
    t.metadata_status,
    t.metadata_error,
    t.animation_url
from catalog_service.items t
join catalog_service.collections c on c.no = t.collection and c.chain_no = t.chain;

create or replace view catalog_service.token_balances as
select c.chain_id::text collate "C" as chain_id, c.contract_address::text collate "C" as contract,
    t.token_number as token_id, catalog_service.hex(a.address) collate "C" as owner, 1::numeric as quantity,
    catalog_service.time_of(t.updated_at) as updated_at
from catalog_service.items t
join catalog_service.collections c on c.no = t.collection and c.chain_no = t.chain
join catalog_service.accounts a on a.no = t.owner
union all
select c.chain_id, c.contract_address, b.token_number, catalog_service.hex(b.owner),
    b.quantity, catalog_service.time_of(b.updated_at)
from catalog_service.unit_balances b
join catalog_service.collections c on c.no = b.collection
where b.quantity > 0;

create or replace view catalog_service.collection_owners as
select c.id as collection_id, catalog_service.hex(a.address) collate "C" as owner, h.quantity,
    catalog_service.time_of(h.updated_at) as updated_at
from catalog_service.holders h
join catalog_service.collections c on c.no = h.collection and c.chain_no = h.chain
join catalog_service.accounts a on a.no = h.owner;

create or replace view catalog_service.ownership_transfers as
select c.chain_id::text collate "C" as chain_id, m.place >> 24 as block_number,
    (m.place & 16777215)::integer as log_index, m.batch as batch_index,
    c.contract_address::text collate "C" as contract, m.token_number as token_id,
    catalog_service.hex(s.address) collate "C" as from_addr, catalog_service.hex(r.address) collate "C" as to_addr,
    case c.standard when 'erc1155' then catalog_service.hex(o.address) end collate "C" as operator,
    coalesce(m.quantity, 1) as quantity, c.standard, catalog_service.hex(m.tx) collate "C" as tx_hash,
    catalog_service.time_of(m.at) as at
from catalog_service.movements m
join catalog_service.collections c on c.no = m.collection
join catalog_service.accounts s on s.no = m.sender
join catalog_service.accounts r on r.no = m.recipient
join catalog_service.accounts o on o.no = m.operator;
"""


def upgrade() -> None:
    """Create the views, and the functions that turn stored values into shown ones."""
    run_script(SQL)
