"""The webhook side of a worker: the flows that deliver events, and who tells them that there are some."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from temporalio.worker import Worker

from activities.delivering import Delivering
from steadymint.durable import policies
from steadymint.durable.webhooks import WebhookFlows
from steadymint.outbound.client import ClientLimits, OutboundClient
from steadymint.outbound.connecting import Network
from steadymint.settings import WebhookSettings
from steadymint.webhooks.bell import Bell
from steadymint.webhooks.deliveries import Deliveries
from steadymint.webhooks.delivering import WebhookDeliverer
from steadymint.webhooks.message import USER_AGENT
from steadymint.webhooks.sealing import Seal
from steadymint.webhooks.targets import Targets
from steadymint.webhooks.waking import Waker
from workers.parts import WorkerParts
from workers.sandbox import serving_runner
from workflows.deliver_webhook import DeliverWebhook

GRACE: Final = timedelta(seconds=5)
"""No further event is sent once the shutdown has begun. What was taken is recorded; a request that is cut off is sent
again under the same id."""
LINGERING_PART: Final = 4
"""So great a part of the places, and no greater, is for attempts that have sent all and stay for more."""


@asynccontextmanager
async def serve_webhooks(parts: WorkerParts, *, network: Network | None = None) -> AsyncGenerator[None]:
    """Serves the queue `webhooks` for as long as the block runs. `network` is for tests and measurements."""
    settings = parts.settings.webhooks
    bell = Bell(parts.pool, most=settings.activities // LINGERING_PART)
    async with OutboundClient.open(limits_of(settings), network=network) as client, bell.ringing():
        deliverer = WebhookDeliverer(
            Deliveries(parts.pool),
            client,
            Seal(parts.settings.codec),
            bell,
            targets=Targets(settings.local_receivers),
            timeout=settings.timeout,
            at_once=settings.at_once,
        )
        delivering = Delivering(deliverer, stretch=policies.WEBHOOK_STRETCH.total_seconds())
        worker = Worker(
            parts.temporal,
            task_queue=parts.queues.webhooks,
            workflows=[DeliverWebhook],
            activities=[delivering.deliver_stretch],
            workflow_runner=serving_runner(),
            max_concurrent_activities=settings.activities,
            max_cached_workflows=parts.settings.worker.max_cached_workflows,
            sticky_queue_schedule_to_start_timeout=policies.STICKY_TIMEOUT,
            graceful_shutdown_timeout=GRACE,
        )
        waker = Waker(parts.pool, WebhookFlows(parts.temporal, parts.queues).wake, kept_days=settings.kept_days)
        async with worker:
            waking = asyncio.create_task(waker.run(), name="webhooks")
            try:
                yield
            finally:
                waking.cancel()
                await asyncio.gather(waking, return_exceptions=True)


def limits_of(settings: WebhookSettings) -> ClientLimits:
    """What one process asks of receivers at most."""
    return ClientLimits(
        per_host=settings.per_host,
        host_rate=settings.host_rate,
        max_redirects=0,
        user_agent=USER_AGENT,
        connections=settings.connections,
    )
