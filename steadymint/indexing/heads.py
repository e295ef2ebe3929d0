"""How the indexer hears of new blocks: from the process's head tracker, with a look of its own as the watchdog."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final, Protocol

WATCHDOG: Final = 2.0
"""Seconds without a word after which the node is asked anyway."""


class Heads(Protocol):
    """Says when to look. What there is to see is asked of the endpoint that will be asked for the logs as well."""

    async def news(self) -> None:
        """Returns when a block was announced since the last call, or when it is time to look anyway."""
        ...


class Tracker(Protocol):
    """What is used of `steadymint.chain.nodes.heads.HeadTracker`."""

    @property
    def head(self) -> Any: ...

    async def changed(self, since: Any = None) -> Any: ...


class TrackedHeads:
    """`Heads` over the tracker that all waiters of this process share: `newHeads`, else polling."""

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
