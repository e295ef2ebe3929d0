"""The sweep of deletions: it wakes the flow of each that is due and not done, and starts it if there is none.

A flow can be lost while its row stands: with a backup of Temporal that is older than that of Postgres, or with a host
that dies while an account is closed. The user cannot ask again, since every session has ended.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Protocol

import asyncpg

from steadymint.domain.types import UserId

LATE: Final = timedelta(hours=1)
"""How long after its time a deletion is looked after. Most are done within seconds."""

_LATE: Final = """
SELECT user_id FROM user_service.deletions
WHERE taken_back_at IS NULL AND erased_at IS NULL AND due_at < now() - $1::interval
"""


class Flows(Protocol):
    async def resume(self, user_id: UserId) -> None:
        """Wakes or starts the flow, which looks at the row. It closes no account."""
        ...


class DeletionSweep:
    """Several processes may sweep at once: a flow that is woken twice looks twice."""

    def __init__(self, pool: asyncpg.Pool, flows: Flows) -> None:
        self._pool = pool
        self._flows = flows

    async def run(self) -> int:
        """Wake every flow that is late, and return their number. Raises UpstreamUnavailableError."""
        late = await self._pool.fetch(_LATE, LATE)
        for row in late:
            await self._flows.resume(UserId(row["user_id"]))
        return len(late)
