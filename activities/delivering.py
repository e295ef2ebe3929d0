"""Delivering events to a webhook, for a stretch of time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from temporalio import activity

from activities.background import heartbeating, stopping
from steadymint.domain.webhooks import StretchOrder, StretchSummary
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 5.0
"""Seconds between heartbeats. They hold a count."""


class Deliverer(Protocol):
    """Sends events to webhooks."""

    async def stretch(
        self, order: StretchOrder, stop: asyncio.Event, progress: Callable[[int], None]
    ) -> StretchSummary:
        """Send what is due until nothing is, or `stop` is set; report how many were taken so far."""
        ...


class Delivering:
    """The activity `deliver_stretch`, on the queue `webhooks`."""

    def __init__(self, deliverer: Deliverer, *, stretch: float) -> None:
        """`stretch`: seconds after which no further event is sent."""
        self._deliverer = deliverer
        self._stretch = stretch

    @activity.defn
    @activity_boundary
    async def deliver_stretch(self, order: StretchOrder) -> StretchSummary:
        """Send what is due to one webhook, in the order of each subject.

        What was taken is recorded in batches. If the worker dies before that, the next attempt sends those events once
        more under the same ids, by which a receiver knows them. An older attempt that is still alive takes no further
        batch.
        """
        stop = asyncio.Event()
        taken = 0

        def progress(so_far: int) -> None:
            nonlocal taken
            taken = so_far

        async with heartbeating(HEARTBEAT_EVERY, lambda: taken), stopping(stop, self._stretch):
            return await self._deliverer.stretch(order, stop, progress)
