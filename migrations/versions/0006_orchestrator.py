"""Orchestrator service: intents, the log of their steps, and which session asked for what."""

from __future__ import annotations

from migrations.script import run_script

revision = "0006"
down_revision = "0005"

SQL = """
create schema if not exists orchestrator_service;

-- What a user means to do on chain: the one truth about where it stands. Its steps are in `intent_steps`.
create table if not exists orchestrator_service.tx_intents (
    intent_id uuid primary key,
    kind text not null, -- an entry of steadymint/domain/intents/kinds.py
    chain_id caip2_chain not null,
    account evm_address not null, -- who must send the transaction
    created_by uuid not null,
    auth_session_id varchar(255),
    status text not null default 'pending',
    step text not null default 'prepared',
    seq integer not null default 0, -- number of the last step in the log
    contract evm_address,
    match_key evm_bytes32 not null, -- under which the chain shows it, so that an untracked transaction is found
    facts jsonb not null, -- what an event under the key must say
    foreseen jsonb not null default '{}', -- effects that are known before the transaction is sent
    effects jsonb, -- what has come of it, as the chain shows it
    tx_hash evm_tx_hash,
    tx_nonce bigint, -- with `account`, finds the transaction that took its place
    block_number bigint,
    block_hash evm_bytes32,
    required_confirmations integer,
    req_payload_json jsonb not null default '{}',
    request_hash sha256_hex, -- of the request, to refuse the same key with another body
    idempotency_key varchar(255),
    tx_request jsonb,
    error jsonb,
    workflow_id text not null,
    deadline_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    -- Nulls are distinct: only known hashes and given keys are held unique.
    unique (chain_id, tx_hash, kind),
    unique (created_by, kind, idempotency_key),
    constraint tx_intents_status_check check (status in ('pending', 'ready', 'failed', 'expired')),
    constraint tx_intents_step_check check (step in (
        'prepared', 'tracked', 'confirming', 'indexed', 'ready', 'replaced', 'reorged', 'failed', 'expired'
    )),
    -- The step decides the status.
    constraint tx_intents_status_of_step_check check (status = case step
        when 'ready' then 'ready'
        when 'replaced' then 'failed'
        when 'failed' then 'failed'
        when 'expired' then 'expired'
        else 'pending' end),
    constraint tx_intents_seq_check check (seq >= 0),
    constraint tx_intents_tx_nonce_check check (tx_nonce >= 0),
    constraint tx_intents_block_number_check check (block_number >= 0),
    constraint tx_intents_required_confirmations_check check (required_confirmations > 0),
    constraint tx_intents_kind_check check (kind ~ '^[a-z][a-z0-9_]{0,31}$'),
    constraint tx_intents_facts_check check (jsonb_typeof(facts) = 'object'),
    constraint tx_intents_foreseen_check check (jsonb_typeof(foreseen) = 'object'),
    constraint tx_intents_effects_check check (jsonb_typeof(effects) = 'object'),
    constraint tx_intents_error_check check (jsonb_typeof(error) = 'object'),
    constraint tx_intents_idempotency_key_check check (idempotency_key <> ''),
    constraint tx_intents_deadline_at_check check (deadline_at > created_at)
);
create index if not exists tx_intents_created_by_idx
    on orchestrator_service.tx_intents (created_by, created_at desc, intent_id);
create index if not exists tx_intents_deadline_at_idx on orchestrator_service.tx_intents (deadline_at)
    where status = 'pending';
create index if not exists tx_intents_account_idx on orchestrator_service.tx_intents (chain_id, account, tx_nonce)
    where tx_nonce is not null;
create index if not exists tx_intents_unknown_idx on orchestrator_service.tx_intents (created_by)
    where status = 'pending' and tx_hash is not null and tx_nonce is null and block_number is null;
create index if not exists tx_intents_match_key_idx on orchestrator_service.tx_intents (match_key);
create index if not exists tx_intents_workflow_id_idx on orchestrator_service.tx_intents (workflow_id);

-- Every step an intent took, in order, with exactly what viewers were shown. Append-only.
create table if not exists orchestrator_service.intent_steps (
    intent_id uuid not null references orchestrator_service.tx_intents on delete cascade,
    seq integer not null, -- from 1; the id of the event in the status stream
    step text not null,
    dedupe_key text not null, -- says which happening this is, so that a retry adds no second line
    view jsonb not null,
    at timestamptz not null default now(),
    primary key (intent_id, seq),
    unique (intent_id, dedupe_key),
    constraint intent_steps_seq_check check (seq > 0),
    constraint intent_steps_step_check check (step in (
        'prepared', 'tracked', 'confirming', 'indexed', 'ready', 'replaced', 'reorged', 'failed', 'expired'
    )),
    constraint intent_steps_view_check check (jsonb_typeof(view) = 'object')
);

-- Which session asked for which intent.
create table if not exists orchestrator_service.session_intent_audit (
    id uuid primary key default gen_random_uuid(),
    session_id varchar(255) not null,
    intent_id uuid not null references orchestrator_service.tx_intents on delete cascade,
    user_id uuid not null,
    audit_data jsonb not null default '{}',
    created_at timestamptz not null default now()
);
create index if not exists session_intent_audit_session_id_idx
    on orchestrator_service.session_intent_audit (session_id, created_at);
create index if not exists session_intent_audit_intent_id_idx on orchestrator_service.session_intent_audit (intent_id);
create index if not exists session_intent_audit_user_id_idx
    on orchestrator_service.session_intent_audit (user_id, created_at desc);

-- No touch of updated_at: every writer sets it, and two steps of one millisecond share it.
"""


def upgrade() -> None:
    """Create `orchestrator_service`."""
    run_script(SQL)
