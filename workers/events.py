"""The side of a worker that tells others what has happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams
from workers.parts import WorkerParts


@asynccontextmanager
async def delivering_events(parts: WorkerParts) -> AsyncGenerator[None]:
    """Deliver events to every consumer for as long as the block runs. Several processes may."""
    relay = Relay(parts.pool, [RedisStreams(parts.redis)])
    task = asyncio.create_task(relay.run(), name="events")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
