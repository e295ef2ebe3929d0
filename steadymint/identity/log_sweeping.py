"""The sweep of the log of sign-ins: where people came from is not kept for longer than the setting
`audit.sign_in_retention_days` says.

Rows of `login_events` are deleted. A session stays, because its nonce must never open another one, and so does a line
of `wallet_activity`, because it says since when a wallet is whose; IP address and user agent are removed from both.
A security event that names no user loses its IP address, since no erasure of an account can find it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

from steadymint.audit.keys import SIGN_IN_RETENTION
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.database import AT_ONCE, in_batches

_LOGIN_EVENTS: Final = """
DELETE FROM auth_service.login_events WHERE id = ANY (ARRAY (
    SELECT id FROM auth_service.login_events WHERE ts < now() - $1::interval
    ORDER BY ts LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""
_SESSIONS: Final = """
UPDATE auth_service.sessions SET ip_address = NULL, user_agent = NULL WHERE session_id = ANY (ARRAY (
    SELECT session_id FROM auth_service.sessions
    WHERE expires_at < now() - $1::interval AND (ip_address IS NOT NULL OR user_agent IS NOT NULL)
    ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""
_ACTIVITY: Final = """
UPDATE wallet_service.wallet_activity SET ip_address = NULL, user_agent = NULL WHERE id = ANY (ARRAY (
    SELECT id FROM wallet_service.wallet_activity
    WHERE created_at < now() - $1::interval AND (ip_address IS NOT NULL OR user_agent IS NOT NULL)
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""
# Of an event with a user, the IP address goes with the user, or with the event.
_NAMELESS: Final = """
UPDATE audit_service.security_events SET ip_address = NULL WHERE id = ANY (ARRAY (
    SELECT id FROM audit_service.security_events
    WHERE created_at < now() - $1::interval AND user_id IS NULL AND ip_address IS NOT NULL
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""


class SignInLogSweep:
    """Several processes may sweep at once: each takes the rows that no other has locked."""

    def __init__(self, pool: asyncpg.Pool, settings: OperatorSettings) -> None:
        self._pool = pool
        self._settings = settings

    async def run(self) -> int:
        """Sweep all that is old, and return the number of rows. Each batch is a transaction of its own."""
        kept = timedelta(days=await self._settings.get(SIGN_IN_RETENTION))
        statements = (_LOGIN_EVENTS, _SESSIONS, _ACTIVITY, _NAMELESS)
        return sum([await in_batches(self._pool, statement, kept, AT_ONCE) for statement in statements])
