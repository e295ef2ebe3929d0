"""The deadline of a flow: one timer that is never cancelled."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow


class Deadline:
    """Until when a flow waits for its transaction.

    The timer is never cancelled, so it costs one event; a deadline that was moved is seen when it rings.
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
        """Waits anew from now on, whether or not the deadline has passed."""
        self.at = workflow.now() + timedelta(seconds=seconds)
        if self.passed:
            self.passed = False
            self.start()

    def look_again(self, after: timedelta) -> None:
        """Passes once more after a pause: what kept the flow from ending then may be gone."""
        self.passed = False
        self._ringing = asyncio.create_task(self._ring(after))

    async def _ring(self, pause: timedelta = timedelta()) -> None:
        if pause:
            await workflow.sleep(pause, summary="Deadline, once more")
        while (left := self.at - workflow.now()) > timedelta():
            await workflow.sleep(left, summary="Deadline")
        self.passed = True
