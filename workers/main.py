"""The worker process: which queues it serves, with what, and how it stops.

One process serves every queue on a laptop; in production the queues are split over processes by
`STEADYMINT_WORKER__QUEUES`, since they are bound by different things (see `steadymint.durable.queues`).
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog
from temporalio.worker import Worker

from steadymint.durable import policies
from steadymint.settings import Settings
from steadymint.telemetry.logs import configure_logging
from steadymint.telemetry.metrics import serve_metrics
from workers.checking import serve_market
from workers.events import delivering_events
from workers.indexing import serve_indexers
from workers.kinds import preparing_activities, workflows_of_kinds
from workers.media import serve_media
from workers.metadata import serve_metadata
from workers.orders import serving_orders
from workers.parts import WorkerParts, open_parts
from workers.sandbox import serving_runner
from workers.sweeping import sweeping_old_rows
from workers.webhooks import serve_webhooks
from workflows.delete_account import DeleteAccount
from workflows.export_account import ExportAccount
from workflows.import_collection import ImportCollection
from workflows.link_wallet import LinkWallet
from workflows.refresh_metadata import RefreshMetadata
from workflows.sign_in import SignIn
from workflows.sweep import SweepMedia

GRACE: Final = timedelta(seconds=5)
"""How long running activities may take to end on shutdown. What is cut off is resumed by another worker."""

_log = structlog.get_logger(__name__)


async def run_worker(settings: Settings) -> None:
    """Serves the configured queues until SIGINT or SIGTERM."""
    configure_logging(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_parts(settings) as parts, serve_metrics(settings.worker):
        await serve(parts, stop)


async def serve(parts: WorkerParts, stop: asyncio.Event) -> None:
    """Serves until `stop` is set. Raises ValueError for a queue that nobody knows."""
    queues = parts.settings.worker.queues
    unknown = set(queues) - _MAKERS.keys()
    if unknown:
        raise ValueError(f"unknown queues in STEADYMINT_WORKER__QUEUES: {', '.join(sorted(unknown))}")
    async with AsyncExitStack() as stack:
        for name in queues:
            await stack.enter_async_context(_MAKERS[name](parts))
        _log.info("worker_ready", queues=list(queues), namespace=parts.settings.temporal.namespace)
        await stop.wait()
        _log.info("worker_stopping")


def flows_worker(parts: WorkerParts) -> Worker:
    """Workflows and the local activities inside them."""
    closing, granting, leaving = parts.closing(), parts.granting(), parts.leaving()
    return Worker(
        parts.temporal,
        task_queue=parts.queues.flows,
        workflows=[
            *workflows_of_kinds(),
            SignIn,
            LinkWallet,
            DeleteAccount,
            ExportAccount,
            SweepMedia,
            RefreshMetadata,
            ImportCollection,
        ],
        activities=[
            *preparing_activities(parts.preparing_needs),
            closing.find_prepared,
            closing.read_intent,
            closing.expire_intent,
            closing.extend_intent,
            closing.cancel_intent,
            granting.grant_session,
            parts.linking().link_wallet,
            leaving.close_account,
            leaving.look_whether_due,
            leaving.forget_histories,
            leaving.forget_rows,
        ],
        workflow_runner=serving_runner(),
        max_cached_workflows=parts.settings.worker.max_cached_workflows,
        sticky_queue_schedule_to_start_timeout=policies.STICKY_TIMEOUT,
        graceful_shutdown_timeout=GRACE,
    )


@asynccontextmanager
async def serve_flows(parts: WorkerParts) -> AsyncGenerator[None]:
    """Serves the queue `flows` for as long as the block runs, sweeps old rows, and delivers events."""
    async with flows_worker(parts), sweeping_old_rows(parts), delivering_events(parts):
        yield


def chain_worker(parts: WorkerParts) -> Worker:
    """Short calls to nodes: one signature, one contract, or some orders at a time."""
    importing, orders, signatures = parts.importing(), parts.orders(), parts.signature_checking()
    return Worker(
        parts.temporal,
        task_queue=parts.queues.chain,
        activities=[
            signatures.ask_contract,
            signatures.look_again,
            parts.link_checking().look_again_at_link,
            importing.inspect_contract,
            importing.register_import,
            orders.take_orders,
            orders.build_orders,
        ],
        max_concurrent_activities=32,
        graceful_shutdown_timeout=GRACE,
    )


def chain_wait_worker(parts: WorkerParts) -> Worker:
    """Thousands of waits that cost next to nothing each."""
    return Worker(
        parts.temporal,
        task_queue=parts.queues.chain_wait,
        activities=[parts.following().follow_transaction, parts.importing().watch_import],
        max_concurrent_activities=parts.settings.worker.max_waiters,
        graceful_shutdown_timeout=GRACE,
    )


def serve_chain(parts: WorkerParts) -> AbstractAsyncContextManager[None]:
    """Serves the queue `chain`, and orders on their short way."""
    return serving_orders(parts, chain_worker(parts))


_MAKERS: Final[dict[str, Callable[[WorkerParts], Worker | AbstractAsyncContextManager[None]]]] = {
    "flows": serve_flows,
    "chain": serve_chain,
    "chain-wait": chain_wait_worker,
    "index": serve_indexers,
    "market": serve_market,
    "media": serve_media,
    "metadata": serve_metadata,
    "webhooks": serve_webhooks,
}
