"""Catalog service, tokens: the tables the indexer fills by the ten thousand, and the flags people set."""

from __future__ import annotations

from migrations.script import run_script

revision = "0009"
down_revision = "0008"

# The hot tables (tokens, token_balances, ownership_transfers, activities) hold only what writing them can bear:
# - no triggers, and no foreign keys (0.65 s more per 200,000 rows): a row and the one it names are written in one
#   transaction by one writer, from ids derived from chain, contract and token;
# - addresses and hashes as plain text, not domains (about 0.5 us per value, six values a row): the writer cuts them
#   out of 32-byte log fields, and collections, whose domains are checked, hold every contract they may name;
# - each index answers a list in the API or the rollback, and is named after it. Owners are found through
#   `token_balances` for both standards, so `tokens` has no index by owner.
# Numbers that are sums of uint256 are numeric(78, 0) without the bound: two transfers of 2^256-1 are stored, flagged.
SQL = """
create table if not exists catalog_service.tokens (
    id uuid primary key, -- derived from chain, contract and token number
    collection_id uuid not null,
    chain_id text collate "C" not null,
    family text not null default 'evm',
    contract_address text collate "C",
    mint_address text,
    inscription_id text,
    token_number uint256 not null,
    token_standard text not null,
    supply numeric(78, 0) not null default 1,
    burned boolean not null default false,
    name text,
    image_url text,
    metadata_url text,
    metadata_doc text, -- _id of its document in metadata.docs
    owner_address text collate "C", -- ERC-721 only; null once burned
    minted_block bigint,
    minted_at timestamptz,
    minted_tx_hash text collate "C",
    last_transfer_block bigint,
    last_refresh_at timestamptz,
    updated_at timestamptz not null, -- time of the block that changed it last
    metadata_status text, -- null until the document was read once
    metadata_error text,
    animation_url text,
    constraint tokens_collection_id_token_number_key unique (collection_id, token_number),
    constraint tokens_supply_check check (supply >= 0),
    constraint tokens_metadata_status_check check (metadata_status in ('ok', 'failed'))
);
-- tokens, the latest minted first; where a mint was never seen, the token counts as the oldest
create index if not exists tokens_minted_at_idx on catalog_service.tokens
    (collection_id, coalesce(minted_at, '-infinity'::timestamptz), token_number);

-- Who holds how many of what, for both standards. A balance of zero has no row.
create table if not exists catalog_service.token_balances (
    chain_id text collate "C" not null,
    contract text collate "C" not null,
    token_id uint256 not null,
    owner text collate "C" not null,
    quantity numeric(78, 0) not null,
    updated_at timestamptz not null, -- time of the block that changed it last
    primary key (chain_id, contract, token_id, owner),
    constraint token_balances_quantity_check check (quantity > 0)
);
-- an account's tokens, an owner's tokens within a collection
create index if not exists token_balances_owner_idx
    on catalog_service.token_balances (owner, chain_id, contract, token_id);

-- Who holds how many of a collection, all its tokens together. A holder of nothing has no row, so that counting rows
-- counts owners. Written by the projection with the balances it is the sum of.
create table if not exists catalog_service.collection_owners (
    collection_id uuid not null,
    owner text collate "C" not null,
    quantity numeric(96, 0) not null, -- a sum over token ids, each of which may be as large as a uint256
    updated_at timestamptz not null, -- time of the block that moved one of its tokens last
    primary key (collection_id, owner),
    constraint collection_owners_quantity_check check (quantity > 0)
);
-- holders, the largest first
create index if not exists collection_owners_quantity_idx
    on catalog_service.collection_owners (collection_id, quantity desc, owner);
-- an account's collections, those it holds most of first
create index if not exists collection_owners_portfolio_idx
    on catalog_service.collection_owners (owner, quantity desc, collection_id);

-- Every movement of every token, as the chain ordered them. `batch_index` counts within one ERC-1155 batch.
create table if not exists catalog_service.ownership_transfers (
    chain_id text collate "C" not null,
    block_number bigint not null,
    log_index integer not null,
    batch_index integer not null default 0,
    contract text collate "C" not null,
    token_id uint256 not null,
    from_addr text collate "C" not null,
    to_addr text collate "C" not null,
    operator text collate "C", -- who moved it; ERC-1155 only, ERC-721 does not say
    quantity uint256 not null default 1,
    standard text not null,
    tx_hash text collate "C" not null,
    at timestamptz not null, -- time of the block
    primary key (chain_id, block_number, log_index, batch_index)
);

-- What happened, as people read it: on chain and off it, newest first by (timestamp, block, log, batch).
create table if not exists catalog_service.activities (
    id uuid primary key, -- on chain: derived from chain, block, log and batch
    collection_id uuid not null,
    token_id uuid,
    chain_id text collate "C" not null,
    contract text collate "C",
    token_number uint256,
    type text not null,
    from_address text collate "C",
    to_address text collate "C",
    quantity uint256 not null default 1,
    price_native numeric(78, 18),
    price_native_text text,
    currency_symbol text,
    tx_hash text collate "C",
    block_number bigint not null default 0, -- 0 off chain
    log_index integer not null default 0,
    batch_index integer not null default 0,
    block_or_slot text, -- for families that do not count blocks
    marketplace text,
    timestamp timestamptz not null,
    constraint activities_type_check check (type in ('listed', 'offer', 'sale', 'transfer', 'mint', 'burn'))
);
create index if not exists activities_collection_idx
    on catalog_service.activities (collection_id, timestamp, block_number, log_index, batch_index);
-- the token's history, and what a rollback restores its last owner from
create index if not exists activities_token_idx
    on catalog_service.activities (token_id, timestamp, block_number, log_index, batch_index);
create index if not exists activities_to_idx
    on catalog_service.activities (to_address, timestamp, block_number, log_index, batch_index);
-- mints come from nobody; leaving them out keeps the zero address from being half of the index
create index if not exists activities_from_idx
    on catalog_service.activities (from_address, timestamp, block_number, log_index, batch_index)
    where type <> 'mint';

-- activity of some types; transfers are left out, since the feed of everything is nearly theirs
create index if not exists activities_type_idx on catalog_service.activities
    (collection_id, type, timestamp, block_number, log_index, batch_index) where type <> 'transfer';

-- What an operator or a detector says of a token.
create table if not exists catalog_service.nft_flags (
    chain_id caip2_chain not null,
    contract evm_address not null,
    token_id uint256 not null,
    is_flagged boolean not null default false,
    is_spam boolean not null default false,
    is_frozen boolean not null default false,
    is_nsfw boolean not null default false,
    refreshable boolean not null default true,
    reason_json jsonb not null default '{}',
    updated_at timestamptz not null default now(),
    primary key (chain_id, contract, token_id)
);
create or replace trigger nft_flags_touch before update on catalog_service.nft_flags
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create the tables of tokens, balances, holders, transfers and activity."""
    run_script(SQL)
