"""The feed of changes of orders for all viewers of an API process: one reader of the table, whoever watches what.

Every event has a number. A viewer is given the events behind its own number that it wants, in order. Those who are up
to date and those who come back from far behind are read for in turns, so nobody waits until another has caught up.
While nobody watches, nothing is read.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Protocol

from steadymint.live.keeping import TICK, VIEWERS, keep
from steadymint.live.viewer import End, ShownStep, Viewer
from steadymint.market.reads.events import OrderEvent, OrderWatch

log = logging.getLogger(__name__)

POLL: Final = 0.25
"""Seconds between two looks for new events. A change reaches its viewers after at most about that."""
PAGE: Final = 500
"""Events of one read."""
PACE: Final = 0.02
"""Seconds between two reads for viewers that are behind."""
RETRY: Final = 0.5
"""Seconds to wait before Postgres is asked again."""


class EventLog(Protocol):
    async def last(self) -> int: ...

    async def after(self, seq: int, most: int) -> Sequence[OrderEvent]: ...


class OrderFeed:
    """The feed of an API process; an async context manager."""

    def __init__(self, events: EventLog, *, poll: float = POLL, tick: float = TICK) -> None:
        self._events = events
        self._poll = poll
        self._tick = tick
        self._viewers: dict[Viewer, OrderWatch] = {}
        self._watched = asyncio.Event()
        self._slots = itertools.count()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> OrderFeed:
        self._tasks = [
            asyncio.create_task(self._follow(), name="order feed: reader"),
            asyncio.create_task(keep(self._all, self._tick), name="order feed: keeper"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        for viewer in self._all():
            viewer.end(End.CLOSED)

    async def last(self) -> int:
        """The number of the last event: where a viewer begins who wants to hear of what comes only."""
        return await self._events.last()

    def join(self, watch: OrderWatch, after: int, max_age: float) -> Viewer:
        """A viewer that gets the wanted events behind the number `after`, for at most `max_age` seconds. Call `leave`
        at the end."""
        viewer = Viewer(watch, after, asyncio.get_running_loop().time() + max_age, next(self._slots))
        self._viewers[viewer] = watch
        VIEWERS.inc()
        self._watched.set()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        if self._viewers.pop(viewer, None) is not None:
            VIEWERS.dec()

    def _all(self) -> list[Viewer]:
        return list(self._viewers)

    async def _follow(self) -> None:
        while True:
            if not self._viewers:
                self._watched.clear()
                await self._watched.wait()
            try:
                pause = PACE if await self._look() else self._poll
            except Exception as error:  # any error: the events stay in the table
                log.warning("order events could not be read: %s", type(error).__name__)
                pause = RETRY
            await asyncio.sleep(pause)

    async def _look(self) -> bool:
        """Read for the foremost viewers and for the hindmost. Returns whether somebody is still behind."""
        last = await self._events.last()
        behind = self._behind(last)
        for start in sorted({viewer.seq for viewer in behind[:1] + behind[-1:]}, reverse=True):
            events = await self._events.after(start, PAGE)
            self._tell(start, events, events[-1].seq if len(events) == PAGE else last)
        return bool(self._behind(last))

    def _behind(self, last: int) -> list[Viewer]:
        """The viewers that have something to be told and room for it, the hindmost first. A viewer without room has a
        reader that is slow, and is told later."""
        found = (viewer for viewer in self._viewers if viewer.seq < last and viewer.has_room)
        return sorted(found, key=lambda viewer: viewer.seq)

    def _tell(self, start: int, events: Sequence[OrderEvent], end: int) -> None:
        """Give the events, which are all from behind `start` up to `end`, to those who have seen all up to there. Old
        events are deleted, so numbers may be missing."""
        shown = _Shown()
        for viewer, watch in list(self._viewers.items()):
            if viewer.seq < start:
                continue
            for event in events[bisect_right(events, viewer.seq, key=_number) :]:
                if not watch.wants(event):
                    viewer.seq = event.seq
                elif viewer.has_room:
                    viewer.take(shown.step(event))
                else:
                    break
            else:
                viewer.seq = max(viewer.seq, end)


class _Shown:
    """Events as they are sent, each rendered once, and only if somebody wants it."""

    def __init__(self) -> None:
        self._steps: dict[int, ShownStep] = {}

    def step(self, event: OrderEvent) -> ShownStep:
        if event.seq not in self._steps:
            self._steps[event.seq] = ShownStep(event.seq, False, event.rendered())
        return self._steps[event.seq]


def _number(event: OrderEvent) -> int:
    return event.seq
