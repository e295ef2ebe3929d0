"""The market side of a worker: one flow for each chain with a market, which keeps its orders true.

The registry decides which chains there are, and is asked again and again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.worker import Worker

from activities.checking import Checking
from steadymint.chain.nodes.chain import SEAPORT
from steadymint.domain.checking import CHECK_ORDERS, CHECKING, CheckingOrder, workflow_id_of
from steadymint.domain.types import ChainId
from steadymint.durable.search_attributes import attributes
from steadymint.market.checking.service import Checkers
from steadymint.market.policies import policy_of
from workers.parts import WorkerParts
from workers.sandbox import serving_runner
from workflows.check_orders import CheckOrders

LOOK_EVERY: Final = 5.0
"""Seconds between two looks at the registry for chains that were added."""
CHAINS: Final = 64
"""Chains at most whose orders one process checks."""
GRACE: Final = timedelta(seconds=5)
"""A stretch ends with the round it is in as soon as the shutdown begins."""

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def serve_market(parts: WorkerParts) -> AsyncGenerator[None]:
    """Serves the queue `market` for as long as the block runs, and starts a flow for each chain with a market."""
    checking = Checking(Checkers(parts.pool, parts.redis, parts.clients, policy_of))
    worker = Worker(
        parts.temporal,
        task_queue=parts.queues.market,
        workflows=[CheckOrders],
        activities=[checking.check_orders],
        workflow_runner=serving_runner(),
        max_concurrent_activities=CHAINS,
        graceful_shutdown_timeout=GRACE,
    )
    async with worker:
        watch = asyncio.create_task(_watch(parts), name="chains with a market")
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)


async def _watch(parts: WorkerParts) -> None:
    started: set[ChainId] = set()
    while True:
        try:
            chains = await parts.registry.enabled()
            for chain_id in {chain.chain_id for chain in chains if chain.named(SEAPORT)} - started:
                await start_check_orders(parts, chain_id)
                started.add(chain_id)
        except Exception as error:  # whatever it is, the next look may find it gone
            _log.warning("checks_delayed", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY if started else 0.2)


async def start_check_orders(parts: WorkerParts, chain_id: ChainId) -> None:
    """Starts the chain's flow, or finds the one that runs."""
    await parts.temporal.start_workflow(
        CHECK_ORDERS,
        CheckingOrder(chain_id=chain_id),
        id=workflow_id_of(chain_id),
        task_queue=parts.queues.market,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        search_attributes=attributes(flow=CHECK_ORDERS, chain_id=chain_id, step=CHECKING),
        static_summary=f"Keeps the orders of {chain_id} true",
    )
