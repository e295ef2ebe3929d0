"""The short way of orders. What is not answered on it goes the long way, through Temporal, and the check does the same
if it is repeated."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Final

from redis.asyncio import Redis

from steadymint.domain.market.intake import HandedOrders, TakenOrders
from steadymint.live import short_way
from steadymint.live.short_way import MAX_WAITING

__all__ = ["ANSWER_WITHIN", "ASKED", "MAX_WAITING", "OrderRequests", "answering"]

LINE: Final = short_way.Line("orders", HandedOrders, TakenOrders)
ASKED: Final = LINE.asked
ANSWER_WITHIN: Final = 3.0
"""Seconds. A node takes less; after them the long way has enough left of the ten that a request waits."""


class OrderRequests:
    """The API's side. Share one per process."""

    def __init__(self, redis: Redis, answer_within: float = ANSWER_WITHIN) -> None:
        self._asking = short_way.Asking(redis, LINE, answer_within)

    async def ask(self, handed: HandedOrders) -> TakenOrders | None:
        """What a worker says of the orders. None if none does in time: they may be taken nevertheless."""
        taken = await self._asking.ask(handed)
        return taken if taken is not None and len(taken.orders) == len(handed.orders) else None


def answering(redis: Redis, take: short_way.Answers[HandedOrders, TakenOrders]) -> AbstractAsyncContextManager[None]:
    """A worker's side: checks orders for as long as the block runs."""
    return short_way.answering(redis, LINE, take)
