"""The indexing side of a worker: one queue, one worker and one flow for each enabled chain.

The registry decides which chains there are, and is asked again and again: adding a chain is data, not a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.worker import Worker

from activities.indexing import Indexing
from steadymint.catalog.cache import CatalogCache
from steadymint.chain.nodes.chain import FACTORY
from steadymint.database import create_pool
from steadymint.domain.indexing import INDEX_CHAIN, READING, IndexOrder, workflow_id_of
from steadymint.domain.types import ChainId
from steadymint.durable.notices import Notices
from steadymint.durable.refreshing import Refreshes
from steadymint.durable.search_attributes import attributes
from steadymint.indexing import metrics
from steadymint.indexing.index_progress import IndexProgress
from steadymint.indexing.readers import Readers
from steadymint.intents.repository import IntentRepository
from steadymint.live.approval_checks import ApprovalChecks
from steadymint.settings import PostgresSettings
from workers.parts import WorkerParts
from workers.sandbox import serving_runner
from workflows.index_chain import IndexChain

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at the registry for chains that were added or disabled, and at where each index stands."""

SETTLING: Final = 4
"""Connections at most on which intents are settled. An indexer needs one, for some milliseconds of a block."""

GRACE: Final = timedelta(seconds=5)
"""A stretch ends with the block it is in as soon as the shutdown begins."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_indexers(parts: WorkerParts) -> AsyncGenerator[None]:
    """Indexes every enabled chain for as long as the block runs."""
    async with _settling(parts.settings.postgres) as intents:
        indexers = _Indexers(parts, intents)
        watch = asyncio.create_task(indexers.watch(), name="chains to index")
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
            await indexers.close()


@asynccontextmanager
async def _settling(settings: PostgresSettings) -> AsyncGenerator[IntentRepository]:
    """Intents over connections of the indexers' own: a block's viewers wait for nobody's query. The statement that
    settles is large, so it is planned once for a connection: for each block anew that is a third of its work."""
    pool = await create_pool(
        settings.dsn.get_secret_value(),
        min_size=1,
        max_size=SETTLING,
        command_timeout=settings.command_timeout,
        generic_plans=True,
    )
    async with pool:
        yield IntentRepository(pool)


class _Indexers:
    """The workers of this process, by chain."""

    def __init__(self, parts: WorkerParts, intents: IntentRepository) -> None:
        self._parts = parts
        self._intents = intents
        self._progress = IndexProgress(parts.pool)
        self._workers: dict[ChainId, asyncio.Task[None]] = {}
        self._serving: dict[ChainId, Worker] = {}

    async def watch(self) -> None:
        while True:
            for look in (self._follow_registry, self._measure):
                try:
                    await look()
                except Exception as error:  # whatever it is, the next look may find it gone
                    _log.warning("indexers_delayed", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY if self._workers else 0.2)

    async def close(self) -> None:
        await asyncio.gather(*(self._stop(chain_id) for chain_id in list(self._workers)))

    async def _follow_registry(self) -> None:
        chains = await self._parts.registry.enabled()
        wanted = {chain.chain_id for chain in chains if chain.named(FACTORY)}
        for chain_id in set(self._workers) - wanted:
            await self._stop(chain_id)
        for chain_id in wanted:
            task = self._workers.get(chain_id)
            if task is None or task.done():
                await self._start(chain_id)

    async def _measure(self) -> None:
        for chain_id in self._workers:
            metrics.stands(await self._progress.standing(chain_id))

    async def _start(self, chain_id: ChainId) -> None:
        await start_index_chain(self._parts, chain_id)  # first: if it fails, the next look tries again
        worker = index_worker(self._parts, self._intents, chain_id)
        self._serving[chain_id] = worker
        self._workers[chain_id] = asyncio.create_task(worker.run(), name=f"index worker {chain_id}")
        _log.info("indexing", chain=chain_id)

    async def _stop(self, chain_id: ChainId) -> None:
        task, worker = self._workers.pop(chain_id), self._serving.pop(chain_id)
        await worker.shutdown()
        await asyncio.gather(task, return_exceptions=True)
        metrics.forget(chain_id)


def index_worker(parts: WorkerParts, intents: IntentRepository, chain_id: ChainId) -> Worker:
    """Serves one chain's queue. Several processes may: the chain's lock lets one of them write."""
    indexing = Indexing(readers(parts, intents), Notices(parts.temporal))
    return Worker(
        parts.temporal,
        task_queue=parts.queues.index(chain_id),
        workflows=[IndexChain],
        activities=[indexing.index_span, indexing.rewind_index],
        workflow_runner=serving_runner(),
        max_concurrent_activities=4,
        max_cached_workflows=4,
        graceful_shutdown_timeout=GRACE,
    )


def readers(parts: WorkerParts, intents: IntentRepository) -> Readers:
    mongo: Any = parts.mongo
    return Readers(
        dsn=parts.settings.postgres.dsn.get_secret_value(),
        pool=parts.pool,
        clients=parts.clients,
        trackers=parts.trackers,
        mongo=mongo,
        intents=intents,
        announcer=parts.publisher,
        teller=parts.reopening,
        refreshes=Refreshes(parts.temporal, parts.queues),
        pages=CatalogCache(parts.redis),
        allowances=ApprovalChecks(parts.redis),
    )


async def start_index_chain(parts: WorkerParts, chain_id: ChainId) -> None:
    """Starts the chain's flow, or finds the one that runs."""
    await parts.temporal.start_workflow(
        INDEX_CHAIN,
        IndexOrder(chain_id=chain_id),
        id=workflow_id_of(chain_id),
        task_queue=parts.queues.index(chain_id),
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=attributes(flow=INDEX_CHAIN, chain_id=chain_id, step=READING.step),
        static_summary=f"Reads {chain_id} into the catalog",
    )
