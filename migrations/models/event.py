"""Tables of the event service."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from migrations.models.columns import Table, Time, UuidColumn, check, index, key, optional, required


class OutboxEvent(Table, table=True):
    """What has happened, for those outside. Written with the change; deleted once every consumer is past it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("event_id"),
        UniqueConstraint("position"),
        check("stream", "stream ~ '^[a-z]+\\.[a-z]+$'"),
        check("type", "type <> ''"),
        check("payload", "jsonb_typeof(payload) = 'object'"),
        check("position", "position > 0 and (position is null) = (positioned_at is null)"),
        index("outbox_new_idx", "id", where="position is null"),
        {"schema": "event_service"},
    )

    id: int = key(BigInteger)
    """In the order of writing, which is not the order of commits."""
    event_id: UUID = required(UuidColumn)
    """Derived from what happened."""
    stream: str = required(Text)
    type: str = required(Text)
    occurred_at: datetime = required(Time)
    payload: dict[str, Any] = required(JSONB)
    position: int | None = optional(BigInteger)
    """The order in which every consumer reads, given after the commit."""
    positioned_at: datetime | None = optional(Time)


class LastPosition(Table, table=True):
    """The last position given. One row, made when the first is given; whoever gives positions holds its lock."""

    __tablename__ = "last_position"
    __table_args__ = (
        check("only_row", "only_row"),
        check("position", "position >= 0"),
        {"schema": "event_service"},
    )

    only_row: bool = key(Boolean, default="true")
    position: int = required(BigInteger, default="0")
    positioned_at: datetime = required(Time, default="now()")


class EventConsumer(Table, table=True):
    """Up to which position a consumer has been told."""

    __tablename__ = "consumers"
    __table_args__ = (
        check("name", "name ~ '^[a-z][a-z0-9-]{0,63}$'"),
        check("position", "position >= 0"),
        {"schema": "event_service"},
    )

    name: str = key(Text)
    position: int = required(BigInteger)
    updated_at: datetime = required(Time, default="now()")
