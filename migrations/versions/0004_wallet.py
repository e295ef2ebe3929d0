"""Wallet service: which wallets a user signs in with, what was done with them, what they approved on chain."""

from __future__ import annotations

from migrations.script import run_script

revision = "0004"
down_revision = "0003"

SQL = """
create schema if not exists wallet_service;

-- The specification's `wallets` and `wallet_links` in one. An unlinked wallet keeps its row and its history.
create table if not exists wallet_service.wallet_links (
    wallet_id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    account_id evm_address not null generated always as (address) stored, -- the name the sign-in messages use
    address evm_address not null,
    chain_id caip2_chain not null,
    is_primary boolean not null default false,
    type varchar(20) not null default 'eoa',
    connector varchar(50),
    label varchar(100),
    verified_at timestamptz,
    last_seen_at timestamptz,
    unlinked_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    unique (user_id, chain_id, address),
    constraint wallet_links_type_check check (type in ('eoa', 'contract', 'multisig', 'smart_account')),
    constraint wallet_links_primary_check check (not is_primary or unlinked_at is null)
);
create unique index if not exists wallet_links_primary_key on wallet_service.wallet_links (user_id) where is_primary;
-- A live wallet belongs to one user; a contract's address means nothing on another chain.
create unique index if not exists wallet_links_owner_key on wallet_service.wallet_links (address, chain_id)
    where unlinked_at is null;
-- Who has ever linked an address.
create index if not exists wallet_links_address_idx on wallet_service.wallet_links (address);

-- What was done with a wallet, for its owner and for support.
create table if not exists wallet_service.wallet_activity (
    id uuid primary key default gen_random_uuid(),
    wallet_id uuid not null references wallet_service.wallet_links on delete cascade,
    action varchar(50) not null,
    metadata jsonb not null default '{}',
    ip_address inet,
    user_agent text,
    created_at timestamptz not null default now(),
    constraint wallet_activity_action_check check (
        action in ('linked', 'unlinked', 'set_primary', 'verified', 'updated')
    )
);
create index if not exists wallet_activity_wallet_id_idx
    on wallet_service.wallet_activity (wallet_id, created_at desc, id desc);
-- Lines that still say where a request came from, for the sweep that removes it.
create index if not exists wallet_activity_traced_idx on wallet_service.wallet_activity (created_at)
    where ip_address is not null or user_agent is not null;

-- How the ownership of a wallet was shown.
create table if not exists wallet_service.wallet_verifications (
    id uuid primary key default gen_random_uuid(),
    wallet_id uuid not null references wallet_service.wallet_links on delete cascade,
    verification_type varchar(50) not null,
    status varchar(20) not null default 'pending',
    verification_data jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    verified_at timestamptz,
    expires_at timestamptz,
    constraint wallet_verifications_type_check check (verification_type ~ '^[a-z0-9_]{1,50}$'),
    constraint wallet_verifications_status_check check (status in ('pending', 'verified', 'failed', 'expired')),
    constraint wallet_verifications_verified_at_check check ((status = 'verified') = (verified_at is not null))
);
create index if not exists wallet_verifications_wallet_id_idx
    on wallet_service.wallet_verifications (wallet_id, created_at desc, id desc);

-- What an account lets an operator move, as events last said: the last line of `approvals_history` for the two. The
-- indexer writes both tables, for every account, because a wallet may be linked later. `amount` is for ERC-20 only, in
-- its smallest unit, as it was approved: what was spent of it since is not in it. `token` is the decimal id of the one
-- token of an ERC-721 that may be moved, and empty where all may be. `place` is that of the last line.
create table if not exists wallet_service.approvals (
    owner evm_address not null,
    chain_id caip2_chain not null,
    contract evm_address not null,
    operator evm_address not null,
    token text not null default '',
    standard varchar(20) not null,
    approved boolean not null,
    amount uint256,
    approved_at timestamptz,
    revoked_at timestamptz,
    tx_hash evm_tx_hash not null,
    place bigint not null,
    updated_at timestamptz not null,
    primary key (owner, chain_id, contract, operator, token),
    constraint approvals_standard_check check (standard in ('erc20', 'erc721', 'erc1155')),
    constraint approvals_amount_check check ((amount is not null) = (standard = 'erc20')),
    constraint approvals_token_check check (token = '' or standard = 'erc721' and token ~ '^[0-9]{1,78}$'),
    constraint approvals_approved_at_check check (
        approved = (approved_at is not null) and approved = (revoked_at is null)
    )
);
-- For the owner's list. Most rows of an old account are revoked ones.
create index if not exists approvals_standing_idx
    on wallet_service.approvals (owner, chain_id, contract, operator, token) where approved;
-- For the indexer: what a transfer ends.
create index if not exists approvals_token_idx on wallet_service.approvals (chain_id, contract, token)
    where token <> '';
create index if not exists approvals_operator_idx on wallet_service.approvals (operator, chain_id) where approved;

-- Every change of an approval. `place` is the block and the log of its event. That of a single token also ends without
-- an event of its own: when the token moves, and when somebody else is approved for it. `cause` says which.
create table if not exists wallet_service.approvals_history (
    chain_id caip2_chain not null,
    place bigint not null,
    owner evm_address not null,
    contract evm_address not null,
    operator evm_address not null,
    token text not null default '',
    standard varchar(20) not null,
    approved boolean not null,
    amount uint256,
    cause varchar(20) not null default 'event',
    tx_hash evm_tx_hash not null,
    at timestamptz not null,
    primary key (chain_id, place, owner, contract, operator, token),
    constraint approvals_history_standard_check check (standard in ('erc20', 'erc721', 'erc1155')),
    constraint approvals_history_amount_check check ((amount is not null) = (standard = 'erc20')),
    constraint approvals_history_token_check check (token = '' or standard = 'erc721' and token ~ '^[0-9]{1,78}$'),
    constraint approvals_history_cause_check check (
        cause = 'event' or cause in ('transfer', 'replaced') and token <> '' and not approved
    )
);
create index if not exists approvals_history_owner_idx
    on wallet_service.approvals_history (owner, chain_id, contract, operator, token, place desc);
-- For the owner's list, newest first.
create index if not exists approvals_history_at_idx
    on wallet_service.approvals_history
    (owner, chain_id, at desc, place desc, operator desc, token desc, contract desc);
-- For the same list, narrowed: a contract may tell of any number of operators, and any number of contracts of one
-- operator, so each way to narrow it has an index.
create index if not exists approvals_history_contract_idx
    on wallet_service.approvals_history
    (owner, chain_id, contract, at desc, place desc, operator desc, token desc);
create index if not exists approvals_history_operator_idx
    on wallet_service.approvals_history (owner, chain_id, operator, at desc, place desc, token desc, contract desc);
create index if not exists approvals_history_pair_idx
    on wallet_service.approvals_history (owner, chain_id, contract, operator, at desc, place desc, token desc);
-- Whether an account had approved anybody in a contract before a place.
create index if not exists approvals_history_given_idx
    on wallet_service.approvals_history (owner, chain_id, contract, place) where approved;

create or replace trigger wallet_links_touch before update on wallet_service.wallet_links
    for each row execute function touch_updated_at();
create or replace trigger wallet_verifications_touch before update on wallet_service.wallet_verifications
    for each row execute function touch_updated_at();
"""


def upgrade() -> None:
    """Create `wallet_service`."""
    run_script(SQL)
