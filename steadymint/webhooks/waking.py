"""Tells the flows of webhooks that there is something to do. The wish is in the webhook's row, written with the event.

So it takes no call to Temporal to give out an event, to go on or to replay: all of that works while Temporal is down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from steadymint.database import in_batches

POLL: Final = 0.1
"""Seconds between two looks. An event waits at most so long."""
AT_ONCE: Final = 50
"""Flows that are told at a time: more calls at once would only wait for each other at Temporal."""
REST: Final = 1.0
"""Seconds before the next look after a failure."""
LOST_AFTER: Final = 180.0
"""Seconds without a sign of life after which a flow that should be at work is told again: its message was lost in a
crash, or an operator has ended it. Twice as long as an attempt may be silent."""
LOOK_FOR_LOST_EVERY: Final = 30.0
SWEEP_EVERY: Final = 3600.0
SWEPT_AT_ONCE: Final = 10_000
"""Rows of one deletion, so that no statement holds its locks for long."""

_log = structlog.get_logger(__name__)

# From then on the flow should be at work, and is found lost if it is not, whatever it was told for: a webhook that was
# deleted is to have its flow end. A paused one has nothing to do.
_WANTED: Final = """
UPDATE event_service.webhooks SET wake = false, worked_at = now(), busy = status <> 'paused' WHERE webhook_id IN (
    SELECT webhook_id FROM event_service.webhooks WHERE wake LIMIT $1 FOR UPDATE SKIP LOCKED)
RETURNING webhook_id"""
_AGAIN: Final = "UPDATE event_service.webhooks SET wake = true WHERE webhook_id = $1"
_LOST: Final = """
UPDATE event_service.webhooks SET wake = true, worked_at = now() WHERE webhook_id IN (
    SELECT webhook_id FROM event_service.webhooks
    WHERE status <> 'paused' AND NOT wake AND worked_at < now() - $1 * interval '1 second'
        AND (busy OR status = 'active' AND retry_at < now() - $1 * interval '1 second')
    LIMIT $2 FOR UPDATE SKIP LOCKED)"""
# Deliveries before the events that they are about. Of a webhook that was deleted, what it was to get is gone by then.
_SWEEP: Final = tuple(
    f"DELETE FROM event_service.{table} WHERE ctid = ANY (ARRAY("  # noqa: S608 - constants
    f"SELECT ctid FROM event_service.{table} WHERE {time} < now() - $1 * interval '1 day'"
    " LIMIT $2 FOR UPDATE SKIP LOCKED))"
    for table, time in (
        ("webhook_deliveries", "created_at"),
        ("webhook_events", "created_at"),
        ("webhooks", "status = 'deleted' AND updated_at"),
    )
)

Wake = Callable[[UUID], Awaitable[bool]]
"""Tell a webhook's flow. False if Temporal did not answer."""


class Waker:
    """The side of a worker that tells flows. Several processes may."""

    def __init__(self, pool: asyncpg.Pool, wake: Wake, *, kept_days: int, poll: float = POLL) -> None:
        """`kept_days`: for how long events and what has come of them can be asked for and replayed."""
        self._pool = pool
        self._wake = wake
        self._kept_days = kept_days
        self._poll = poll

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_for_ever(self._look, self._poll, "webhooks_not_woken"), name="webhooks: wake")
            tasks.create_task(_for_ever(self.find_lost, LOOK_FOR_LOST_EVERY, "webhooks_lost"), name="webhooks: lost")
            tasks.create_task(_for_ever(self.sweep, SWEEP_EVERY, "webhooks_not_swept"), name="webhooks: sweep")

    async def tell(self) -> int:
        """Tell the flows that have to be told. Returns how many were."""
        wanted = [row["webhook_id"] for row in await self._pool.fetch(_WANTED, AT_ONCE)]
        missed = wanted
        try:
            told = await asyncio.gather(*(self._wake(webhook_id) for webhook_id in wanted), return_exceptions=True)
            missed = [webhook_id for webhook_id, was_told in zip(wanted, told, strict=True) if was_told is not True]
        finally:
            if missed:  # all of them, if the worker stops in the middle
                await asyncio.shield(self._want_again(missed))
        if missed:
            await asyncio.sleep(REST)
        return len(wanted) - len(missed)

    async def _want_again(self, missed: Sequence[UUID]) -> None:
        for webhook_id in missed:
            await self._pool.execute(_AGAIN, webhook_id)

    async def find_lost(self) -> None:
        """Have those flows told again that should be at work and show no sign of it."""
        await self._pool.execute(_LOST, LOST_AFTER, AT_ONCE)

    async def sweep(self) -> None:
        """Delete what is too old."""
        for statement in _SWEEP:
            await in_batches(self._pool, statement, self._kept_days, SWEPT_AT_ONCE)

    async def _look(self) -> None:
        while await self.tell():
            pass


async def _for_ever(work: Callable[[], Awaitable[None]], every: float, failure: str) -> None:
    while True:
        pause = every
        try:
            await work()
        except Exception as error:  # the rows stay, and the next look finds them
            _log.warning(failure, error=type(error).__name__)
            pause = max(REST, every)
        await asyncio.sleep(pause)
