"""The queue `chain` with the short ways of orders and of questions about approvals beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from temporalio.worker import Worker

from steadymint.chain.standing import StandingApprovals
from steadymint.live import short_way
from steadymint.live.approval_checks import LINE
from steadymint.live.order_requests import answering
from workers.parts import WorkerParts


@asynccontextmanager
async def serving_orders(parts: WorkerParts, chain: Worker) -> AsyncGenerator[None]:
    """Serves the worker, and what the API hands over, for as long as the block runs."""
    standing = StandingApprovals(parts.clients)
    async with (
        chain,
        answering(parts.redis, parts.intake().take),
        short_way.answering(parts.redis, LINE, standing.seen),
    ):
        yield
