"""One viewer of one intent: it holds the steps that are still to be sent, in order and without a gap.

A viewer gets steps from the feed and from Postgres, and accepts only the next one. So no step is sent twice or out of
order, and a gap is noticed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, Final, NamedTuple
from uuid import UUID

from prometheus_client import Counter

BUFFER: Final = 64
"""Steps kept for a viewer that does not read. An intent without reorgs has seven steps."""

SLOW_READERS: Final = Counter("steadymint_live_slow_readers_total", "Viewers that were disconnected for not reading")


class ShownStep(NamedTuple):
    """A step as it is sent: `view` is rendered JSON."""

    seq: int
    final: bool
    view: bytes


class End(Enum):
    """Why a stream ends."""

    FINAL = "final"
    """The last step so far is a final one."""
    AGE = "age"
    """The stream is as old as it may get, or its token has expired. The client reconnects with its last seq."""
    SLOW = "slow"
    """The reader does not read."""
    CLOSED = "closed"
    """The process is stopping."""


class Offer(Enum):
    TAKEN = "taken"
    KNOWN = "known"
    GAP = "gap"


class Viewer:
    """A viewer. The feed offers it steps, and one task sends them with `next` or `pump`."""

    __slots__ = (
        "_end", "_steps", "_stuck", "_waiter", "beat_due", "ends_at", "intent_id", "sending_since", "seq", "slot"
    )  # fmt: skip

    def __init__(self, intent_id: UUID, seq: int, ends_at: float, slot: int = 0) -> None:
        self.intent_id = intent_id
        self.seq = seq
        """The last step taken."""
        self.ends_at = ends_at
        """Loop time."""
        self.slot = slot
        """The viewer's turn for heartbeats."""
        self.sending_since: float | None = None
        """Loop time since when a write has been under way; None between writes."""
        self.beat_due = False
        self._stuck: asyncio.Task[Any] | None = None
        self._steps: list[ShownStep] = []  # nearly always empty, and a deque takes 700 bytes to hold nothing
        self._waiter: asyncio.Future[None] | None = None
        self._end: End | None = None

    def offer(self, step: ShownStep) -> Offer:
        if step.seq <= self.seq:
            return Offer.KNOWN
        if step.seq > self.seq + 1:
            return Offer.GAP
        self.seq = step.seq
        self._steps.append(step)
        if len(self._steps) > BUFFER:
            self.end(End.SLOW)
        self._notify()
        return Offer.TAKEN

    def end(self, why: End) -> None:
        """End the stream. Unsent steps are dropped; the client reconnects with its last seq and gets them."""
        if self._end is not None:
            return
        self._end = why
        self._steps.clear()
        self._notify()
        if why is End.SLOW:
            SLOW_READERS.inc()
            if self._stuck is not None:
                self._stuck.cancel()

    def beat(self) -> None:
        """Request a heartbeat."""
        self.beat_due = True
        self._notify()

    async def next(self) -> ShownStep | End | None:
        """The next step; None for a heartbeat; an `End` when the stream is over. Call again only after sending."""
        while True:
            if self._end is not None:
                return self._end
            if self._steps:
                return self._steps.pop(0)
            if self.beat_due:
                self.beat_due = False
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    async def pump(self, write: Callable[[ShownStep | None], Awaitable[None]]) -> End:
        """Write steps, and None for heartbeats, until the stream ends. The feed cancels a write that hangs."""
        task = asyncio.current_task()
        assert task is not None
        clock = asyncio.get_running_loop().time
        try:
            while not isinstance(item := await self.next(), End):
                self._stuck, self.sending_since = task, clock()
                await write(item)
                self._stuck = self.sending_since = None
                if item is not None and item.final and self.drained:
                    return End.FINAL
                del item  # or its bytes would be kept until the next step
            return item
        except asyncio.CancelledError:
            if self._end is not End.SLOW or task.uncancel() > 0:
                raise
            return End.SLOW

    @property
    def drained(self) -> bool:
        """Whether every step taken so far has been sent."""
        return not self._steps

    def _notify(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
