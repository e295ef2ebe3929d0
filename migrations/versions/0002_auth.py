"""Auth service: nonces, sessions, refresh tokens, the log of sign-in attempts."""

from __future__ import annotations

from migrations.script import run_script

revision = "0002"
down_revision = "0001"

SQL = """
create schema if not exists auth_service;

-- One-time nonces for EIP-4361. The row is the only authority: who sets `consumed_at` first has signed in.
create table if not exists auth_service.auth_nonces (
    nonce varchar(64) primary key,
    -- how flows and logs name it: their histories are kept for longer than a nonce lives, and read by more people
    nonce_hash sha256_hex not null unique generated always as (encode(sha256(nonce::bytea), 'hex')) stored,
    account_id evm_address, -- null: a wallet that signs in in one step asks before it knows; bound by the sign-in
    domain varchar(255) not null,
    chain_id caip2_chain,
    user_id uuid, -- null: for a sign-in; else for a wallet that this user links. Neither serves for the other
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    consumed_at timestamptz,
    consumed_by uuid, -- the sign-in attempt that used it: a retried activity recognises itself
    used boolean not null generated always as (consumed_at is not null) stored,
    ip_address inet,
    user_agent text,
    constraint auth_nonces_nonce_check check (nonce ~ '^[0-9a-f]{32,64}$'),
    constraint auth_nonces_domain_check check (domain <> ''),
    constraint auth_nonces_expires_at_check check (
        expires_at > issued_at and expires_at - issued_at <= interval '10 minutes'
    ),
    constraint auth_nonces_consumed_by_check check (consumed_by is null or consumed_at is not null)
);
create index if not exists auth_nonces_expires_at_idx on auth_service.auth_nonces (expires_at);
create index if not exists auth_nonces_account_id_idx on auth_service.auth_nonces (account_id, issued_at desc);

-- A session is one row for its whole life. Refreshing raises `generation` and never extends `absolute_expires_at`.
create table if not exists auth_service.sessions (
    session_id uuid primary key default gen_random_uuid(),
    user_id uuid not null,
    family_id uuid not null, -- refresh tokens of one sign-in; reuse of any of them ends the family
    device_id uuid,
    nonce_hash sha256_hex not null unique, -- one session per nonce, for ever
    address evm_address not null,
    chain_id caip2_chain not null,
    account_type varchar(20) not null default 'eoa',
    refresh_hash varchar(128) unique, -- null until the API has made the first token of the grant
    previous_refresh_hash varchar(128),
    generation integer not null default 0,
    ip_address inet,
    user_agent text,
    collection_intent_context jsonb,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    expires_at timestamptz not null,
    absolute_expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason varchar(64),
    constraint sessions_account_type_check check (account_type in ('eoa', 'contract', 'multisig', 'smart_account')),
    constraint sessions_generation_check check (generation >= 0),
    constraint sessions_expires_at_check check (expires_at > created_at and expires_at <= absolute_expires_at),
    constraint sessions_revoked_reason_check check (revoked_reason is null or revoked_at is not null)
);
create index if not exists sessions_user_id_idx on auth_service.sessions (user_id, created_at desc, session_id);
create index if not exists sessions_family_id_idx on auth_service.sessions (family_id);
create index if not exists sessions_expires_at_idx on auth_service.sessions (expires_at);
create index if not exists sessions_traced_idx on auth_service.sessions (expires_at)
    where ip_address is not null or user_agent is not null;
create index if not exists sessions_live_wallet_idx on auth_service.sessions (address, chain_id)
    where revoked_at is null;

-- Every refresh token ever handed out, as a hash. A token that comes back after `used_at` kills its session.
create table if not exists auth_service.refresh_tokens (
    hash varchar(128) primary key,
    session_id uuid not null references auth_service.sessions on delete cascade,
    generation integer not null default 0,
    issued_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    replaced_by varchar(128),
    unique (session_id, generation), -- two refreshes at once cannot both make the next generation
    constraint refresh_tokens_generation_check check (generation >= 0),
    constraint refresh_tokens_expires_at_check check (expires_at > issued_at),
    constraint refresh_tokens_replaced_by_check check (replaced_by is null or used_at is not null)
);
create index if not exists refresh_tokens_expires_at_idx on auth_service.refresh_tokens (expires_at);

-- Exactly one row per attempt to sign in, whatever came of it. Holds no message, signature, nonce or token.
create table if not exists auth_service.login_events (
    id uuid primary key default gen_random_uuid(),
    attempt_id uuid not null unique, -- given by the API, so that a retried write finds its own row
    user_id uuid,
    session_id uuid,
    account_id evm_address, -- null when what was sent is no address
    chain_id caip2_chain,
    domain varchar(255),
    nonce_hash sha256_hex,
    ip inet,
    ua text,
    result varchar(32) not null,
    error_message text,
    ts timestamptz not null default now(),
    constraint login_events_result_check check (result in (
        'success', 'failed', 'invalid_signature', 'invalid_nonce', 'expired_nonce', 'invalid_message', 'rate_limited'
    )),
    constraint login_events_success_check check (result <> 'success' or user_id is not null)
);
create index if not exists login_events_user_id_idx on auth_service.login_events (user_id, ts desc)
    where user_id is not null;
create index if not exists login_events_account_id_idx on auth_service.login_events (account_id, ts desc);
create index if not exists login_events_ip_idx on auth_service.login_events (ip, ts desc);
create index if not exists login_events_ts_idx on auth_service.login_events (ts);
"""


def upgrade() -> None:
    """Create `auth_service`."""
    run_script(SQL)
