"""Users for sign-in: it creates them and reads their status. SQL of `user_service`."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream

# A trigger on `users` makes the profile, the preferences and the statistics in the same statement.
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
        """The user's status. A missing user is made, with profile, preferences and statistics.

        Raises UpstreamUnavailableError while another sign-in makes the same user: try again.
        """
        status: str | None = await self._pool.fetchval(_ENSURE, user_id)
        if status is None:  # another sign-in makes the user; this statement's snapshot does not hold the row
            raise UpstreamUnavailableError("The user is being made", upstream=Upstream.POSTGRES)
        return status

    async def is_active(self, user_id: UserId) -> bool:
        return await self._pool.fetchval(_STATUS, user_id) == "active"
