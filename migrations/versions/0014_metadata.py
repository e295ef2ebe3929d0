"""Catalog service: who holds how much of a collection, what metadata is still to be read, how far that is."""

from __future__ import annotations

from migrations.script import run_script

revision = "0014"
down_revision = "0013"

SQL = """
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
-- an account's collections
create index if not exists collection_owners_owner_idx
    on catalog_service.collection_owners (owner, collection_id);

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
    constraint metadata_queue_kind_check check (kind in ('token', 'contract')),
    constraint metadata_queue_reason_check check (reason in ('mint', 'event', 'burn', 'request', 'import'))
);
create index if not exists metadata_queue_due_idx
    on catalog_service.metadata_queue (collection_id, due_at, subject_id);

alter table catalog_service.tokens
    add column if not exists metadata_status text, -- null until the document was read once
    add column if not exists metadata_error text,
    add column if not exists animation_url text;

alter table catalog_service.collections
    add column if not exists metadata_doc text, -- _id of its own document in metadata.docs
    add column if not exists metadata_status text,
    add column if not exists metadata_error text;

-- what the indexer of a chain still has to read in
create index if not exists collections_syncing_idx
    on catalog_service.collections (chain_id, contract_address) where index_status = 'syncing';

-- How a source other than the chain's main indexer is getting on: 'metadata', 'import', 'rarity'.
alter table catalog_service.sync_state
    add column if not exists status text not null default 'idle',
    add column if not exists total bigint not null default 0,
    add column if not exists done bigint not null default 0,
    add column if not exists failed bigint not null default 0,
    add column if not exists started_at timestamptz;
do $$ begin
    if not exists (select from pg_constraint where conname = 'sync_state_status_check') then
        alter table catalog_service.sync_state add constraint sync_state_status_check
            check (status in ('idle', 'due', 'running', 'done', 'failed'));
        alter table catalog_service.sync_state add constraint sync_state_progress_check
            check (total >= 0 and done >= 0 and failed >= 0);
        alter table catalog_service.tokens add constraint tokens_metadata_status_check
            check (metadata_status in ('ok', 'failed'));
        alter table catalog_service.collections add constraint collections_metadata_status_check
            check (metadata_status in ('ok', 'failed'));
    end if;
end $$;
"""


def upgrade() -> None:
    """Create the tables of holders and of the metadata queue; widen those that tell how far it is."""
    run_script(SQL)
