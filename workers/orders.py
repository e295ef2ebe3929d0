"""The queue `chain` with the short way of orders beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from temporalio.worker import Worker

from steadymint.live.order_requests import answering
from workers.parts import WorkerParts


@asynccontextmanager
async def serving_orders(parts: WorkerParts, chain: Worker) -> AsyncGenerator[None]:
    """Serves the worker, and the orders that the API hands over, for as long as the block runs."""
    async with chain, answering(parts.redis, parts.intake().take):
        yield
