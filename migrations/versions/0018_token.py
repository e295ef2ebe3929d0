"""Token service: the fungible-token minter."""

from __future__ import annotations

from migrations.script import run_script

revision = "0018"
down_revision = "0017"

# Networks here need not be EVM chains (RGB++ lives on CKB), so addresses and hashes are text of any form.
SQL = """
create schema if not exists token_service;

-- A fungible token someone created. `supply` is in the smallest unit.
create table if not exists token_service.fungible_tokens (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    symbol text not null,
    supply numeric(78, 0) not null,
    decimals smallint not null default 18,
    creator_id uuid not null,
    creator_address text,
    description text,
    icon_url text,
    contract_address text,
    network_id text not null,
    tx_hash text,
    status text not null default 'pending',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint fungible_tokens_name_check check (char_length(name) between 1 and 128),
    constraint fungible_tokens_symbol_check check (char_length(symbol) between 1 and 32),
    constraint fungible_tokens_supply_check check (supply >= 0),
    constraint fungible_tokens_decimals_check check (decimals between 0 and 255),
    constraint fungible_tokens_status_check check (status in ('pending', 'confirmed', 'failed'))
);
create unique index if not exists fungible_tokens_contract_key
    on token_service.fungible_tokens (network_id, contract_address) where contract_address is not null;
create index if not exists fungible_tokens_creator_id_idx
    on token_service.fungible_tokens (creator_id, created_at desc, id);
create index if not exists fungible_tokens_tx_hash_idx on token_service.fungible_tokens (network_id, tx_hash);

-- Transactions about fungible tokens.
create table if not exists token_service.transactions (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    token_id uuid references token_service.fungible_tokens on delete set null,
    tx_hash text not null,
    tx_type text not null,
    status text not null default 'pending',
    amount numeric(78, 0),
    network_id text not null,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (network_id, tx_hash, tx_type),
    constraint transactions_tx_type_check check (tx_type ~ '^[a-z][a-z0-9_]{0,31}$'),
    constraint transactions_status_check check (status in ('pending', 'confirmed', 'failed')),
    constraint transactions_amount_check check (amount >= 0)
);
create index if not exists transactions_user_id_idx on token_service.transactions (user_id, created_at desc, id);
create index if not exists transactions_token_id_idx on token_service.transactions (token_id, created_at desc);

create or replace trigger fungible_tokens_touch before update on token_service.fungible_tokens
    for each row execute function touch_updated_at();
create or replace trigger transactions_touch before update on token_service.transactions
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create `token_service`."""
    run_script(SQL)
