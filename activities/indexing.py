"""Indexing a chain: one long activity after another, each of which may be killed at any line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from temporalio import activity

from activities.background import beside, heartbeating, stopping
from activities.index_watch import IndexWatch
from activities.notices import Notices
from steadymint.domain.errors import NotFoundError, SteadymintError, UnknownChainError, UpstreamUnavailableError
from steadymint.domain.index_standing import Pace
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

    async def pace(self, chain_id: ChainId) -> Pace:
        """Raises UnknownChainError."""
        ...

    async def nodes(self, chain_id: ChainId) -> str:
        """The chain's endpoints with their addresses, without keys, and how far each is. Raises UnknownChainError."""
        ...


class Indexing:
    """The activities `index_span` and `rewind_index`."""

    def __init__(self, readers: ChainReaders, notices: Notices) -> None:
        self._readers = readers
        self._notices = notices

    @activity.defn
    @activity_boundary
    async def index_span(self, order: SpanOrder) -> SpanSummary:
        """Index for `order.seconds`, or until the worker shuts down; heartbeats where it stands, and tells the flow
        when it falls behind, does not move, or has caught up."""
        stop = asyncio.Event()
        watch = IndexWatch(self._readers, self._notices, order)
        try:
            async with (
                heartbeating(HEARTBEAT_EVERY, watch.heartbeat),
                stopping(stop, order.seconds),
                beside(watch.run()),
            ):
                reader = await self._readers.open(order.chain_id, watch.progress)
                return await reader.run(stop)
        except (UnknownChainError, NotFoundError) as error:
            # Disabled, or without a factory for now: no reason to halt, it goes on when it is registered again.
            raise UpstreamUnavailableError(error.detail, retry_after=REGISTERED_AGAIN) from error
        except SteadymintError as error:
            await watch.failed(error)
            raise

    @activity.defn
    @activity_boundary
    async def rewind_index(self, order: RewindOrder) -> SpanSummary:
        """Forget everything above a block, so that the next stretch reads it again. One transaction, and repeated by
        another worker if this one is killed."""
        async with heartbeating(HEARTBEAT_EVERY, lambda: SpanSummary(checkpoint=order.block)):
            reader = await self._readers.open(order.chain_id, lambda _: None)
            return await reader.rewind(order.block)
