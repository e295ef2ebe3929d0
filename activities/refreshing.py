"""Refreshing metadata: a batch of a collection's queue, and the ranks afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from temporalio import activity

from activities.background import heartbeating, stopping
from steadymint.domain.refreshing import BatchOrder, BatchSummary, CollectionRef, RankOrder
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 2.0
"""Seconds between heartbeats. The timeout is ten times that, because a large document may be parsed in between."""


class Reader(Protocol):
    """Reads documents into the catalog."""

    async def batch(
        self, collection: CollectionRef, stop: asyncio.Event, progress: Callable[[int, int], None]
    ) -> BatchSummary:
        """Settle due entries, and report how many of how many are settled. No document is begun once `stop` is set.

        Raises UpstreamUnavailableError.
        """
        ...


class Ranker(Protocol):
    """Computes rarity ranks."""

    async def rank(self, collection: CollectionRef) -> None: ...


class Refreshing:
    """The activities `refresh_batch` and `rank_collection`, on the queue `metadata`."""

    def __init__(self, reader: Reader, ranker: Ranker, *, stretch: float) -> None:
        """`stretch`: seconds after which a batch begins no further document."""
        self._reader = reader
        self._ranker = ranker
        self._stretch = stretch

    @activity.defn
    @activity_boundary
    async def refresh_batch(self, order: BatchOrder) -> BatchSummary:
        """Read some of the due entries, and say what is left.

        An entry stays in the queue until the transaction that writes its rows. So the next attempt after a kill reads
        it again and writes the same.
        """
        stop = asyncio.Event()
        through = (0, 0)

        def progress(done: int, of: int) -> None:
            nonlocal through
            through = (done, of)

        async with heartbeating(HEARTBEAT_EVERY, lambda: through), stopping(stop, self._stretch):
            return await self._reader.batch(order.collection, stop, progress)

    @activity.defn
    @activity_boundary
    async def rank_collection(self, order: RankOrder) -> None:
        """Compute all ranks of a collection from its present traits. A repeated call computes the same."""
        async with heartbeating(HEARTBEAT_EVERY):
            await self._ranker.rank(order.collection)
