"""Tables of the catalog service: holders of collections, and what metadata is still to be read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, LargeBinary, Text

from steadymint.columns import (
    Holding,
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


class Holder(Table, table=True):
    """Who holds how many of a collection, all its tokens together. A holder of nothing has no row."""

    __tablename__ = "holders"
    __table_args__ = (
        check("quantity", "quantity > 0"),
        index("holders_quantity_idx", "collection_id", "quantity desc", "owner"),
        index("holders_portfolio_idx", "owner", "quantity desc", "collection_id"),
        index("holders_contract_idx", "owner", "chain_id", "contract"),
        {"schema": "catalog_service"},
    )

    collection_id: UUID = key(UuidColumn)
    owner: bytes = key(LargeBinary)
    chain_id: str = required(HotText)
    """The collection's, as is the contract: an account's tokens are listed in this order."""
    contract: bytes = required(LargeBinary)
    quantity: int = required(Holding)
    updated_at: int = required(Integer)
    """Time of the block that moved one of its tokens last, in seconds since 2000."""


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
