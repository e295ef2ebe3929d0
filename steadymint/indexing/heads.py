"""Tells the indexer of new blocks, from the process's head tracker, with a watchdog."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, Protocol

WATCHDOG: Final = 2.0
"""Seconds without an announcement after which the node is asked anyway."""


class Heads(Protocol):
    """Tells when to ask for new blocks. The endpoint that is asked for the logs is also asked for the head."""

    async def news(self) -> None:
        """Return when a block was announced since the last call, or when the watchdog's time is over."""
        ...


class Tracker(Protocol):
    """The part of `steadymint.chain.nodes.heads.HeadTracker` that is used here."""

    @property
    def head(self) -> Any: ...

    async def changed(self, since: Any = None) -> Any: ...


class TrackedHeads:
    """`Heads` from the tracker that the process shares. It uses `newHeads`, or else polls."""

    def __init__(self, tracker: Tracker, watchdog: float = WATCHDOG) -> None:
        self._tracker = tracker
        self._watchdog = watchdog
        self._seen: Any = None

    async def news(self) -> None:
        if self._seen is None and self._tracker.head is not None:
            self._seen = self._tracker.head.hash
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._watchdog):
                self._seen = (await self._tracker.changed(self._seen)).hash
