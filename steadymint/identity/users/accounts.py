"""Users as sign-in sees them: who exists, and who may sign in. SQL of `user_service`."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import UserId

# The trigger on `users` makes profile, preferences and statistics in the same statement.
_ENSURE: Final = """
WITH made AS (
    INSERT INTO user_service.users (user_id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING status
)
SELECT status FROM user_service.users WHERE user_id = $1 UNION ALL SELECT status FROM made
"""

_STATUS: Final = "SELECT status FROM user_service.users WHERE user_id = $1"


class Users:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def ensure(self, user_id: UserId) -> str:
        """The user's status; made with profile, preferences and statistics if there was none.

        Raises UpstreamUnavailableError when another sign-in makes the same user at this moment: ask again.
        """
        status: str | None = await self._pool.fetchval(_ENSURE, user_id)
        if status is None:  # made by somebody whose row this statement's snapshot does not hold
            raise UpstreamUnavailableError("The user is being made")
        return status

    async def is_active(self, user_id: UserId) -> bool:
        return (
            await self._pool.fetchval("SELECT status FROM user_service.users WHERE user_id = $1", user_id) == "active"
        )
