"""Changes of orders in the outbox, for streams and webhooks: what viewers of the market see as it happens.

Changes have numbers of their own (`steadymint.market.reads.events`), which are followed here. The outbox and the number
up to which it is filled are written in one transaction, so each change is told once.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import asyncpg
import orjson
import structlog

from steadymint.domain.types import ChainId
from steadymint.events.event import ORDERS, DomainEvent
from steadymint.events.outbox import append
from steadymint.market.reads.events import OrderEvent, OrderEvents

SOURCE: Final = "orders"
AT_ONCE: Final = 500
"""Changes of one transaction."""
POLL: Final = 0.25
"""Seconds between two looks."""
REST: Final = 1.0
"""Seconds before the next look after a failure."""

_log = structlog.get_logger(__name__)

# Begins with the next change, as a new consumer of the outbox does.
_REGISTER: Final = """
INSERT INTO event_service.sources (name, position)
SELECT $1, coalesce((SELECT seq FROM catalog_service.last_order_event), 0) ON CONFLICT (name) DO NOTHING"""
_CURSOR: Final = "SELECT position FROM event_service.sources WHERE name = $1 FOR UPDATE SKIP LOCKED"
_MOVE: Final = "UPDATE event_service.sources SET position = $2 WHERE name = $1"


class OrderPublisher:
    """Writes changes of orders into the outbox."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._events = OrderEvents(pool)

    async def register(self) -> None:
        """Begin with what happens next, if nobody has begun."""
        await self._pool.execute(_REGISTER, SOURCE)

    async def publish(self) -> int:
        """Write some of the changes that are not told yet. Returns their number. Several processes may; one does."""
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            position = await connection.fetchval(_CURSOR, SOURCE)
            if position is None:
                return 0
            found = await self._events.after(position, AT_ONCE)
            if not found:
                return 0
            await append(connection, [_event(one) for one in found if one.visible])
            await connection.execute(_MOVE, SOURCE, found[-1].seq)
        return len(found)


async def publish_orders(publisher: OrderPublisher, *, poll: float = POLL) -> None:
    """Publish until cancelled."""
    registered = False
    while True:
        try:
            if not registered:
                await publisher.register()
                registered = True
            pause = 0.0 if await publisher.publish() else poll
        except Exception as error:  # the changes stay, and are told later
            _log.warning("orders_not_told", error=type(error).__name__)
            pause = REST
        await asyncio.sleep(pause)


def _event(change: OrderEvent) -> DomainEvent:
    """The domain event of a change: what viewers are shown."""
    chain = _dashed(change.chain_id)
    return DomainEvent(ORDERS, f"changed.{chain}", str(change.seq), change.occurred_at, orjson.loads(change.rendered()))


def _dashed(chain_id: ChainId) -> str:
    return chain_id.replace(":", "-")
