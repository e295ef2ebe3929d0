"""Catalog service, collections: what they are, who may do what, and the events their state is folded from."""

from __future__ import annotations

from migrations.script import run_script

revision = "0008"
down_revision = "0007"

# Rows the indexer writes take their times from block timestamps, hence no `default now()`: a catalog after a reorg
# must equal a fresh index of the final chain, row for row.
SQL = """
create schema if not exists catalog_service;

-- A collection: chain facts are a fold of `collection_events`, the rest is what its owner and we say about it.
create table if not exists catalog_service.collections (
    id uuid primary key, -- derived from chain and contract
    slug text not null unique,
    name text not null,
    symbol text,
    description text,
    category text,
    image_url text,
    banner_url text,
    website_url text,
    discord_url text,
    twitter_url text,
    instagram_url text,
    telegram_url text,
    medium_url text,
    social_links_json jsonb not null default '{}',
    -- the primary binding; further deployments are rows of `collection_bindings`
    chain_id caip2_chain not null,
    contract_address evm_address not null,
    standard text not null,
    collection_type text,
    metadata_standard text,
    source text not null default 'factory',
    creator evm_address,
    owner evm_address,
    implementation evm_address,
    factory evm_address,
    reference evm_bytes32, -- the salt it was created with
    paused boolean not null default false,
    frozen boolean not null default false,
    base_uri text,
    contract_uri text,
    royalty_bps integer,
    royalty_receiver evm_address,
    payout_address evm_address,
    -- for ERC-1155 `max_supply` counts per token id
    max_supply uint256, -- null for no limit
    total_supply numeric(78, 0) not null default 0, -- a sum of uint256 may pass 2^256
    total_minted numeric(78, 0) not null default 0,
    mint_price uint256, -- wei
    mint_price_text text, -- the same in the native currency, exact
    mint_limit_per_wallet bigint,
    mint_start_time timestamptz,
    mint_end_time timestamptz, -- exclusive; the exact seconds are in `collection_mint_config`
    mint_allowlist_root evm_bytes32,
    floor_price numeric(78, 18),
    floor_currency_symbol text,
    volume_traded numeric(78, 18) not null default 0,
    is_verified boolean not null default false,
    is_hidden boolean not null default false,
    status text not null default 'active',
    index_status text not null default 'synced',
    inconsistent_reason text, -- why the contract's word and its events disagree
    incarnation integer not null default 1, -- raised when the address is created anew
    tags_json jsonb not null default '[]',
    settings_json jsonb not null default '{}',
    deployed_block bigint,
    deployed_block_hash evm_bytes32,
    deployed_tx_hash evm_tx_hash,
    deployed_at timestamptz,
    last_event_block bigint,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    metadata_doc text, -- _id of its own document in metadata.docs
    metadata_status text, -- null until the document was read once
    metadata_error text,
    unique (chain_id, contract_address),
    constraint collections_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{0,127}$'),
    constraint collections_standard_check check (standard in ('erc721', 'erc1155')),
    constraint collections_source_check check (source in ('factory', 'import')),
    constraint collections_royalty_bps_check check (royalty_bps between 0 and 10000),
    constraint collections_supplies_check check (total_supply >= 0 and total_minted >= 0),
    constraint collections_mint_limit_per_wallet_check check (mint_limit_per_wallet > 0),
    constraint collections_market_check check (floor_price >= 0 and volume_traded >= 0),
    constraint collections_status_check check (status in ('active', 'disabled', 'removed')),
    constraint collections_index_status_check check (
        index_status in ('pending', 'syncing', 'synced', 'failed', 'halted')
    ),
    constraint collections_incarnation_check check (incarnation > 0),
    constraint collections_metadata_status_check check (metadata_status in ('ok', 'failed'))
);
-- the public list, newest first
create index if not exists collections_created_at_idx on catalog_service.collections (created_at desc, id)
    where not is_hidden;
create index if not exists collections_creator_idx on catalog_service.collections (creator, created_at desc, id);
create index if not exists collections_owner_idx on catalog_service.collections (owner, created_at desc, id);
-- collections of a chain, of a standard, of both, newest first
create index if not exists collections_chain_idx
    on catalog_service.collections (chain_id, created_at desc, id) where not is_hidden;
create index if not exists collections_standard_idx
    on catalog_service.collections (standard, created_at desc, id) where not is_hidden;
create index if not exists collections_chain_standard_idx
    on catalog_service.collections (chain_id, standard, created_at desc, id) where not is_hidden;
create index if not exists collections_verified_idx
    on catalog_service.collections (created_at desc, id) where is_verified and not is_hidden;
-- what the indexer of a chain still has to read in
create index if not exists collections_syncing_idx
    on catalog_service.collections (chain_id, contract_address) where index_status = 'syncing';

-- Every deployment of a collection, on any chain of any family.
create table if not exists catalog_service.collection_bindings (
    id uuid primary key,
    collection_id uuid not null references catalog_service.collections on delete cascade,
    chain_id caip2_chain not null,
    family text not null default 'evm',
    token_standard text not null,
    contract_address evm_address,
    mint_authority text,
    inscription_id text,
    is_primary boolean not null default true,
    unique (chain_id, contract_address),
    constraint collection_bindings_family_check check (
        (family = 'evm') = (contract_address is not null) and family ~ '^[a-z0-9]{1,16}$'
    )
);
create index if not exists collection_bindings_collection_id_idx
    on catalog_service.collection_bindings (collection_id);
create unique index if not exists collection_bindings_primary_key
    on catalog_service.collection_bindings (collection_id) where is_primary;

-- Who holds which role on a contract now. A role we know goes by its name, any other by its hash.
create table if not exists catalog_service.collection_roles (
    chain_id caip2_chain not null,
    address evm_address not null, -- the collection's contract
    role text not null,
    account evm_address not null,
    granted_at timestamptz not null,
    granted_by evm_address,
    primary key (chain_id, address, role, account),
    constraint collection_roles_role_check check (role ~ '^([A-Z][A-Z0-9_]{0,63}|0x[0-9a-f]{64})$')
);
create index if not exists collection_roles_account_idx on catalog_service.collection_roles (account, chain_id);

-- The mint rules of a collection exactly as the contract holds them.
create table if not exists catalog_service.collection_mint_config (
    collection_id uuid primary key references catalog_service.collections on delete cascade,
    price uint256 not null default 0, -- wei per unit
    mint_price_text text,
    limit_per_wallet bigint, -- null for no limit
    start_seconds uint256, -- Unix seconds as emitted: a uint64 reaches beyond what a timestamptz can hold
    end_seconds uint256,
    start_date timestamptz, -- null for at once, and where the calendar ends
    end_date timestamptz, -- exclusive
    allowlist_root evm_bytes32,
    block_number bigint not null,
    updated_at timestamptz not null,
    constraint collection_mint_config_limit_check check (limit_per_wallet > 0)
);

-- What a collection's contract said about itself. State is a fold of these; a rollback deletes and folds again.
create table if not exists catalog_service.collection_events (
    chain_id caip2_chain not null,
    block_number bigint not null,
    log_index integer not null,
    tx_hash evm_tx_hash not null,
    contract evm_address not null,
    name text not null,
    args jsonb not null default '{}', -- integers as decimal strings
    at timestamptz not null, -- time of the block
    primary key (chain_id, block_number, log_index),
    constraint collection_events_position_check check (block_number >= 0 and log_index >= 0),
    constraint collection_events_args_check check (jsonb_typeof(args) = 'object')
);
create index if not exists collection_events_contract_idx
    on catalog_service.collection_events (chain_id, contract, block_number, log_index);

-- Counts and sums of a collection, kept by the projection and the market. Prices in the native currency.
create table if not exists catalog_service.collection_stats (
    collection_id uuid primary key references catalog_service.collections on delete cascade,
    items_count bigint not null default 0,
    owners_count bigint not null default 0,
    listed_count bigint not null default 0,
    sales_count bigint not null default 0,
    floor_price_native numeric(78, 18),
    floor_currency_symbol text,
    market_cap_est numeric(78, 18),
    volume_day numeric(78, 18) not null default 0,
    volume_week numeric(78, 18) not null default 0,
    volume_all numeric(78, 18) not null default 0,
    last_updated_at timestamptz not null,
    constraint collection_stats_counts_check check (
        items_count >= 0 and owners_count >= 0 and listed_count >= 0 and sales_count >= 0
    ),
    constraint collection_stats_volumes_check check (volume_day >= 0 and volume_week >= 0 and volume_all >= 0)
);
-- collections by what is traded, asked, and there
create index if not exists collection_stats_volume_idx on catalog_service.collection_stats (volume_all, collection_id);
create index if not exists collection_stats_floor_idx
    on catalog_service.collection_stats (floor_price_native, collection_id) where floor_price_native is not null;
create index if not exists collection_stats_items_idx on catalog_service.collection_stats (items_count, collection_id);
"""


def upgrade() -> None:
    """Create `catalog_service` and its collections."""
    run_script(SQL)
