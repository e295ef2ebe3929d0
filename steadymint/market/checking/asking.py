"""Asks a node about orders so that one that it cannot be asked about costs the others their time only.

What a node runs for an order is code of strangers: it may use up gas until a whole page of orders has no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.market.facts import OrderFacts
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.market.new_orders import hash_text

_log: Final = structlog.get_logger(__name__)


class Market(Protocol):
    """What is asked of a chain."""

    async def facts(self, orders: Sequence[SubmittedOrder], block: int) -> list[OrderFacts]:
        """Raises UpstreamUnavailableError."""
        ...

    async def answers(self, block: int) -> None:
        """Raises UpstreamUnavailableError: no node answers as of the block about Seaport alone."""
        ...


async def facts_apart(market: Market, orders: Sequence[SubmittedOrder], block: int) -> list[OrderFacts | None]:
    """The facts in the order of `orders`, None for one that has none, which is logged.

    Orders that have no answer together are halved until those at fault are alone. In an outage that would be a request
    for each order, so each time a node is asked first whether it answers at all.

    Raises:
        NotFoundError: the chain has no market.
        UpstreamUnavailableError: no node answers.
    """
    try:
        return [*await market.facts(orders, block)]
    except UpstreamUnavailableError as error:
        await market.answers(block)
        if len(orders) == 1:
            _log.warning("order_unanswered", order_hash=hash_text(orders[0].hash), error=str(error))
            return [None]
    except SteadymintError:
        raise
    except Exception:
        if len(orders) == 1:
            _log.exception("order_not_asked_about", order_hash=hash_text(orders[0].hash))
            return [None]
    half = len(orders) // 2
    return [
        *await facts_apart(market, orders[:half], block),
        *await facts_apart(market, orders[half:], block),
    ]
