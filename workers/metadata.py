"""The metadata side of a worker: batches of refreshes, and the sweep that wakes flows of which nobody told them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
from temporalio.worker import Worker

from activities.refreshing import Refreshing
from steadymint.catalog.cache import CatalogCache
from steadymint.catalog.trait_writer import TraitWriter
from steadymint.durable import policies
from steadymint.durable.refreshing import Refreshes
from steadymint.media.assets import Assets
from steadymint.media.content import LocalContent
from steadymint.media.store import open_object_store
from steadymint.metadata.contracts import IndexedContracts
from steadymint.metadata.docs import Docs
from steadymint.metadata.entries import Entries
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.metadata.overdue import Overdue
from steadymint.metadata.ranks import CollectionRanks
from steadymint.metadata.refresh import Refresh
from steadymint.metadata.settle import Settlement
from workers.parts import WorkerParts

BATCHES_AT_ONCE: Final = 12
"""Batches of different collections at once, so that slow servers of a few collections delay no other. Each holds 8 MiB
of documents and what it is fetching. The budget of a host is for the process, not for the batch."""
GRACE: Final = timedelta(seconds=5)
"""A batch begins no further document once the shutdown has begun. What is cut off is read again by another worker."""
SWEEP_EVERY: Final = 60.0
"""Seconds. Only what lost its wake-up waits for it: a crash between a commit and the call, or Temporal being away."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_metadata(parts: WorkerParts) -> AsyncGenerator[None]:
    """Serves the queue `metadata` for as long as the block runs, and sweeps."""
    async with AsyncExitStack() as stack:
        content = LocalContent(open_object_store(parts.settings.media), Assets(parts.mongo))
        fetcher = await stack.enter_async_context(Fetcher.open(parts.settings.metadata, content))
        refreshing = Refreshing(
            refresh(parts, fetcher),
            CollectionRanks(parts.pool, CatalogCache(parts.redis)),
            stretch=policies.REFRESH_STRETCH.total_seconds(),
        )
        worker = Worker(
            parts.temporal,
            task_queue=parts.queues.metadata,
            activities=[refreshing.refresh_batch, refreshing.rank_collection],
            max_concurrent_activities=BATCHES_AT_ONCE,
            graceful_shutdown_timeout=GRACE,
        )
        await stack.enter_async_context(worker)
        refreshes = Refreshes(parts.temporal, parts.queues)
        sweep = asyncio.create_task(sweep_overdue(Overdue(parts.pool), refreshes), name="overdue metadata")
        try:
            yield
        finally:
            sweep.cancel()
            await asyncio.gather(sweep, return_exceptions=True)


def refresh(parts: WorkerParts, fetcher: Fetcher) -> Refresh:
    """What reads a batch, over this process's connections."""
    return Refresh(
        Entries(parts.pool),
        Settlement(parts.pool, TraitWriter()),
        Docs(parts.mongo),
        IndexedContracts(parts.pool, parts.clients),
        fetcher,
        parts.settings.metadata,
        CatalogCache(parts.redis),
    )


async def sweep_overdue(overdue: Overdue, refreshes: Refreshes) -> None:
    """For ever, a round a minute. Several processes may: waking a flow twice has it look at the queue twice."""
    while True:
        try:
            for collection in await overdue.collections():
                if await refreshes.wake(collection):
                    _log.info("refresh_woken", chain=collection.chain_id, contract=collection.contract)
        except Exception as error:  # whatever it is: what lost its wake-up is found by nobody else
            _log.warning("sweep_delayed", error=type(error).__name__)
        await asyncio.sleep(SWEEP_EVERY)
