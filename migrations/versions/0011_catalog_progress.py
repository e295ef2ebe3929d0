"""Catalog service, progress: how far collections are read, and what is still to be read."""

from __future__ import annotations

from migrations.script import run_script

revision = "0011"
down_revision = "0010"

SQL = """
-- How far a collection is read from a source other than the chain's main indexer: 'metadata', 'import', 'rarity'; how
-- many documents were read in the hour from `started_at` on because its contract announced them: 'announced'; and up to
-- which movement (time, place and batch of it) it is known who sent what, of an imported one: 'senders'.
create table if not exists catalog_service.sync_state (
    id uuid primary key default gen_random_uuid(),
    collection_id uuid not null references catalog_service.collections on delete cascade,
    source text not null,
    cursor text,
    last_run_at timestamptz,
    note text,
    status text not null default 'idle',
    total bigint not null default 0,
    done bigint not null default 0,
    failed bigint not null default 0,
    started_at timestamptz,
    unique (collection_id, source),
    constraint sync_state_status_check check (status in ('idle', 'due', 'running', 'done', 'failed')),
    constraint sync_state_progress_check check (total >= 0 and done >= 0 and failed >= 0)
);

-- Whose metadata is to be read, again or for the first time. A row goes when that is done for its generation: a request
-- that comes while an older one is being answered raises the generation, and is answered after it.
create table if not exists catalog_service.metadata_queue (
    subject_id uuid primary key, -- a token, or a collection for its own document (ERC-7572)
    collection_id uuid not null,
    kind text not null default 'token',
    reason text not null,
    generation bigint not null default 1,
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    requested_at timestamptz not null default now(),
    last_error text,
    token_number numeric(78, 0), -- null for a collection's own document
    constraint metadata_queue_kind_check check (kind in ('token', 'contract')),
    constraint metadata_queue_reason_check check (reason in ('mint', 'event', 'burn', 'request', 'import'))
);
create index if not exists metadata_queue_due_idx
    on catalog_service.metadata_queue (collection_id, due_at, subject_id);

-- Chain events that were projected, by id: the guard against doing one twice.
create table if not exists catalog_service.processed_events (
    event_id text collate "C" primary key, -- '{caip2}:{txHash}:{logIndex}', or the like for a whole block
    event_version integer not null default 1,
    chain_id caip2_chain not null,
    block_number bigint not null,
    block_hash evm_bytes32,
    log_index integer,
    processed_at timestamptz not null default now(),
    constraint processed_events_event_version_check check (event_version > 0)
);
create index if not exists processed_events_block_number_idx
    on catalog_service.processed_events (chain_id, block_number);
"""


def upgrade() -> None:
    """Create the tables that tell how far reading is."""
    run_script(SQL)
