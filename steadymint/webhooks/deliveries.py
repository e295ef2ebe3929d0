"""The rows by which one webhook's events are delivered. SQL of `event_service`.

An attempt to deliver takes the webhook first (`begin`). From then on an older attempt, which has lost its heartbeat and
does not know it, finds nothing to send; nor does one whose address or secret was replaced (`Subscriptions`). What a
receiver has taken is recorded whoever says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.domain.webhooks import (
    COUNTED,
    FAILING_FROM,
    TRIED_FOR,
    DeliveryStatus,
    PausedBecause,
    WebhookStatus,
)
from steadymint.events.event import WEBHOOKS, DomainEvent
from steadymint.events.outbox import append

PAUSED: Final = "webhook.paused"

_CLOSED: Final = "EXISTS (SELECT FROM user_service.users u WHERE u.user_id = w.user_id AND u.status <> 'active')"
_BEGIN: Final = f"""
UPDATE event_service.webhooks w
SET runner = $2, worked_at = now(), busy = w.busy AND w.status = 'active' AND NOT {_CLOSED}
WHERE webhook_id = $1
RETURNING {_CLOSED} AS closed, user_id, url, status, secret,
    CASE WHEN previous_until > now() THEN previous_secret END AS previous_secret,
    last_seq, failures, failing_since, retry_at
"""  # noqa: S608 - constants
_COLUMNS: Final = """
    d.seq, d.event_id, d.subject, d.attempts, d.tried_since, e.name, e.occurred_at, e.payload
FROM event_service.webhook_deliveries d JOIN event_service.webhook_events e USING (event_id)"""
_OURS: Final = f"""
    EXISTS (
        SELECT FROM event_service.webhooks w
        WHERE w.webhook_id = $1 AND w.runner = $2 AND w.status = 'active' AND NOT {_CLOSED})"""
# Behind the first event of a subject that is to be tried again later, those of the same subject wait.
_DUE: Final = f"""
SELECT {_COLUMNS}
WHERE d.webhook_id = $1 AND d.status = 'pending' AND {_OURS} AND NOT EXISTS (
    SELECT FROM event_service.webhook_deliveries b
    WHERE b.webhook_id = $1 AND b.subject = d.subject AND b.seq <= d.seq AND b.status = 'pending' AND b.retry_at > $3)
ORDER BY d.seq LIMIT $4
"""  # noqa: S608 - constants
# While the webhook fails: the first event of the subject that was tried least. An event that nobody takes would
# otherwise be tried again and again, and the webhook never be found well.
_PROBE: Final = f"""
SELECT {_COLUMNS}
JOIN (
    SELECT p.seq FROM (
        SELECT * FROM event_service.webhook_deliveries
        WHERE webhook_id = $1 AND status = 'pending' ORDER BY seq LIMIT 1000
    ) p WHERE NOT EXISTS (
        SELECT FROM event_service.webhook_deliveries b
        WHERE b.webhook_id = $1 AND b.subject = p.subject AND b.seq < p.seq AND b.status = 'pending')
    ORDER BY p.attempts, p.seq LIMIT 1
) first USING (seq)
WHERE d.webhook_id = $1 AND {_OURS}
"""  # noqa: S608 - constants
# The webhook is locked first, as by whoever changes it. What an older attempt says of failures does not count: they may
# be those of an address that was replaced.
_RECORD: Final = """
WITH webhook AS MATERIALIZED (
    SELECT runner = $8 AS ours FROM event_service.webhooks WHERE webhook_id = $1 FOR UPDATE
)
UPDATE event_service.webhook_deliveries d
SET status = r.status, attempts = d.attempts + 1, tried_since = coalesce(d.tried_since, $2), retry_at = r.retry_at,
    response_status = r.response_status, error = r.error, delivered_at = CASE WHEN r.status = 'delivered' THEN now() END
