"""Checking the orders of a chain's market: one long activity after another, each of which may be killed at any line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from temporalio import activity

from activities.background import heartbeating, stopping
from steadymint.domain.checking import CheckingSummary, StretchOrder
from steadymint.domain.errors import NotFoundError, UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.durable.failures import activity_boundary

HEARTBEAT_EVERY: Final = 1.0
"""Seconds. The heartbeat timeout is a few of these."""
REGISTERED_AGAIN: Final = 10.0
"""Seconds between two looks for a chain whose market is not registered."""


class Checker(Protocol):
    """Keeps the orders of one chain true."""

    async def run(self, stop: asyncio.Event, progress: Callable[[CheckingSummary], None]) -> CheckingSummary:
        """Until `stop` is set. Raises UpstreamUnavailableError, UnknownChainError, NotFoundError (no market)."""
        ...


class Checkers(Protocol):
    """Makes checkers from what the registry says at the moment."""

    def of(self, chain_id: ChainId) -> Checker: ...


class Checking:
    """The activity `check_orders`."""

    def __init__(self, checkers: Checkers) -> None:
        self._checkers = checkers

    @activity.defn
    @activity_boundary
    async def check_orders(self, order: StretchOrder) -> CheckingSummary:
        """Check orders for `order.seconds`, or until the worker shuts down. The heartbeat says what was done.

        A change leaves the queue once the orders that it concerns are written, so the next attempt after a kill does
        again what was not finished, and writes the same.
        """
        stop, summary = asyncio.Event(), CheckingSummary()

        def progress(done: CheckingSummary) -> None:
            nonlocal summary
            summary = done

        try:
            async with (
                heartbeating(HEARTBEAT_EVERY, lambda: summary.model_dump(mode="json")),
                stopping(stop, order.seconds),
            ):
                return await self._checkers.of(order.chain_id).run(stop, progress)
        except (UnknownChainError, NotFoundError) as error:
            # Disabled, or without a market for now: it goes on when it is registered again.
            raise UpstreamUnavailableError(error.detail, retry_after=REGISTERED_AGAIN) from error
