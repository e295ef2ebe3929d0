"""The sweep of security events: those that are older than the setting `audit.retention_days` says are deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

from steadymint.audit.keys import AUDIT_RETENTION
from steadymint.audit.operator_settings import OperatorSettings

AT_ONCE: Final = 1_000
"""Rows of one statement. It takes some ten milliseconds and few locks."""

_DELETE: Final = """
DELETE FROM audit_service.security_events WHERE id = ANY (ARRAY (
    SELECT id FROM audit_service.security_events WHERE created_at < now() - $1::interval
    ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED
))
"""


class AuditSweep:
    """Deletes old entries. Several processes may sweep at once: each takes the rows that no other has locked."""

    def __init__(self, pool: asyncpg.Pool, settings: OperatorSettings) -> None:
        self._pool = pool
        self._settings = settings

    async def run(self) -> int:
        """Delete all old entries and return their number. Each batch is a transaction of its own."""
        kept, deleted = timedelta(days=await self._settings.get(AUDIT_RETENTION)), 0
        while True:
            status: str = await self._pool.execute(_DELETE, kept, AT_ONCE)
            batch = int(status.rpartition(" ")[2])
            deleted += batch
            if batch < AT_ONCE:
                return deleted
