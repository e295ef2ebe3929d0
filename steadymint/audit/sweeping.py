"""The sweep of security events: those that are older than the setting `audit.retention_days` says are deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import asyncpg

from steadymint.audit.keys import AUDIT_RETENTION
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.database import AT_ONCE, in_batches

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
        kept = timedelta(days=await self._settings.get(AUDIT_RETENTION))
        return await in_batches(self._pool, _DELETE, kept, AT_ONCE)
