"""The sweep of sign-in: it deletes expired nonces and refresh tokens in small batches.

Sessions are kept for ever, one per nonce; `log_sweeping` removes where they came from, and the rows of `login_events`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

from steadymint.database import AT_ONCE, in_batches

KEPT: Final = timedelta(days=1)
"""How long an expired row is kept for operators who look into what happened. A replay is refused without the row too: a
missing nonce is as invalid as a used one."""

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
    """Deletes expired rows. Several processes may sweep at once: each takes the rows that no other has locked."""

    def __init__(self, pool: asyncpg.Pool, session_max_age: int) -> None:
        """`session_max_age` in seconds: the longest life of a session."""
        self._pool = pool
        # A used token that is used again ends its session, so it is kept for as long as the session may live. A session
        # begins with its sign-in, and each of its tokens expires later than that.
        self._tokens_kept = timedelta(seconds=session_max_age) + KEPT

    async def run(self) -> int:
        """Delete all expired rows and return their number. Each batch is a transaction of its own."""
        nonces = await in_batches(self._pool, _NONCES, KEPT, AT_ONCE)
        return nonces + await in_batches(self._pool, _REFRESH_TOKENS, self._tokens_kept, AT_ONCE)
