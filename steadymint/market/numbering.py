"""The care of the changes of orders: each gets its number, whether somebody watches or not, and old ones are deleted.

Without the numbers, whoever begins to watch after a quiet week would be told of the whole week as if it happened now.
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

import structlog

POLL: Final = 0.25
"""Seconds between two looks. Viewers give numbers, too, so none of them waits for this."""
REST: Final = 1.0
"""Seconds before the next look after a failure."""
SWEEP_EVERY: Final = 10.0
"""Seconds between two deletions of old events, which only cost space."""

_log = structlog.get_logger(__name__)


class Numbered(Protocol):
    async def last(self) -> int:
        """The number of the last event, once those without a number have theirs; some thousands at once."""
        ...

    async def sweep(self) -> int: ...


async def number_events(events: Numbered, *, poll: float = POLL) -> None:
    """Number events until cancelled. Several processes may: one of them does it at a time."""
    before = 0
    while True:
        try:
            last = await events.last()
            pause = poll if last == before else 0.0
            before = last
        except Exception as error:  # the events stay, and are numbered later
            _log.warning("order_events_not_numbered", error=type(error).__name__)
            pause = REST
        await asyncio.sleep(pause)


async def sweep_events(events: Numbered, *, every: float = SWEEP_EVERY) -> None:
    """Delete old events until cancelled."""
    while True:
        try:
            await events.sweep()
        except Exception as error:  # the next round does it
            _log.warning("order_events_not_swept", error=type(error).__name__)
        await asyncio.sleep(every)
