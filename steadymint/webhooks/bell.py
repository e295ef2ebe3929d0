"""Says when a webhook has got further events, to the attempts of this process that have sent all they had.

An attempt that stays for a moment saves a wake-up, which costs Temporal ten times as much as an event. One query asks
for all that stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg
import structlog

POLL: Final = 0.1
"""Seconds between two looks, while anybody waits."""
REST: Final = 1.0
"""Seconds before the next look after a failure."""

_log = structlog.get_logger(__name__)

_LAST: Final = """
SELECT webhook_id, runner, last_seq FROM event_service.webhooks WHERE webhook_id = ANY ($1) AND status = 'active'"""


@dataclass(slots=True, eq=False)
class _Waiting:
    webhook_id: UUID
    runner: UUID
    known: int
    last: asyncio.Future[int | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Bell:
    """The bell of a process. It rings while `ringing` runs."""

    def __init__(self, pool: asyncpg.Pool, *, most: int, poll: float = POLL) -> None:
        """`most`: attempts that wait at a time. Each holds a place of the worker, which others may need."""
        self._pool = pool
        self._most = most
        self._poll = poll
        self._waiting: set[_Waiting] = set()
        self._somebody = asyncio.Event()

    async def further(
        self, webhook_id: UUID, runner: UUID, known: int, stop: asyncio.Event, seconds: float
    ) -> int | None:
        """The number of the webhook's last event, once it is above `known`. None if that does not happen in so many
        seconds, if `stop` is set, or once the attempt `runner` has lost the webhook; at once if enough others wait."""
        if len(self._waiting) >= self._most:
            return None
        waiting = _Waiting(webhook_id, runner, known)
        self._waiting.add(waiting)
        self._somebody.set()
        stopped = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({waiting.last, stopped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return waiting.last.result() if waiting.last.done() else None
        finally:
            self._waiting.discard(waiting)
            waiting.last.cancel()
            stopped.cancel()

    async def look(self) -> None:
        """Ring for those that have got further events."""
        asking = list(self._waiting)
        rows = await self._pool.fetch(_LAST, [one.webhook_id for one in asking])
        last = {(row["webhook_id"], row["runner"]): row["last_seq"] for row in rows}
        for one in asking:
            found = last.get((one.webhook_id, one.runner))
            if (found is None or found > one.known) and not one.last.done():
                one.last.set_result(found)

    @asynccontextmanager
    async def ringing(self) -> AsyncGenerator[None]:
        """Ring for as long as the block runs."""
        task = asyncio.create_task(self._run(), name="webhooks: bell")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._somebody.wait()
            if not self._waiting:
                self._somebody.clear()
                continue
            await asyncio.sleep(await self._looked())

    async def _looked(self) -> float:
        try:
            await self.look()
        except Exception as error:  # who waits does so for seconds only, and then asks by itself
            _log.warning("webhooks_not_rung", error=type(error).__name__)
            return REST
        return self._poll
