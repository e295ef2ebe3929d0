"""Orders that makers hand in or want to sign. Each activity is started by itself, without a workflow: what it does is
one step, and it does the same if it is repeated."""

from __future__ import annotations

from typing import Protocol

from temporalio import activity

from steadymint.domain.market.intake import (
    BUILD_ORDERS,
    TAKE_ORDERS,
    BuiltOrders,
    HandedOrders,
    OrderWishes,
    TakenOrders,
)
from steadymint.durable.failures import activity_boundary


class Intake(Protocol):
    """Checks orders and keeps those that the market takes."""

    async def take(self, handed: HandedOrders) -> TakenOrders: ...


class Building(Protocol):
    """Makes orders for a wallet to sign."""

    async def build(self, wishes: OrderWishes) -> BuiltOrders: ...


class OrderActivities:
    """The activities `take_orders` and `build_orders`."""

    def __init__(self, intake: Intake, building: Building) -> None:
        self._intake = intake
        self._building = building

    @activity.defn(name=TAKE_ORDERS)
    @activity_boundary
    async def take_orders(self, handed: HandedOrders) -> TakenOrders:
        """Check the orders and keep them. A repetition finds the rows that are there."""
        return await self._intake.take(handed)

    @activity.defn(name=BUILD_ORDERS)
    @activity_boundary
    async def build_orders(self, wishes: OrderWishes) -> BuiltOrders:
        """The orders to sign. A repetition makes the same orders with other salts; nobody has signed the first."""
        return await self._building.build(wishes)
