"""Tables of the event service, webhooks among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from migrations.models.columns import Sha256Hex, Table, Time, UuidColumn, check, index, key, optional, required


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


class EventSource(Table, table=True):
    """Up to which number the events of a log of another service are in the outbox."""

    __tablename__ = "sources"
    __table_args__ = (
        check("name", "name ~ '^[a-z][a-z0-9-]{0,63}$'"),
        check("position", "position >= 0"),
        {"schema": "event_service"},
    )

    name: str = key(Text)
    position: int = required(BigInteger, default="0")


class Webhook(Table, table=True):
    """A subscription: which events go to which address, and how that goes."""

    __tablename__ = "webhooks"
    __table_args__ = (
        UniqueConstraint("user_id", "request_key"),
        check("status", "status in ('active', 'paused', 'deleted')"),
        check("url", "status = 'deleted' or url <> ''"),
        check("paused_because", "(status = 'paused') = (paused_because is not null)"),
        check("secret", "(status = 'deleted') = (secret is null)"),
        check("previous_secret", "(previous_secret is null) = (previous_until is null)"),
        check("last_seq", "last_seq >= 0"),
        check("failures", "failures >= 0"),
        index("webhooks_user_idx", "user_id", "created_at", "webhook_id", where="status <> 'deleted'"),
        index("webhooks_wake_idx", "webhook_id", where="wake"),
        index("webhooks_deleted_idx", "webhook_id", where="status = 'deleted'"),
        {"schema": "event_service"},
    )

    webhook_id: UUID = key(UuidColumn)
    user_id: UUID | None = optional(UuidColumn)
    """None: an operator's, which is told of everybody."""
    url: str = required(Text)
    description: str | None = optional(Text)
    event_names: list[str] = required(ARRAY(Text), default="'{}'")
    collections: list[str] = required(ARRAY(Text), default="'{}'")
    accounts: list[str] = required(ARRAY(Text), default="'{}'")
    status: str = required(Text, default="'active'")
    paused_because: str | None = optional(Text)
    secret: bytes | None = optional(LargeBinary)
    previous_secret: bytes | None = optional(LargeBinary)
    previous_until: datetime | None = optional(Time)
    request_key: str | None = optional(Sha256Hex)
    """Of the Idempotency-Key of the request that made it."""
    request_hash: str | None = optional(Sha256Hex)
    """Of that request. None once the webhook is deleted."""
    last_seq: int = required(BigInteger, default="0")
    wake: bool = required(Boolean, default="false")
    """Its flow has to be told that there is something to do."""
    busy: bool = required(Boolean, default="false")
    """Its flow knows already."""
    runner: UUID | None = optional(UuidColumn)
    worked_at: datetime | None = optional(Time)
    failures: int = required(Integer, default="0")
    failing_since: datetime | None = optional(Time)
    retry_at: datetime | None = optional(Time)
    created_at: datetime = required(Time, default="now()")
    updated_at: datetime = required(Time, default="now()")


class WebhookEvent(Table, table=True):
    """An event that some webhook wants."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        check("name", "name <> ''"),
        check("payload", "jsonb_typeof(payload) = 'object'"),
        index("webhook_events_age_idx", "created_at"),
        {"schema": "event_service"},
    )

    event_id: UUID = key(UuidColumn)
    name: str = required(Text)
    occurred_at: datetime = required(Time)
    payload: dict[str, Any] = required(JSONB)
    created_at: datetime = required(Time, default="now()")


class WebhookDelivery(Table, table=True):
    """One event for one webhook."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        check("status", "status in ('pending', 'delivered', 'dead')"),
        check("seq", "seq > 0"),
        check("attempts", "attempts >= 0"),
        check("delivered_at", "delivered_at is null or status <> 'dead'"),
        index("webhook_deliveries_pending_idx", "webhook_id", "seq", where="status = 'pending'"),
        index(
            "webhook_deliveries_stuck_idx",
            "webhook_id",
            "subject",
            "seq",
            where="status = 'pending' and retry_at is not null",
        ),
        index("webhook_deliveries_dead_idx", "webhook_id", "seq", where="status = 'dead'"),
        index("webhook_deliveries_age_idx", "created_at"),
        {"schema": "event_service"},
    )

    webhook_id: UUID = key(UuidColumn)
    seq: int = key(BigInteger)
    """1, 2, 3 without a gap."""
    event_id: UUID = required(UuidColumn)
    subject: str = required(Text)
    """Events of one subject are delivered in order."""
    status: str = required(Text, default="'pending'")
    attempts: int = required(Integer, default="0")
    tried_since: datetime | None = optional(Time)
    retry_at: datetime | None = optional(Time)
    response_status: int | None = optional(Integer)
    error: str | None = optional(Text)
    delivered_at: datetime | None = optional(Time)
    created_at: datetime = required(Time, default="now()")