FROM unnest($3::bigint[], $4::text[], $5::timestamptz[], $6::int[], $7::text[])
    r (seq, status, retry_at, response_status, error), webhook w
WHERE d.webhook_id = $1 AND d.seq = r.seq AND d.status = 'pending' AND (w.ours OR r.status = 'delivered')
"""
_FARE: Final = """
UPDATE event_service.webhooks SET failures = $3, failing_since = $4, retry_at = $5, worked_at = now()
WHERE webhook_id = $1 AND runner = $2
"""
# What failed first while the webhook did is tried at once when it is well again. An event that failed before keeps its
# own wait: it may be the event that is not taken.
_RECOVER: Final = """
UPDATE event_service.webhook_deliveries SET retry_at = NULL
WHERE webhook_id = $1 AND status = 'pending' AND retry_at IS NOT NULL AND tried_since >= $2
"""
_PAUSE: Final = """
UPDATE event_service.webhooks SET status = 'paused', paused_because = $3, retry_at = NULL
WHERE webhook_id = $1 AND runner = $2 AND status = 'active' RETURNING user_id, updated_at
"""
_LET_DIE: Final = """
UPDATE event_service.webhook_deliveries SET status = 'dead', retry_at = NULL
WHERE webhook_id = $1 AND status = 'pending' AND tried_since <= $2
"""
_LOCK: Final = "SELECT FROM event_service.webhooks WHERE webhook_id = $1 FOR UPDATE"
# A time that is past is that of an event behind another one of its subject: it is no reason to look again.
_REST: Final = f"""
WITH left_over AS (
    SELECT count(*) AS waiting FROM (
        SELECT FROM event_service.webhook_deliveries WHERE webhook_id = $1 AND status = 'pending' LIMIT {COUNTED + 1}) d
), next AS (
    SELECT min(retry_at) AS at FROM event_service.webhook_deliveries
    WHERE webhook_id = $1 AND status = 'pending' AND retry_at > $2
), looked AS (
    SELECT EXISTS (
        SELECT FROM event_service.webhook_deliveries d
        WHERE d.webhook_id = $1 AND d.status = 'pending' AND NOT EXISTS (
            SELECT FROM event_service.webhook_deliveries b
            WHERE b.webhook_id = $1 AND b.subject = d.subject AND b.seq <= d.seq AND b.status = 'pending'
                AND b.retry_at > $2)) AS due
)
UPDATE event_service.webhooks w
SET worked_at = now(), busy = l.due AND w.status = 'active' AND (w.retry_at IS NULL OR w.retry_at <= $2),
    retry_at = CASE WHEN o.waiting > 0 THEN w.retry_at END
