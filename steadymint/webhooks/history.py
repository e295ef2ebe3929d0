"""What a subscription was told and how that went; and sending it again. SQL of `event_service`.

Callers have found the webhook by `Subscriptions.get`, so it is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg

from steadymint.domain.webhooks import DeliveryStatus, EventName
from steadymint.webhooks.deeds import UNKNOWN, By, Deed, note
from steadymint.webhooks.message import body_of

MAX_REPLAYED: Final = 10_000
"""Events of one replay. Whoever wants more asks again."""
_NO_END: Final = 2**62
"""Above every number."""

_BODIES: Final = """
SELECT d.seq, d.event_id, e.name, e.occurred_at, e.payload
FROM event_service.webhook_deliveries d JOIN event_service.webhook_events e USING (event_id)
WHERE d.webhook_id = $1 AND d.seq > $2 ORDER BY d.seq LIMIT $3
"""
# One statement for each status, and none with a status for parameter: only then are the partial indexes of use.
_DELIVERIES: Final[Mapping[DeliveryStatus | None, str]] = {
    status: f"""
SELECT d.seq, d.event_id, e.name, d.status, d.attempts, d.retry_at, d.response_status, d.error, d.delivered_at,
    d.created_at
FROM event_service.webhook_deliveries d JOIN event_service.webhook_events e USING (event_id)
WHERE d.webhook_id = $1 AND d.seq < $2 {"" if status is None else f"AND d.status = '{status}'"}
ORDER BY d.seq DESC LIMIT $3
"""  # noqa: S608 - constants
    for status in (None, *DeliveryStatus)
}
# An event that waits to be sent is left alone: it keeps its count of tries.
_REPLAY: Final = {
    dead_only: f"""
WITH chosen AS MATERIALIZED (
    SELECT seq FROM event_service.webhook_deliveries
    WHERE webhook_id = $1 AND seq BETWEEN $2 AND $3 AND status {"= 'dead'" if dead_only else "<> 'pending'"}
    ORDER BY seq LIMIT $4
), again AS (
    UPDATE event_service.webhook_deliveries d
    SET status = 'pending', attempts = 0, tried_since = NULL, retry_at = NULL, response_status = NULL, error = NULL,
        delivered_at = NULL
    FROM chosen c WHERE d.webhook_id = $1 AND d.seq = c.seq RETURNING d.seq
)
SELECT count(*) AS events, min(seq) AS first, max(seq) AS last FROM again
"""  # noqa: S608 - constants
    for dead_only in (True, False)
}
_WAKE: Final = "UPDATE event_service.webhooks SET wake = true WHERE webhook_id = $1 AND status = 'active'"
_TEST: Final = """
WITH numbered AS (
    UPDATE event_service.webhooks SET last_seq = last_seq + 1, wake = wake OR status = 'active'
    WHERE webhook_id = $1 AND status <> 'deleted' RETURNING last_seq
), event AS (
    INSERT INTO event_service.webhook_events (event_id, name, occurred_at, payload) VALUES ($2, $3, $4, $5)
)
INSERT INTO event_service.webhook_deliveries (webhook_id, seq, event_id, subject)
SELECT $1, last_seq, $2, 'test ' || $2 FROM numbered RETURNING seq
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one webhook, and what has come of it."""

    seq: int
    event_id: UUID
    name: str
    status: DeliveryStatus
    attempts: int
    retry_at: datetime | None
    response_status: int | None
    error: str | None
    """A code of `steadymint.outbound.errors`."""
    delivered_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Replayed:
    """What is sent again."""

    events: int
    first: int | None
    last: int | None
    """If there are more, ask again from behind this number."""


async def bodies_after(pool: asyncpg.Pool, webhook_id: UUID, after: int, most: int) -> list[Mapping[str, Any]]:
    """The bodies of the events behind a number, in order, as they are sent. Those that are older than what is kept are
    not there."""
    rows = await pool.fetch(_BODIES, webhook_id, after, most)
    return [body_of(row["event_id"], row["name"], row["seq"], row["occurred_at"], row["payload"]) for row in rows]


async def deliveries(
    pool: asyncpg.Pool, webhook_id: UUID, *, status: DeliveryStatus | None, before: int | None, limit: int
) -> list[Delivery]:
    """What has come of events, the newest first."""
    rows = await pool.fetch(_DELIVERIES[status], webhook_id, _NO_END if before is None else before, limit)
    return [_delivery(dict(row)) for row in rows]


async def replay(
    pool: asyncpg.Pool, webhook_id: UUID, first: int, last: int | None, *, dead_only: bool, by: By = UNKNOWN
) -> Replayed:
    """Send the events of a range again, at most `MAX_REPLAYED`, in order and before newer ones. What an operator sends
    again is recorded."""
    async with pool.acquire() as leased, leased.transaction():
        connection: Any = leased
        await connection.execute(_WAKE, webhook_id)  # first, as everybody locks a webhook before its deliveries
        end = _NO_END if last is None else last
        row = await connection.fetchrow(_REPLAY[dead_only], webhook_id, first, end, MAX_REPLAYED)
        if by.operator is not None:
            await note(connection, Deed.REPLAY, by, webhook_id=webhook_id)
    return Replayed(**row)


async def send_test(pool: asyncpg.Pool, webhook_id: UUID) -> int | None:
    """Send an event of no meaning, on the way that all events go. Returns its number; None if the webhook is gone."""
    at = datetime.now(UTC)
    return await pool.fetchval(_TEST, webhook_id, uuid4(), EventName.TEST, at, {"webhookId": str(webhook_id)})


def _delivery(row: dict[str, Any]) -> Delivery:
    row["status"] = DeliveryStatus(row["status"])
    return Delivery(**row)
