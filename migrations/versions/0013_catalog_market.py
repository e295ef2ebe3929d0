"""Catalog service, market: marketplaces, orders and their fills, listings, offers, sales."""

from __future__ import annotations

from migrations.script import run_script

revision = "0013"
down_revision = "0012"

# A price is kept three times: `price_amount` in the currency's smallest unit, which rules decide by; `price_native`
# in whole units for sorting and showing; `price_native_text`, the same as it is written. None has a bound but that of a
# uint256: a currency may have any number of decimals, and a sum of prices passes every bound of one.
# An order outlives the token row it is about: a reorg may take a mint back and bring it again. So the link is set to
# null with the token, while chain, contract and number stay.
SQL = """
-- Where something is for sale.
create table if not exists catalog_service.marketplaces (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    url text,
    created_at timestamptz not null default now()
);

-- A signed order. `ask` sells, `bid` buys; without a token number it is about any token of the contract.
create table if not exists catalog_service.orders (
    id uuid primary key default gen_random_uuid(),
    order_hash evm_bytes32,
    token_id uuid,
    collection_id uuid references catalog_service.collections on delete set null,
    chain_id caip2_chain not null,
    contract evm_address not null,
    token_number uint256,
    side text not null,
    maker evm_address not null,
    taker evm_address,
    quantity uint256 not null default 1,
    quantity_filled uint256 not null default 0,
    price_amount uint256,
    price_native numeric not null,
    price_native_text text,
    currency_symbol text not null,
    currency_address evm_address, -- null for the native currency
    protocol text,
    protocol_data jsonb not null default '{}',
    start_at timestamptz not null,
    end_at timestamptz,
    signature text,
    salt uint256,
    counter uint256,
    source_marketplace text,
    status text not null default 'open',
    status_reason text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (chain_id, order_hash),
    constraint orders_side_check check (side in ('ask', 'bid')),
    constraint orders_quantity_check check (quantity > 0 and quantity_filled <= quantity),
    constraint orders_price_native_check check (price_native >= 0),
    constraint orders_end_at_check check (end_at > start_at),
    constraint orders_status_check check (status in ('open', 'filled', 'cancelled', 'expired', 'invalid'))
);
create index if not exists orders_token_id_idx on catalog_service.orders (token_id, status);
create index if not exists orders_collection_id_idx on catalog_service.orders (collection_id);
create index if not exists orders_item_idx on catalog_service.orders (chain_id, contract, token_number);
create index if not exists orders_maker_idx on catalog_service.orders (maker, created_at desc, id);
create index if not exists orders_open_end_at_idx on catalog_service.orders (end_at) where status = 'open';

-- A part of an order that was carried out on chain.
create table if not exists catalog_service.order_fills (
    id uuid primary key default gen_random_uuid(),
    order_id uuid not null references catalog_service.orders on delete cascade,
    chain_id caip2_chain not null,
    tx_hash evm_tx_hash not null,
    block_number bigint,
    log_index integer,
    taker evm_address,
    quantity uint256 not null default 1,
    price_amount uint256,
    price_native numeric not null,
    filled_at timestamptz not null,
    unique (chain_id, tx_hash, log_index, order_id),
    constraint order_fills_price_native_check check (price_native >= 0)
);
create index if not exists order_fills_order_id_idx on catalog_service.order_fills (order_id, filled_at);
create index if not exists order_fills_block_number_idx on catalog_service.order_fills (chain_id, block_number);

-- A token that is for sale at a price.
create table if not exists catalog_service.listings (
    id uuid primary key default gen_random_uuid(),
    token_id uuid,
    collection_id uuid references catalog_service.collections on delete set null,
    order_id uuid references catalog_service.orders on delete set null,
    marketplace_id uuid not null references catalog_service.marketplaces,
    chain_id caip2_chain not null,
    contract evm_address not null,
    token_number uint256 not null,
    quantity uint256 not null default 1,
    price_amount uint256,
    price_native numeric not null,
    price_native_text text not null,
    currency_symbol text not null,
    currency_address evm_address,
    is_active boolean not null default true,
    seller_address evm_address not null,
    url text,
    tx_hash evm_tx_hash,
    listed_at timestamptz not null,
    expires_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint listings_quantity_check check (quantity > 0),
    constraint listings_price_native_check check (price_native >= 0),
    constraint listings_expires_at_check check (expires_at > listed_at)
);
create index if not exists listings_token_id_idx on catalog_service.listings (token_id);
create index if not exists listings_active_token_idx on catalog_service.listings (token_id, price_native)
    where is_active;
create index if not exists listings_collection_id_idx on catalog_service.listings (collection_id);
create index if not exists listings_floor_idx on catalog_service.listings (collection_id, price_native, id)
    where is_active;
create index if not exists listings_item_idx on catalog_service.listings (chain_id, contract, token_number);
create index if not exists listings_seller_idx on catalog_service.listings (seller_address, listed_at desc, id);
create index if not exists listings_expires_at_idx on catalog_service.listings (expires_at) where is_active;
create index if not exists listings_order_id_idx on catalog_service.listings (order_id);
create index if not exists listings_marketplace_id_idx on catalog_service.listings (marketplace_id);

-- A bid on a token, or without a token number on any of a collection.
create table if not exists catalog_service.offers (
    id uuid primary key default gen_random_uuid(),
    token_id uuid,
    collection_id uuid references catalog_service.collections on delete set null,
    order_id uuid references catalog_service.orders on delete set null,
    marketplace_id uuid not null references catalog_service.marketplaces,
    chain_id caip2_chain not null,
    contract evm_address not null,
    token_number uint256,
    quantity uint256 not null default 1,
    price_amount uint256,
    price_native numeric not null,
    price_native_text text not null,
    currency_symbol text not null,
    currency_address evm_address,
    is_active boolean not null default true,
    from_address evm_address not null,
    tx_hash evm_tx_hash,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint offers_quantity_check check (quantity > 0),
    constraint offers_price_native_check check (price_native >= 0),
    constraint offers_expires_at_check check (expires_at > created_at)
);
create index if not exists offers_token_id_idx on catalog_service.offers (token_id);
create index if not exists offers_collection_id_idx on catalog_service.offers (collection_id);
create index if not exists offers_active_token_idx on catalog_service.offers (token_id, price_native desc)
    where is_active;
create index if not exists offers_active_collection_idx
    on catalog_service.offers (collection_id, price_native desc, id) where is_active;
create index if not exists offers_item_idx on catalog_service.offers (chain_id, contract, token_number);
create index if not exists offers_from_idx on catalog_service.offers (from_address, created_at desc, id);
create index if not exists offers_expires_at_idx on catalog_service.offers (expires_at) where is_active;
create index if not exists offers_order_id_idx on catalog_service.offers (order_id);
create index if not exists offers_marketplace_id_idx on catalog_service.offers (marketplace_id);

-- A sale that happened on chain.
create table if not exists catalog_service.sales (
    id uuid primary key default gen_random_uuid(),
    token_id uuid,
    collection_id uuid references catalog_service.collections on delete set null,
    order_id uuid references catalog_service.orders on delete set null,
    marketplace_id uuid not null references catalog_service.marketplaces,
    chain_id caip2_chain not null,
    contract evm_address not null,
    token_number uint256 not null,
    seller_address evm_address,
    buyer_address evm_address,
    quantity uint256 not null default 1,
    price_amount uint256,
    price_native numeric not null,
    price_native_text text not null,
    currency_symbol text not null,
    currency_address evm_address,
    tx_hash evm_tx_hash not null,
    block_number bigint,
    log_index integer,
    batch_index integer not null default 0,
    occurred_at timestamptz not null,
    unique (chain_id, tx_hash, log_index, batch_index),
    constraint sales_quantity_check check (quantity > 0),
    constraint sales_price_native_check check (price_native >= 0)
);
create index if not exists sales_token_id_idx on catalog_service.sales (token_id, occurred_at desc);
create index if not exists sales_collection_id_idx on catalog_service.sales (collection_id, occurred_at desc, id);
create index if not exists sales_block_number_idx on catalog_service.sales (chain_id, block_number);
create index if not exists sales_seller_idx on catalog_service.sales (seller_address, occurred_at desc);
create index if not exists sales_buyer_idx on catalog_service.sales (buyer_address, occurred_at desc);
create index if not exists sales_order_id_idx on catalog_service.sales (order_id);
create index if not exists sales_marketplace_id_idx on catalog_service.sales (marketplace_id);

create or replace trigger orders_touch before update on catalog_service.orders
    for each row execute function touch_updated_at();
create or replace trigger listings_touch before update on catalog_service.listings
    for each row execute function touch_updated_at();
create or replace trigger offers_touch before update on catalog_service.offers
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create the tables of the market."""
    run_script(SQL)
