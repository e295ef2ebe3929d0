"""Tells how far the filling is, in the way in which a stack tells of its parts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from steadymint.stack.report import Report, State

TELL_EVERY: Final = 3.0
"""Seconds between two lines about something that takes its time."""


class Phases:
    """The phases of something long, each told to a `Report` when it begins, meanwhile, and when it ends."""

    def __init__(self, report: Report) -> None:
        self._report = report

    @asynccontextmanager
    async def phase(self, name: str, detail: Callable[[], str]) -> AsyncGenerator[None]:
        """`detail` says how far it is."""

        async def tell() -> None:
            while True:
                await asyncio.sleep(TELL_EVERY)
                self._report(name, State.STARTING, 0, detail())

        begun = time.monotonic()
        self._report(name, State.STARTING, 0, "")
        telling = asyncio.create_task(tell())
        try:
            yield
        except BaseException:
            self._report(name, State.FAILED, time.monotonic() - begun, detail())
            raise
        else:
            self._report(name, State.READY, time.monotonic() - begun, detail())
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling
