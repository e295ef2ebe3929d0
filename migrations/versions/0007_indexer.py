"""Indexer service: how far each chain is read, the recent blocks, and what was seen of our intents."""

from __future__ import annotations

from migrations.script import run_script

revision = "0007"
down_revision = "0006"

SQL = """
create schema if not exists indexer_service;

-- How far a chain is read. Moved by compare-and-set in the transaction that writes the projection.
create table if not exists indexer_service.indexer_checkpoints (
    chain_id caip2_chain primary key,
    last_block bigint not null, -- -1 before the first block
    last_block_hash evm_bytes32, -- null only where nothing is read yet
    published_block bigint, -- up to here flows were told
    head_block bigint, -- the chain's head when last asked
    halted_reason text, -- why a person must look: deeper reorg than we keep blocks for, another genesis
    counters jsonb not null default '{}', -- what was ignored and why
    updated_at timestamptz not null default now(),
    state text not null default 'live', -- 'history' until the first reading is sealed: the rows stand aside
    constraint indexer_checkpoints_state_check check (state in ('history', 'live')),
    constraint indexer_checkpoints_last_block_check check (last_block >= -1),
    constraint indexer_checkpoints_published_block_check check (published_block >= -1),
    constraint indexer_checkpoints_head_block_check check (head_block >= -1),
    constraint indexer_checkpoints_counters_check check (jsonb_typeof(counters) = 'object')
);

-- The last blocks that were indexed, linked by parent hash: where a reorg's common ancestor is found.
create table if not exists indexer_service.recent_blocks (
    chain_id caip2_chain not null,
    number bigint not null,
    hash evm_bytes32 not null,
    parent_hash evm_bytes32 not null,
    timestamp timestamptz not null,
    primary key (chain_id, number),
    constraint recent_blocks_number_check check (number >= 0)
);

-- An event on chain under a key of ours. Settled once the intent was told that it landed, or that its block left.
create table if not exists indexer_service.intent_sightings (
    chain_id caip2_chain not null,
    block_number bigint not null,
    block_hash evm_bytes32 not null,
    log_index integer not null,
    tx_hash evm_tx_hash not null,
    match_key evm_bytes32 not null,
    kind text not null,
    facts jsonb not null, -- compared with those of the intent
    effects jsonb not null default '{}', -- what has come of the intent, if they agree
    status text not null default 'landed',
    settled_at timestamptz,
    primary key (chain_id, block_hash, log_index),
    constraint intent_sightings_block_number_check check (block_number >= 0),
    constraint intent_sightings_log_index_check check (log_index >= 0),
    constraint intent_sightings_status_check check (status in ('landed', 'orphaned')),
    constraint intent_sightings_facts_check check (
        jsonb_typeof(facts) = 'object' and jsonb_typeof(effects) = 'object'
    )
);
create index if not exists intent_sightings_block_number_idx
    on indexer_service.intent_sightings (chain_id, block_number);
create index if not exists intent_sightings_unsettled_idx
    on indexer_service.intent_sightings (chain_id, block_number, log_index) where settled_at is null;
create index if not exists intent_sightings_match_key_idx on indexer_service.intent_sightings (match_key);
"""


def upgrade() -> None:
    """Create `indexer_service`."""
    run_script(SQL)
