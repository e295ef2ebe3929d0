"""Tables of the catalog service: how far collections are read, and what is still to be read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, Text, UniqueConstraint

from migrations.models.columns import (
    Caip2Chain,
    EvmBytes32,
    HotText,
    Table,
    Tally,
    Time,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class MetadataQueueEntry(Table, table=True):
    """Whose metadata is to be read. The row goes when that is done for its generation."""

    __tablename__ = "metadata_queue"
    __table_args__ = (
        check("kind", "kind in ('token', 'contract')"),
        check("reason", "reason in ('mint', 'event', 'burn', 'request', 'import')"),
        index("metadata_queue_due_idx", "collection_id", "due_at", "subject_id"),
        {"schema": "catalog_service"},
    )

    subject_id: UUID = key(UuidColumn)
    """A token, or a collection for its own document (ERC-7572)."""
    collection_id: UUID = required(UuidColumn)
    kind: str = required(Text, default="'token'")
    reason: str = required(Text)
    generation: int = required(BigInteger, default="1")
    """Raised by each request."""
    attempts: int = required(Integer, default="0")
    due_at: datetime = required(Time, default="now()")
    requested_at: datetime = required(Time, default="now()")
    last_error: str | None = optional(Text)
    token_number: int | None = optional(Tally)
    """Null for a collection's own document."""


class SyncState(Table, table=True):
    """How far a collection is read from a source other than the chain's main indexer (import, refresh)."""

    __tablename__ = "sync_state"
    __table_args__ = (
        UniqueConstraint("collection_id", "source"),
        check("status", "status in ('idle', 'due', 'running', 'done', 'failed')"),
        check("progress", "total >= 0 and done >= 0 and failed >= 0"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    collection_id: UUID = required(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    source: str = required(Text)
    cursor: str | None = optional(Text)
    last_run_at: datetime | None = optional(Time)
    note: str | None = optional(Text)
    status: str = required(Text, default="'idle'")
    total: int = required(BigInteger, default="0")
    done: int = required(BigInteger, default="0")
    failed: int = required(BigInteger, default="0")
    started_at: datetime | None = optional(Time)


class ProcessedEvent(Table, table=True):
    """Chain events that were projected, by id: the guard against doing one twice."""

    __tablename__ = "processed_events"
    __table_args__ = (
        check("event_version", "event_version > 0"),
        index("processed_events_block_number_idx", "chain_id", "block_number"),
        {"schema": "catalog_service"},
    )

    event_id: str = key(HotText)
    """'{caip2}:{txHash}:{logIndex}', or the like for a whole block."""
    event_version: int = required(Integer, default="1")
    chain_id: str = required(Caip2Chain)
    block_number: int = required(BigInteger)
    block_hash: str | None = optional(EvmBytes32)
    log_index: int | None = optional(Integer)
    processed_at: datetime = required(Time, default="now()")