FROM left_over o, next n, looked l WHERE w.webhook_id = $1
RETURNING w.status, w.last_seq, w.failures, w.busy, o.waiting, coalesce(w.retry_at, n.at) AS next_at
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A webhook as an attempt to deliver has found it."""

    webhook_id: UUID
    runner: UUID
    closed: bool
    """Whether its owner is suspended, banned or deleted."""
    user_id: UUID | None
    url: str
    status: WebhookStatus
    secret: bytes | None
    """Sealed."""
    previous_secret: bytes | None
    last_seq: int
    failures: int
    failing_since: datetime | None
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """An event to be sent."""

    seq: int
    event_id: UUID
    subject: str
    attempts: int
    tried_since: datetime | None
    name: str
    occurred_at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """What has come of sending it."""

    seq: int
    status: DeliveryStatus
    response_status: int | None = None
    error: str | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fare:
    """How the webhook has fared: failures in a row, since when, and when it is tried again."""

    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    paused_because: PausedBecause | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """What is left at the end of an attempt."""

    status: WebhookStatus
    last_seq: int
    failures: int
    busy: bool
    """Whether something can be sent at once."""
    waiting: int
    next_at: datetime | None


class Deliveries:
    """The rows of all webhooks."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self, webhook_id: UUID, runner: UUID) -> Endpoint | None:
        """Take the webhook for this attempt. None if there is no such."""
        row = await self._pool.fetchrow(_BEGIN, webhook_id, runner)
        if row is None:
            return None
        found: dict[str, Any] = dict(row)
        found["status"] = WebhookStatus(row["status"])
        return Endpoint(webhook_id=webhook_id, runner=runner, **found)

    async def due(self, endpoint: Endpoint, now: datetime, most: int) -> list[Due]:
        """At most so many events that can be sent, in the order of their numbers."""
        return _dues(await self._pool.fetch(_DUE, endpoint.webhook_id, endpoint.runner, now, most))

    async def probe(self, endpoint: Endpoint) -> list[Due]:
        """The one event by which it is found out whether a failing webhook is well again."""
        return _dues(await self._pool.fetch(_PROBE, endpoint.webhook_id, endpoint.runner))

    async def record(
        self,
        endpoint: Endpoint,
        tried: Sequence[Tried],
        fare: Fare | None,
        now: datetime,
        *,
        failed_since: datetime | None,
    ) -> None:
        """Write what has come of the events and how the webhook fares, if that has changed, in one transaction.
        `failed_since`: since when it had failed, if it is well again."""
        rows = (
            [one.seq for one in tried],
            [one.status for one in tried],
            [one.retry_at for one in tried],
            [one.response_status for one in tried],
            [one.error for one in tried],
            endpoint.runner,
        )
        if fare is None:  # one statement needs no transaction of ours, which is two round trips more
            await self._pool.execute(_RECORD, endpoint.webhook_id, now, *rows)
            return
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            await connection.execute(_RECORD, endpoint.webhook_id, now, *rows)
            if failed_since is not None:
                await connection.execute(_RECOVER, endpoint.webhook_id, failed_since)
            await connection.execute(
                _FARE, endpoint.webhook_id, endpoint.runner, fare.failures, fare.failing_since, fare.retry_at
            )
            if fare.paused_because is not None:
                await _pause(connection, endpoint, fare.paused_because, now)

    async def rest(self, webhook_id: UUID, now: datetime) -> Left | None:
        """Look at what is left. From then on a new event has the flow woken, unless something is due now.

        The row is locked by a statement of its own: the next one sees what was committed while it waited.
        """
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            await connection.execute(_LOCK, webhook_id)
            row = await connection.fetchrow(_REST, webhook_id, now)
        if row is None:
            return None
        found: dict[str, Any] = dict(row)
        found["status"] = WebhookStatus(row["status"])
        return Left(**found)


def _dues(rows: Sequence[Any]) -> list[Due]:
    return [Due(**row) for row in rows]


async def _pause(connection: Any, endpoint: Endpoint, why: PausedBecause, now: datetime) -> None:
    """Send no more, and tell the owner: by an event for the owner's other webhooks, and in the audit log, which the
    owner reads. What was tried long enough is dead; the rest waits until the owner goes on."""
    row = await connection.fetchrow(_PAUSE, endpoint.webhook_id, endpoint.runner, why)
    if row is None:
        return
    await connection.execute(_LET_DIE, endpoint.webhook_id, now - TRIED_FOR)
    if row["user_id"] is None:
        return
    said = {"webhookId": str(endpoint.webhook_id), "reason": str(why)}
    await record(
        connection,
        Entry(EventType.WEBHOOK_PAUSED, f"paused: {why}", severity="warning", user_id=row["user_id"], details=said),
    )
    key = f"{endpoint.webhook_id}:{row['updated_at'].isoformat()}"
    payload = {"userId": str(row["user_id"]), **said}
    await append(connection, [DomainEvent(WEBHOOKS, PAUSED, key, row["updated_at"], payload)])


def is_failing(failures: int) -> bool:
    """Whether so many failures in a row mean that it is the webhook that fails."""
    return failures >= FAILING_FROM
