"""Indexing a chain: one long activity after another, each of which may be killed at any line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from temporalio import activity

from activities.background import heartbeating, stopping
from steadymint.domain.errors import NotFoundError, UnknownChainError, UpstreamUnavailableError
from steadymint.domain.indexing import RewindOrder, SpanOrder, SpanSummary
from steadymint.domain.types import ChainId
from steadymint.durable.failures import activity_boundary

REGISTERED_AGAIN: Final = 10.0
"""Seconds between two looks for a chain that is not registered."""
HEARTBEAT_EVERY: Final = 0.5
"""Seconds. The heartbeat timeout is a few of these: how long a killed worker goes unnoticed."""


class ChainReader(Protocol):
    """Reads one chain into the catalog."""

    async def run(self, stop: asyncio.Event) -> SpanSummary:
        """Until `stop` is set. Raises IndexerHaltedError, AnotherWriterError, UpstreamUnavailableError."""
        ...

    async def rewind(self, block: int) -> SpanSummary:
        """Forget everything above `block` and lift a halt."""
        ...


class ChainReaders(Protocol):
    """Makes readers from what the registry says at the moment."""

    async def open(self, chain_id: ChainId, progress: Callable[[SpanSummary], None]) -> ChainReader:
        """A reader for one use; it cleans up after itself. Raises UnknownChainError."""
        ...


class Indexing:
    """The activities `index_span` and `rewind_index`."""

    def __init__(self, readers: ChainReaders) -> None:
        self._readers = readers

    @activity.defn
    @activity_boundary
    async def index_span(self, order: SpanOrder) -> SpanSummary:
        """Index for `order.seconds`, or until the worker shuts down; heartbeats where it stands."""
        stop = asyncio.Event()
        latest = SpanSummary(checkpoint=-1)

        def progress(summary: SpanSummary) -> None:
            nonlocal latest
            latest = summary

        try:
            async with heartbeating(HEARTBEAT_EVERY, lambda: latest), stopping(stop, order.seconds):
                reader = await self._readers.open(order.chain_id, progress)
                return await reader.run(stop)
        except (UnknownChainError, NotFoundError) as error:
            # Disabled, or without a factory for now: no reason to halt, it goes on when it is registered again.
            raise UpstreamUnavailableError(error.detail, retry_after=REGISTERED_AGAIN) from error

    @activity.defn
    @activity_boundary
    async def rewind_index(self, order: RewindOrder) -> SpanSummary:
        """Forget everything above a block, so that the next stretch reads it again. One transaction, and repeated by
        another worker if this one is killed."""
        async with heartbeating(HEARTBEAT_EVERY, lambda: SpanSummary(checkpoint=order.block)):
            reader = await self._readers.open(order.chain_id, lambda _: None)
            return await reader.rewind(order.block)
