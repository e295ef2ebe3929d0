"""Keeps the parts of a stack running: one that exits is started again, one that hangs is ended first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.report import Report, State

RESTARTS: Final = 5
"""The number of times that a part may exit by itself within a minute before the stack gives up."""

LOOK_EVERY: Final = 0.2
"""Seconds between two looks for parts that have exited."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a part that does not answer is waited for."""

    ask_every: float = 5.0
    """Seconds between two questions."""
    timeout: float = 5.0
    """Seconds for an answer. On a busy machine a healthy part may take one or two."""
    silences: int = 3
    """Questions in a row without an answer after which a part hangs: half a minute."""
    at_most: int = 24
    """The same for a part that was ended before. The number doubles each time: what does not answer because the
    machine is busy must not be ended for ever."""


class Supervisor:
    """`start` starts a part that is not running, and reports that."""

    def __init__(
        self,
        parts: Callable[[], Sequence[Part]],
        report: Report,
        start: Callable[[Part], Awaitable[None]],
        patience: Patience | None = None,
    ) -> None:
        self._parts = parts
        self._report = report
        self._start = start
        self._patience = patience or Patience()
        self._exits: dict[str, list[float]] = {}

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            PartFailedError: a part exited `RESTARTS` times within a minute.
        """
        watches = [asyncio.create_task(self._watch(part), name=f"watch {part.name}") for part in self._parts()]
        try:
            while True:
                for part in self._parts():
                    if not part.running:
                        await self._again(part)
                await asyncio.sleep(LOOK_EVERY)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)

    async def _again(self, part: Part) -> None:
        recent = [at for at in self._exits.get(part.name, []) if at > time.monotonic() - 60]
        self._exits[part.name] = [*recent, time.monotonic()]
        self._report(part.name, State.FAILED, 0, f"exited with {part.exit_code}")
        if len(self._exits[part.name]) > RESTARTS:
            raise PartFailedError(f"{part.name} keeps exiting; the end of its log:\n{part.log_tail()}")
        with suppress(PartFailedError):  # the next round counts it
            await self._start(part)

    async def _watch(self, part: Part) -> None:
        """Ends the part when it hangs; then it is started like one that has exited."""
        silences, allowed = 0, self._patience.silences
        while True:
            await asyncio.sleep(self._patience.ask_every)
            if not part.running or await self._is_alive(part):
                silences = 0
                continue
            silences += 1
            if silences >= allowed:
                seconds = silences * (self._patience.ask_every + self._patience.timeout)
                self._report(part.name, State.FAILED, seconds, "hangs: it runs and does not answer; it is ended")
                await part.stop()
                silences, allowed = 0, min(allowed * 2, self._patience.at_most)

    async def _is_alive(self, part: Part) -> bool:
        try:
            async with asyncio.timeout(self._patience.timeout):
                return await part.alive()
        except Exception:  # every client library says no in its own way
            return not part.running  # it has exited, and is no matter of ours
