"""The side of a worker that tells others what has happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams
from steadymint.market.numbering import number_events, sweep_events
from steadymint.market.outbox import OrderPublisher, publish_orders
from steadymint.market.reads.events import OrderEvents
from steadymint.webhooks.fanout import WebhookFanout
from workers.parts import WorkerParts


@asynccontextmanager
async def delivering_events(parts: WorkerParts) -> AsyncGenerator[None]:
    """Deliver events to every consumer, and look after the changes of orders, for as long as the block runs. Several
    processes may."""
    relay, changes = Relay(parts.pool, [RedisStreams(parts.redis), WebhookFanout()]), OrderEvents(parts.pool)
    tasks = [
        asyncio.create_task(relay.run(), name="events"),
        asyncio.create_task(number_events(changes), name="order events: numbers"),
        asyncio.create_task(sweep_events(changes), name="order events: sweep"),
        asyncio.create_task(publish_orders(OrderPublisher(parts.pool)), name="order events: outbox"),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
