"""A webhook whose stretches go as written: for what the flow makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from temporalio.client import Client
from temporalio.worker import Worker

from activities.delivering import Delivering
from steadymint.domain.errors import SteadymintError
from steadymint.domain.webhooks import Standing, StretchOrder, StretchSummary
from steadymint.durable.queues import Queues
from steadymint.durable.webhooks import WebhookFlows
from workers.sandbox import workflow_runner
from workflows.deliver_webhook import DeliverWebhook

ALL_SENT = StretchSummary(delivered=3, last_seq=3)
MORE = StretchSummary(delivered=100, last_seq=300, waiting=200, due=True)
HELD = StretchSummary(last_seq=3, waiting=3, due=True)
PAUSED = StretchSummary(standing=Standing.PAUSED, last_seq=3, waiting=3)
DELETED = StretchSummary(standing=Standing.DELETED)


class ScriptedDeliverer:
    """A fake of the deliverer: answers with the stretches it was given, then that the webhook is deleted."""

    def __init__(self, *stretches: StretchSummary | timedelta | SteadymintError) -> None:
        """A span stands for a webhook that fails until then."""
        self.left = list(stretches)
        self.orders: list[StretchOrder] = []

    async def stretch(
        self, order: StretchOrder, stop: asyncio.Event, progress: Callable[[int], None]
    ) -> StretchSummary:
        self.orders.append(order)
        progress(1)
        found = self.left.pop(0) if self.left else DELETED
        if isinstance(found, SteadymintError):
            raise found
        if isinstance(found, timedelta):
            return StretchSummary(standing=Standing.FAILING, failed=1, last_seq=3, waiting=3, next_at=order.at + found)
        return found

    async def until(self, stretches: int) -> None:
        for _ in range(1500):
            if len(self.orders) >= stretches:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(self.orders)} stretches, {len(self.left)} left")


@asynccontextmanager
async def delivering(client: Client, deliverer: Any) -> AsyncIterator[WebhookFlows]:
    """A worker for the flow, in the sandbox, and for its activity."""
    queues = Queues(f"{uuid4().hex[:8]}-")
    activities = [Delivering(deliverer, stretch=30).deliver_stretch]
    worker = Worker(
        client,
        task_queue=queues.webhooks,
        workflows=[DeliverWebhook],
        activities=activities,
        workflow_runner=workflow_runner(),
    )
    async with worker:
        yield WebhookFlows(client, queues)


def a_webhook() -> UUID:
    return uuid4()
