"""The record of deletions that users have asked for. SQL of `user_service`.

The status of the user is `deleted` from the moment on at which the deletion is asked for. `deletions` says until when
it can be taken back. Every change locks the user first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.audit.keys import DELETION_GRACE
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.domain.accounts import DueAnswer
from steadymint.domain.errors import AccountClosedError
from steadymint.domain.types import UserId

_LOCK: Final = "SELECT status FROM user_service.users WHERE user_id = $1 FOR UPDATE"
_STATUS: Final = "UPDATE user_service.users SET status = $2 WHERE user_id = $1"
_DUE: Final = "SELECT due_at FROM user_service.deletions WHERE user_id = $1 AND taken_back_at IS NULL"
_ASK: Final = """
INSERT INTO user_service.deletions (user_id, due_at) VALUES ($1, now() + $2::interval)
ON CONFLICT (user_id) DO UPDATE SET asked_at = now(), due_at = excluded.due_at, taken_back_at = NULL
RETURNING due_at
"""
_TAKE_BACK: Final = """
UPDATE user_service.deletions SET taken_back_at = now()
WHERE user_id = $1 AND taken_back_at IS NULL AND begun_at IS NULL
RETURNING true
"""
_BEGIN: Final = """
UPDATE user_service.deletions SET begun_at = coalesce(begun_at, now())
WHERE user_id = $1 AND taken_back_at IS NULL AND due_at <= $2
RETURNING due_at
"""
_STANDS: Final = "SELECT due_at, taken_back_at FROM user_service.deletions WHERE user_id = $1"
_OPEN: Final = """
SELECT d.due_at FROM user_service.deletions d JOIN user_service.users u USING (user_id)
WHERE user_id = $1 AND d.taken_back_at IS NULL AND d.begun_at IS NULL AND u.status = 'deleted'
"""
_FINISH: Final = """
UPDATE user_service.deletions SET erased_at = now() WHERE user_id = $1 AND erased_at IS NULL RETURNING true
"""


class Deletions:
    """Share one per process."""

    def __init__(self, pool: asyncpg.Pool, settings: OperatorSettings) -> None:
        self._pool = pool
        self._settings = settings

    async def close(self, user_id: UserId) -> datetime:
        """Close the account; when it is erased. A repeated call changes nothing.

        Raises AccountClosedError if there is no such user, or if an operator has closed the account.
        """
        grace = timedelta(days=await self._settings.get(DELETION_GRACE))
        async with self._pool.acquire() as connection, connection.transaction():
            status = await connection.fetchval(_LOCK, user_id)
            if (due_at := await connection.fetchval(_DUE, user_id)) is not None:
                return due_at
            if status != "active":
                raise AccountClosedError
            await connection.execute(_STATUS, user_id, "deleted")
            due_at = await connection.fetchval(_ASK, user_id, grace)
            said = "The deletion of the account was asked for"
            await record(connection, Entry(EventType.DELETION_ASKED, said, "warning", user_id=user_id))
        return due_at

    async def open_until(self, user_id: UserId) -> datetime | None:
        """Until when the deletion can be taken back; None if there is none that can."""
        return await self._pool.fetchval(_OPEN, user_id)

    async def take_back(self, user_id: UserId) -> bool:
        """Open the account again. False if there is no deletion that can be taken back."""
        async with self._pool.acquire() as connection, connection.transaction():
            status = await connection.fetchval(_LOCK, user_id)
            if status != "deleted" or not await connection.fetchval(_TAKE_BACK, user_id):
                return False
            await connection.execute(_STATUS, user_id, "active")
            said = "The deletion of the account was taken back"
            await record(connection, Entry(EventType.DELETION_TAKEN_BACK, said, "warning", user_id=user_id))
        return True

    async def begin(self, user_id: UserId, at: datetime) -> DueAnswer:
        """Begin the erasure if it is due at this time and was not taken back. A repeated call gives the same answer."""
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.fetchval(_LOCK, user_id)
            due_at = await connection.fetchval(_BEGIN, user_id, at)
            if due_at is not None:
                await connection.execute(_STATUS, user_id, "deleted")  # also of whom an operator has closed meanwhile
                return DueAnswer(state="due", due_at=due_at)
            row = await connection.fetchrow(_STANDS, user_id)
        if row is None or row["taken_back_at"] is not None:
            return DueAnswer(state="taken_back", due_at=at if row is None else row["due_at"])
        return DueAnswer(state="waiting", due_at=row["due_at"])

    async def finish(self, user_id: UserId) -> None:
        """Record that the account is erased. A repeated call changes nothing."""
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetchval(_FINISH, user_id):
                entry = Entry(EventType.DELETED, "The account was erased", "warning", user_id=user_id)
                await record(connection, entry)
