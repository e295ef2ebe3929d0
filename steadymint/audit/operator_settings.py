"""The settings that an operator changes while everything runs: read from memory, changed with who and why.

A change is a row, a line of the history and a security event, in one transaction. The number of the last line of the
history is the version of the settings. A process asks for it at most once a second (one small query) and reads the rows
again when it has changed, so every process sees a change within a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
import structlog

from steadymint.audit.entries import Entry, EventType, record
from steadymint.audit.keys import KEYS, Key, Value

VERSION_AGE: Final = 1.0
"""Seconds for which a process trusts the version that it read."""

_VERSION: Final = "SELECT coalesce(max(id), 0) FROM audit_service.settings_history"
_ALL: Final = f"""
SELECT v.version, s.key, s.value FROM ({_VERSION}) v (version) LEFT JOIN audit_service.settings s ON true
"""  # noqa: S608 - a constant
_SET: Final = """
WITH before AS (
    SELECT value FROM audit_service.settings WHERE key = $1
), written AS (
    INSERT INTO audit_service.settings (key, value, description, is_public) VALUES ($1, $2, $3, $4)
    ON CONFLICT (key) DO UPDATE SET
        value = excluded.value, description = excluded.description, is_public = excluded.is_public
)
SELECT value FROM before
"""
_REMOVE: Final = "DELETE FROM audit_service.settings WHERE key = $1 RETURNING value"
# One change at a time, so that lines of the history are numbered in the order of their commits. Readers do not wait.
_LOCK: Final = "LOCK TABLE audit_service.settings IN SHARE ROW EXCLUSIVE MODE"
_NOTE: Final = """
INSERT INTO audit_service.settings_history (key, old_value, new_value, changed_by, reason) VALUES ($1, $2, $3, $4, $5)
"""
_HISTORY: Final = """
SELECT key, old_value AS old, new_value AS new, changed_by, reason, changed_at
FROM audit_service.settings_history WHERE $1::text IS NULL OR key = $1
ORDER BY changed_at DESC, id DESC LIMIT $2
"""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a setting. A value that is None is the default."""

    key: str
    old: str | None
    new: str | None
    changed_by: str
    reason: str
    changed_at: datetime


class OperatorSettings:
    """Share one per process."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._version: int | None = None
        self._asked_at = float("-inf")
        self._values: Mapping[str, Any] = {}

    async def get(self, key: Key[Value]) -> Value:
        """The value as it is set, or the default."""
        await self._refresh()
        return self._values.get(key.name, key.default)

    async def public(self) -> dict[str, Any]:
        """The public settings by name."""
        return {name: await self.get(key) for name, key in sorted(KEYS.items()) if key.public}

    async def set(self, key: Key[Any], text: str, *, reason: str, operator: str) -> bool:
        """Set the value that the text says. False if it is set already. Raises ValueError if the text is none."""
        value = str(key.parse(text))
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK)
            old: str | None = await connection.fetchval(_SET, key.name, value, key.description, key.public)
            if old != value:
                await _note(connection, key, old, value, reason, operator)
        self._asked_at = float("-inf")
        return old != value

    async def reset(self, key: Key[Any], *, reason: str, operator: str) -> bool:
        """Go back to the default. False if nothing was set."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(_LOCK)
            old: str | None = await connection.fetchval(_REMOVE, key.name)
            if old is not None:
                await _note(connection, key, old, None, reason, operator)
        self._asked_at = float("-inf")
        return old is not None

    async def history(self, key: Key[Any] | None = None, *, limit: int) -> list[Change]:
        """The newest changes, newest first."""
        return [Change(**row) for row in await self._pool.fetch(_HISTORY, key.name if key else None, limit)]

    async def _refresh(self) -> None:
        now = self._clock()
        if self._version is not None and now - self._asked_at < VERSION_AGE:
            return
        self._asked_at = now  # others go on with what is there while one asks
        if self._version is not None and await self._pool.fetchval(_VERSION) == self._version:
            return
        rows = await self._pool.fetch(_ALL)
        self._values = {row["key"]: value for row in rows if (value := _value_of(row)) is not None}
        self._version = rows[0]["version"]


def _value_of(row: Mapping[str, Any]) -> Any:
    """None for a row that this version cannot read: the default holds."""
    key = KEYS.get(row["key"])
    if key is None:
        return None
    try:
        return key.parse(row["value"])
    except ValueError:
        _log.warning("setting_unreadable", key=key.name)
        return None


async def _note(connection: Any, key: Key[Any], old: str | None, new: str | None, reason: str, operator: str) -> None:
    await connection.execute(_NOTE, key.name, old, new, operator, reason)
    details = {"key": key.name, "from": old, "to": new, "reason": reason, "operator": operator}
    await record(connection, Entry(EventType.SETTING_CHANGED, f"{key.name} was changed", "warning", details=details))
