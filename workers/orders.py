"""The queue `chain` with the short ways of orders and of questions about approvals beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from temporalio.worker import Worker

from steadymint.catalog.cache import versions_of
from steadymint.chain.standing import StandingApprovals
from steadymint.domain.market.intake import HandedOrders, TakenOrders
from steadymint.live import short_way
from steadymint.live.approval_checks import LINE
from steadymint.live.order_requests import answering
from steadymint.live.short_way import Answered
from steadymint.market.intake import OrderIntake
from workers.parts import WorkerParts


@asynccontextmanager
async def serving_orders(parts: WorkerParts, chain: Worker) -> AsyncGenerator[None]:
    """Serves the worker, and what the API hands over, for as long as the block runs."""
    standing = StandingApprovals(parts.clients)
    async with (
        chain,
        answering(parts.redis, taking(parts.intake())),
        short_way.answering(parts.redis, LINE, standing.seen),
    ):
        yield


def taking(intake: OrderIntake) -> Callable[[HandedOrders], Awaitable[Answered[TakenOrders]]]:
    """Takes orders, and has kept pages that are old since forgotten as their sender is answered."""

    async def take(handed: HandedOrders) -> Answered[TakenOrders]:
        kept = await intake.keep(handed)
        return Answered(kept.orders, versions_of(kept.changed))

    return take
