"""The signals that end a command which runs a stack, or uses one for a while."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


class StoppedError(Exception):
    """A signal came before the work was done."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__(f"stopped by {number.name}")
        self.exit_code = 128 + number
        """What a shell reports of a process that the signal has ended."""


class StopSignals:
    """SIGINT, SIGTERM and SIGHUP while the context is open: the first one counts, and cancels what `unless_told` runs.
    Further ones change nothing, so that they do not interrupt a stack that stops.

    SIGINT counts although a shell ignores it for its background jobs. SIGHUP does not where it is ignored (`nohup`).
    """

    def __init__(self, tell: Callable[[], None] = lambda: None) -> None:
        """`tell` is called at the first signal."""
        self._tell = tell
        self._taken: list[signal.Signals] = []
        self._told: asyncio.Future[signal.Signals]

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._told = loop.create_future()
        self._taken = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            self._taken.append(signal.SIGHUP)
        for number in self._taken:
            loop.add_signal_handler(number, self._take, number)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in self._taken:
            asyncio.get_running_loop().remove_signal_handler(number)

    async def wait(self) -> None:
        """Until the first signal."""
        await asyncio.wait([self._told])

    async def unless_told(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work. Raises StoppedError if a signal comes first, once the cancelled work has ended."""
        task = asyncio.ensure_future(work)
        try:
            await asyncio.wait([task, self._told], return_when=asyncio.FIRST_COMPLETED)
        finally:
            task.cancel()
            await asyncio.wait([task])
        if task.cancelled() and self._told.done():
            raise StoppedError(self._told.result())
        return task.result()

    def _take(self, number: signal.Signals) -> None:
        if not self._told.done():
            self._told.set_result(number)
            self._tell()
