"""Changes of orders, in the order in which they are told: by a number that each gets after its commit."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import asyncpg
import orjson

from steadymint.catalog.reads.query import VISIBLE
from steadymint.domain.intents.view import show_time
from steadymint.domain.market.prices import show_price
from steadymint.domain.types import Address, Bytes32, ChainId, show_address

NUMBERED_AT_ONCE: Final = 5_000
"""Events that one look numbers at most, so that no statement holds its locks for long."""

KEPT: Final = timedelta(days=30)
"""For which an event can be told to a viewer that comes back."""
SWEPT_AT_ONCE: Final = 10_000
"""Events of one deletion."""


@dataclass(frozen=True, slots=True)
class OrderWatch:
    """Whose events a viewer wants. None is no condition."""

    chain_id: ChainId | None = None
    contract: Address | None = None
    maker: Address | None = None

    def wants(self, event: OrderEvent) -> bool:
        return (
            event.visible
            and self.chain_id in (None, event.chain_id)
            and self.contract in (None, event.contract)
            and self.maker in (None, event.maker)
        )


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """A change of an order: where it stood then, and what never changes of it."""

    seq: int
    """1, 2, 3, without a gap."""
    chain_id: ChainId
    order_hash: Bytes32
    side: str
    maker: Address
    contract: Address
    token_number: int | None
    status: str
    reasons: Sequence[str]
    quantity_filled: int
    fillable: int
    price_amount: int
    """Of one unit, in the smallest unit of the currency."""
    now_amount: int
    """The price that the order has now."""
    now_text: str
    """The same in whole units."""
    currency_address: Address | None
    currency_symbol: str
    occurred_at: datetime
    visible: bool
    """Whether the collection is shown."""

    def rendered(self) -> bytes:
        """The event as JSON, as viewers get it."""
        # Both texts are of one amount, so their places say how many decimals the currency has.
        decimals = max(0, Decimal(self.now_amount).adjusted() - Decimal(self.now_text).adjusted())
        shown: dict[str, Any] = {
            "seq": self.seq,
            "chainId": self.chain_id,
            "orderHash": self.order_hash,
            "side": self.side,
            "maker": show_address(self.maker),
            "contract": show_address(self.contract),
            "status": self.status,
            "reasons": list(self.reasons),
            "filled": str(self.quantity_filled),
            "fillable": str(self.fillable),
            "price": {
                "amount": show_price(self.price_amount, decimals),
                "raw": str(self.price_amount),
                "currency": {
                    "address": None if self.currency_address is None else show_address(self.currency_address),
                    "symbol": self.currency_symbol,
                },
            },
            "occurredAt": show_time(self.occurred_at),
        }
        if self.token_number is not None:
            shown["tokenId"] = str(self.token_number)
        return orjson.dumps(shown)


_NUMBER: Final = "SELECT catalog_service.number_order_events($1)"
_AFTER: Final = f"""
SELECT e.seq, e.chain_id, o.order_hash, o.side, o.maker, o.contract, o.token_number, e.status, e.reasons,
    e.quantity_filled, least(e.fillable, o.quantity - e.quantity_filled) AS fillable, e.price_amount,
    o.price_amount AS now_amount, o.price_native_text AS now_text, o.currency_address, o.currency_symbol,
    e.occurred_at, coalesce((
        SELECT {VISIBLE} FROM catalog_service.collections c WHERE c.id = o.collection_id), false) AS visible
FROM (
    SELECT * FROM catalog_service.order_events e WHERE e.seq > $1::bigint ORDER BY e.seq LIMIT $2::bigint
) e CROSS JOIN LATERAL (SELECT * FROM catalog_service.orders o WHERE o.id = e.order_id LIMIT 1) o
ORDER BY e.seq"""

# Of the oldest, which are found by their numbers.
_SWEEP: Final = """
DELETE FROM catalog_service.order_events WHERE seq IN (
    SELECT e.seq FROM (
        SELECT seq, occurred_at FROM catalog_service.order_events WHERE seq IS NOT NULL ORDER BY seq LIMIT $2::bigint
    ) e WHERE e.occurred_at < now() - $1::interval)"""


class OrderEvents:
    """The events of all chains."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def last(self) -> int:
        """The number of the last event. Events that have none yet get theirs."""
        return await self._pool.fetchval(_NUMBER, NUMBERED_AT_ONCE)

    async def after(self, seq: int, most: int) -> list[OrderEvent]:
        """At most so many events behind a number, in order."""
        return [OrderEvent(**row) for row in await self._pool.fetch(_AFTER, seq, most)]

    async def sweep(self) -> int:
        """Delete some of the events that are older than `KEPT`. Returns how many."""
        return int((await self._pool.execute(_SWEEP, KEPT, SWEPT_AT_ONCE)).split()[-1])
