"""The deadline of a flow: one timer that is never cancelled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow


class Deadline:
    """The time until which a flow waits for its transaction.

    The timer is never cancelled, so it costs one event. When it ends, a later deadline starts another timer.
    """

    def __init__(self, seconds: int) -> None:
        self.at: datetime = workflow.now() + timedelta(seconds=seconds)
        self.passed = False
        self._ringing: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Sets the timer, once the flow has begun to wait."""
        self._ringing = asyncio.create_task(self._ring())

    def extend(self, by: timedelta) -> datetime:
        """Moves the deadline, which has not passed yet."""
        self.at += by
        return self.at

    def renew(self, seconds: int) -> None:
        """Sets the deadline anew, counted from now, whether or not it has passed."""
        self.at = workflow.now() + timedelta(seconds=seconds)
        if self.passed:
            self.passed = False
            self.start()

    def look_again(self, after: timedelta) -> None:
        """Passes once more after a pause, because the reason why the flow did not end may be gone then."""
        self.passed = False
        self._ringing = asyncio.create_task(self._ring(after))

    async def _ring(self, pause: timedelta = timedelta()) -> None:
        if pause:
            await workflow.sleep(pause, summary="Deadline, once more")
        while (left := self.at - workflow.now()) > timedelta():
            await workflow.sleep(left, summary="Deadline")
        self.passed = True
