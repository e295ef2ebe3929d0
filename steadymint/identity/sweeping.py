"""Rows of sign-in whose time is over and that can decide nothing any more, taken away a few at a time.

What stays for ever is the session, one for each nonce, and the line of each attempt in `login_events`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

KEPT: Final = timedelta(days=1)
"""How long a row outlives its time, for whoever wants to know what has happened. A replay needs no row to be refused: a
nonce that is not there is as invalid as one that is used, and nothing can use it up."""
AT_ONCE: Final = 1_000
"""Rows of one statement: some ten milliseconds, and few locks."""

_NONCES: Final = """
DELETE FROM auth_service.auth_nonces WHERE nonce = ANY (ARRAY (
    SELECT nonce FROM auth_service.auth_nonces WHERE expires_at < now() - $1::interval
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""

_REFRESH_TOKENS: Final = """
DELETE FROM auth_service.refresh_tokens WHERE hash = ANY (ARRAY (
    SELECT hash FROM auth_service.refresh_tokens WHERE expires_at < now() - $1::interval
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""


class SignInSweep:
    """Several processes may sweep at once: each takes what no other has locked."""

    def __init__(self, pool: asyncpg.Pool, session_max_age: int) -> None:
        """`session_max_age` in seconds: how long a session may live, whatever is refreshed."""
        self._pool = pool
        # A used token that comes back ends its session, so it is kept for as long as the session may live. That is
        # counted from the sign-in, before which no token of it was issued, let alone had its end.
        self._tokens_kept = timedelta(seconds=session_max_age) + KEPT

    async def run(self) -> int:
        """Deletes what there is; how many rows that was. Each batch is a transaction of its own."""
        return await self._delete(_NONCES, KEPT) + await self._delete(_REFRESH_TOKENS, self._tokens_kept)

    async def _delete(self, statement: str, kept: timedelta) -> int:
        deleted = 0
        while True:
            status: str = await self._pool.execute(statement, kept, AT_ONCE)
            batch = int(status.rpartition(" ")[2])
            deleted += batch
            if batch < AT_ONCE:
                return deleted
