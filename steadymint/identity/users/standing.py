"""Whether a user may act: an operator suspends or bans them, and takes it back. SQL of `user_service`.

For operators only: no route of the API uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import asyncpg

from steadymint.audit.entries import Entry, EventType, record
from steadymint.domain.errors import ConflictError, NotFoundError
from steadymint.domain.types import Address, UserId, parse_address
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.users.usernames import is_username

SettableStatus = Literal["active", "suspended", "banned"]
"""`deleted` is set by the deletion of an account only."""

_FIND: Final = """
SELECT u.user_id, p.username, u.status, u.created_at, (
    SELECT count(*) FROM auth_service.sessions s
    WHERE s.user_id = u.user_id AND s.revoked_at IS NULL AND s.expires_at > now()
) AS sessions
FROM user_service.users u JOIN user_service.profiles p USING (user_id)
WHERE u.user_id IN (
    SELECT $1::uuid
    UNION ALL SELECT n.user_id FROM user_service.profiles n WHERE lower(n.username) = $2
    UNION ALL SELECT w.user_id FROM wallet_service.wallet_links w WHERE w.address = $3 AND w.unlinked_at IS NULL
)
ORDER BY u.created_at LIMIT 2
"""
_LOCK: Final = "SELECT status FROM user_service.users WHERE user_id = $1 FOR UPDATE"
_DELETION: Final = "SELECT begun_at FROM user_service.deletions WHERE user_id = $1 AND taken_back_at IS NULL"
_SET: Final = "UPDATE user_service.users SET status = $2 WHERE user_id = $1"


@dataclass(frozen=True, slots=True)
class FoundUser:
    """A user as an operator sees them."""

    user_id: UserId
    username: str | None
    status: str
    created_at: datetime
    sessions: int
    """Live ones."""


class Standing:
    """Finds users, and changes their status."""

    def __init__(self, pool: asyncpg.Pool, revocation: Revocation) -> None:
        self._pool = pool
        self._revocation = revocation

    async def find(self, key: str) -> FoundUser:
        """The user with this id, username or linked address. Raises NotFoundError; ConflictError if there are several,
        such as the users of one contract address on two chains."""
        rows = await self._pool.fetch(_FIND, *_read(key))
        if not rows:
            raise NotFoundError(f"No user has the id, name or wallet {key}")
        if len(rows) > 1:
            raise ConflictError(f"{key} belongs to several users: give the user's id")
        return FoundUser(**rows[0])

    async def change(self, user_id: UserId, status: SettableStatus, *, reason: str, operator: str) -> int:
        """Set the status, on the record, and end the user's sessions unless it is `active`. Returns how many sessions
        ended. A repeated call records nothing, and ends sessions that were left.

        In the grace period of a deletion a user can be closed too, and cannot take it back then; who is restored is
        back in the grace period. Raises NotFoundError; ConflictError for a user who is erased, or whom only they
        themselves can open again.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            before = await connection.fetchval(_LOCK, user_id)
            if before is None:
                raise NotFoundError
            deletion = await connection.fetchrow(_DELETION, user_id)
            if before == "deleted" and (status == "active" or deletion is None or deletion["begun_at"] is not None):
                raise ConflictError("The user is deleted")
            after = "deleted" if status == "active" and deletion is not None else status
            if before != after:
                details = {"from": before, "to": after, "reason": reason, "operator": operator}
                await connection.execute(_SET, user_id, after)
                await record(
                    connection,
                    Entry(
                        EventType.STATUS_CHANGED,
                        f"{before} to {after}",
                        "info" if status == "active" else "warning",
                        user_id=user_id,
                        details=details,
                    ),
                )
        # After the commit: a sign-in that overlaps reads the status once more when its session is open.
        return 0 if status == "active" else await self._revocation.end_all(user_id, "user_closed")


def _read(key: str) -> tuple[UUID | None, str | None, Address | None]:
    """The key as an id, a username or an address; None for what it is not."""
    try:
        return UUID(key), None, None
    except ValueError:
        pass
    try:
        return None, None, parse_address(key)
    except ValueError:
        return None, key.lower() if is_username(key) else None, None
