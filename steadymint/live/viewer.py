"""One viewer of a stream: it holds the steps that are still to be sent, in order.

A viewer of an intent gets steps from the feed and from Postgres, and accepts only the next one. So no step is sent
twice or out of order, and a gap is noticed. A viewer of orders is given what it wants of one sequence, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum
from typing import Any, Final, NamedTuple

from prometheus_client import Counter

from steadymint.live.eager import Rest, begin

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
    """The process is stopping, or the reader wants no more."""


class PushResult(Enum):
    """What became of a step that was pushed to a viewer."""

    TAKEN = "taken"
    """It was the next one."""
    KNOWN = "known"
    """The viewer has it."""
    GAP = "gap"
    """A step before it is missing."""


Write = Callable[[ShownStep | None], Coroutine[Any, Any, None]]
"""Writes a step to the viewer's connection, or a heartbeat."""


class Viewer:
    """A viewer. The feed pushes steps to it; `pump` runs in the task of its connection.

    While that task waits, everything before has been sent, and `push` writes the step itself. That saves a thousand
    viewers of one block a thousand turns of the event loop. What the connection does not take at once is left to the
    task, and what comes meanwhile is kept for it.
    """

    __slots__ = (
        "_end", "_ended_well", "_idle", "_rest", "_steps", "_task", "_write", "beat_due", "ends_at", "sending_since",
        "seq", "slot", "subject",
    )  # fmt: skip

    def __init__(self, subject: object, seq: int, ends_at: float, slot: int = 0) -> None:
        self.subject = subject
        """What it watches: the id of an intent, or whose orders."""
        self.seq = seq
        """The last step taken, or passed over."""
        self.ends_at = ends_at
        """Loop time."""
        self.slot = slot
        """The viewer's turn for heartbeats."""
        self.sending_since: float | None = None
        """Loop time since when a write has been under way; None between writes."""
        self.beat_due = False
        self._steps: list[ShownStep] = []  # nearly always empty, and a deque takes 700 bytes to hold nothing
        self._write: Write | None = None
        self._task: asyncio.Task[Any] | None = None
        self._idle: asyncio.Future[None] | None = None
        """What the task waits for when there is nothing to do."""
        self._rest: Rest | None = None
        """A write that the connection has not taken yet."""
        self._ended_well = False
        """Whether the last step written is a final one."""
        self._end: End | None = None

    def push(self, step: ShownStep) -> PushResult:
        """Take the step and send it, if it is the next one."""
        if step.seq <= self.seq:
            return PushResult.KNOWN
        if step.seq > self.seq + 1:
            return PushResult.GAP
        self.take(step)
        return PushResult.TAKEN

    def take(self, step: ShownStep) -> None:
        """Take the step and send it, whatever its number."""
        self.seq = step.seq
        if self._is_idle:
            self._send_at_once(step)
        else:
            self._steps.append(step)
            if len(self._steps) > BUFFER:
                self.end(End.SLOW)

    def end(self, why: End) -> None:
        """End the stream. Unsent steps are dropped; the client reconnects with its last seq and gets them."""
        if self._end is not None:
            return
        self._end = why
        self._steps.clear()
        self._wake()
        if why is End.SLOW:
            SLOW_READERS.inc()
            if self._rest is not None and self._task is not None:
                self._task.cancel()

    def beat(self) -> None:
        """Send a heartbeat, or as soon as what is under way is sent."""
        if self._is_idle:
            self._send_at_once(None)
        else:
            self.beat_due = True

    async def pump(self, write: Write) -> End:
        """Write steps, and None for heartbeats, until the stream ends. The feed cancels a write that hangs.

        `write` is begun outside of this task (`eager.begin`). Raises what it raises.
        """
        self._write, self._task = write, asyncio.current_task()
        assert self._task is not None
        try:
            while self._end is None:
                if self._rest is not None:
                    await self._rest
                    self._rest = self.sending_since = None
                elif self._steps:
                    self._send(self._steps.pop(0))
                elif self._ended_well:
                    return End.FINAL
                elif self.beat_due:
                    self.beat_due = False
                    self._send(None)
                else:
                    await self._wait()
            return self._end
        except asyncio.CancelledError:
            if self._end is not End.SLOW or self._task.uncancel() > 0:
                raise
            return End.SLOW
        finally:
            if self._rest is not None:
                self._rest.close()
            self._write = self._task = self._rest = None

    @property
    def has_room(self) -> bool:
        """Whether it can keep one more step."""
        return len(self._steps) < BUFFER

    @property
    def drained(self) -> bool:
        """Whether every step taken so far has been sent."""
        return not self._steps and self._rest is None

    @property
    def _is_idle(self) -> bool:
        return self._idle is not None and not self._idle.done()

    def _send_at_once(self, item: ShownStep | None) -> None:
        """`_send` from outside of the task, which is woken if there is something left to do."""
        try:
            self._send(item)
        except Exception as error:
            assert self._idle is not None
            self._idle.set_exception(error)
            return
        if self._rest is not None or self._ended_well:
            self._wake()

    def _send(self, item: ShownStep | None) -> None:
        assert self._write is not None
        self._rest = begin(self._write(item))
        if self._rest is not None:
            self.sending_since = asyncio.get_running_loop().time()
        if item is not None:
            self._ended_well = item.final

    async def _wait(self) -> None:
        self._idle = asyncio.get_running_loop().create_future()
        try:
            await self._idle
        finally:
            self._idle = None

    def _wake(self) -> None:
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)
