"""Token service: the fungible-token minter."""

from __future__ import annotations

from migrations.script import run_script

revision = "0018"
down_revision = "0017"

# Networks here need not be EVM chains (RGB++ lives on CKB), so addresses and hashes are text of any form. All but the
# tokens of such networks is written by the indexer, in the transaction that moves the checkpoint: these rows say what
# the chain says, N confirmations deep. Amounts are in the smallest unit.
SQL = """
create schema if not exists token_service;

-- A fungible token that was launched here. One of an EVM chain has a row once its launch is confirmed; until then it is
-- an intent. `supply` and the counts are those of now: sums over `transactions` and `fungible_holders`, kept with them.
create table if not exists token_service.fungible_tokens (
    id uuid primary key, -- of an EVM chain: it follows from chain and contract
    network_id text collate "C" not null, -- CAIP-2, or the name of an RGB++ network
    contract_address text collate "C",
    name text not null,
    symbol text not null,
    decimals smallint not null,
    supply numeric not null default 0,
    cap numeric(78, 0), -- the supply is never above it
    mint_once boolean not null default true, -- nobody ever mints more
    burnable boolean not null default false,
    permit boolean not null default false, -- EIP-2612
    contract_uri text not null default '',
    creator_id uuid, -- null if it was launched past us
    creator_address text collate "C" not null,
    description text,
    icon_media_id sha256_hex,
    tx_hash text collate "C",
    place bigint, -- of the launch: block << 24 | log index
    holders_count bigint not null default 0,
    transactions_count bigint not null default 0,
    status text not null default 'pending',
    created_at timestamptz not null default now(), -- of a confirmed one: the time of its block
    updated_at timestamptz not null default now(),
    constraint fungible_tokens_name_check check (char_length(name) <= 256),
    constraint fungible_tokens_symbol_check check (char_length(symbol) <= 256),
    constraint fungible_tokens_decimals_check check (decimals between 0 and 36),
    constraint fungible_tokens_cap_check check (cap > 0),
    constraint fungible_tokens_status_check check (status in ('pending', 'prepared', 'confirmed', 'failed')),
    -- Nothing is confirmed that no chain has shown.
    constraint fungible_tokens_confirmed_check check (
        status <> 'confirmed' or (contract_address is not null and tx_hash is not null and place is not null)
    )
);
create unique index if not exists fungible_tokens_contract_key
    on token_service.fungible_tokens (network_id, contract_address) where contract_address is not null;
create index if not exists fungible_tokens_recent_idx
    on token_service.fungible_tokens (created_at desc, id desc) where status = 'confirmed';
create index if not exists fungible_tokens_network_idx
    on token_service.fungible_tokens (network_id, created_at desc, id desc) where status = 'confirmed';
create index if not exists fungible_tokens_creator_idx
    on token_service.fungible_tokens (creator_address, created_at desc, id desc) where status = 'confirmed';
create index if not exists fungible_tokens_creator_id_idx
    on token_service.fungible_tokens (creator_id, created_at desc, id);
create index if not exists fungible_tokens_place_idx on token_service.fungible_tokens (network_id, place);

-- What happened to a token on chain: its launch, and each mint, transfer and burn. Balances are their sum.
create table if not exists token_service.transactions (
    network_id text collate "C" not null,
    place bigint not null, -- block << 24 | log index
    token_id uuid not null references token_service.fungible_tokens on delete cascade,
    tx_hash text collate "C" not null,
    tx_type text not null,
    from_address text collate "C", -- null: minted
    to_address text collate "C", -- null: burned
    amount numeric(78, 0) not null,
    occurred_at timestamptz not null, -- the time of the block
    primary key (network_id, place),
    constraint transactions_tx_type_check check (tx_type in ('create', 'mint', 'transfer', 'burn')),
    constraint transactions_accounts_check check (
        (from_address is null) = (tx_type in ('create', 'mint'))
        and (to_address is null) = (tx_type in ('create', 'burn'))
    ),
    constraint transactions_amount_check check (amount >= 0)
);
create index if not exists transactions_token_id_idx on token_service.transactions (token_id, place desc);
create index if not exists transactions_tx_type_idx
    on token_service.transactions (token_id, tx_type, place desc);
create index if not exists transactions_from_idx
    on token_service.transactions (token_id, from_address, place desc) where from_address is not null;
create index if not exists transactions_to_idx
    on token_service.transactions (token_id, to_address, place desc) where to_address is not null;

-- Who holds how much. An account that holds nothing has no row.
create table if not exists token_service.fungible_holders (
    token_id uuid not null references token_service.fungible_tokens on delete cascade,
    address text collate "C" not null,
    balance numeric not null,
    primary key (token_id, address)
);
create index if not exists fungible_holders_balance_idx
    on token_service.fungible_holders (token_id, balance desc, address);

-- The unsigned transactions by which a token is issued on an RGB++ network. Nothing in it is secret, and it never
-- changes: another wish is another token.
create table if not exists token_service.issuance_pairs (
    token_id uuid primary key references token_service.fungible_tokens on delete cascade,
    commitment sha256_hex not null, -- what the transaction of Bitcoin carries
    btc_txid sha256_hex not null,
    psbt text not null, -- BIP 174, base64
    ckb_tx_hash evm_bytes32 not null,
    ckb_transaction jsonb not null, -- as CKB's JSON-RPC has it, without witnesses
    created_at timestamptz not null default now(),
    constraint issuance_pairs_psbt_check check (psbt like 'cHNid%')
);

create or replace trigger fungible_tokens_touch before update on token_service.fungible_tokens
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create `token_service`."""
    run_script(SQL)
