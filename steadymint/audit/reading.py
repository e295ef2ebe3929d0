"""Security events as operators and their subjects read them. SQL of `audit_service`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from steadymint.audit.entries import SEVERITIES, Severity
from steadymint.database import NEWEST


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One entry as it is kept."""

    id: UUID
    type: str
    description: str
    severity: Severity
    user_id: UUID | None
    wallet: str | None
    ip: str | None
    details: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries an operator asks for. A member that is None does not filter."""

    type: str | None = None
    """A type, or the part of one before a dot: `auth` stands for every `auth.*`."""
    at_least: Severity = "info"
    user_id: UUID | None = None
    wallet: str | None = None
    ip: str | None = None
    """An address or a network, such as 192.0.2.0/24."""
    since: datetime | None = None


After = tuple[datetime, UUID]
"""The last entry of the page before."""

_COLUMNS: Final = """
SELECT id, event_type AS type, description, severity, user_id, wallet_address AS wallet, ip_address AS ip,
       metadata AS details, created_at AS at
FROM audit_service.security_events
"""
_OF_USER: Final = f"""
{_COLUMNS} WHERE user_id = $1 AND (created_at, id) < ($2, $3)
ORDER BY created_at DESC, id DESC LIMIT $4
"""
_SEARCH: Final = f"""
{_COLUMNS}
WHERE ($1::text IS NULL OR event_type = $1 OR event_type LIKE $1 || '.%')
  AND severity = ANY ($2::text[])
  AND ($3::uuid IS NULL OR user_id = $3)
  AND ($4::text IS NULL OR wallet_address = $4)
  AND ($5::inet IS NULL OR ip_address <<= $5)
  AND ($6::timestamptz IS NULL OR created_at >= $6)
ORDER BY created_at DESC, id DESC LIMIT $7
"""


async def events_of_user(pool: asyncpg.Pool, user_id: UUID, *, after: After | None, limit: int) -> list[SecurityEvent]:
    """What is recorded about a user, newest first."""
    before, last = after or NEWEST
    return [_event(row) for row in await pool.fetch(_OF_USER, user_id, before, last, limit)]


async def search(pool: asyncpg.Pool, wanted: Filter, *, limit: int) -> list[SecurityEvent]:
    """The newest entries that the filter lets through, newest first."""
    rows = await pool.fetch(
        _SEARCH,
        wanted.type,
        list(SEVERITIES[SEVERITIES.index(wanted.at_least) :]),
        wanted.user_id,
        wanted.wallet,
        wanted.ip,
        wanted.since,
        limit,
    )
    return [_event(row) for row in rows]


def _event(row: Mapping[str, Any]) -> SecurityEvent:
    shown: dict[str, Any] = {**row, "ip": None if row["ip"] is None else str(row["ip"])}
    return SecurityEvent(**shown)
