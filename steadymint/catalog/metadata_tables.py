"""Tables of the catalog service: holders of collections, and what metadata is still to be read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, Text

from steadymint.columns import (
    Holding,
    HotText,
    Table,
    Time,
    Uint256,
    UuidColumn,
    check,
    index,
    key,
    optional,
    required,
)


class CollectionOwner(Table, table=True):
    """Who holds how many of a collection, all its tokens together. A holder of nothing has no row."""

    __tablename__ = "collection_owners"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        index("collection_owners_quantity_idx", "collection_id", "quantity desc", "owner"),
        index("collection_owners_owner_idx", "owner", "collection_id"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn)
    owner: str = key(HotText)
    quantity: int = required(Holding)
    updated_at: datetime = required(Time)
    """Time of the block that moved one of its tokens last."""


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


class MetadataRange(Table, table=True):
    """Tokens of one collection that will be entries of the queue. It stays afterwards, to say when the next is due."""

    __tablename__ = "metadata_ranges"
    __table_args__ = (
        check("order", "first_token <= last_token"),
        check("reason", "reason in ('event', 'import')"),
        index("metadata_ranges_due_idx", "chain_id", "due_at", where="pending"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn)
    chain_id: str = required(HotText)
    contract: str = required(HotText)
    first_token: int = required(Uint256)
    last_token: int = required(Uint256)
    reason: str = required(Text)
    pending: bool = required(Boolean, default="true")
    generation: int = required(BigInteger, default="1")
    """Raised by each request."""
    due_at: datetime = required(Time, default="now()")
