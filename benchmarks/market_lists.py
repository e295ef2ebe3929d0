"""What a page of each list of the market costs at 1,000,000 orders, at several depths, beside a look-up by primary key.

Measured as the lists of the catalog are (`benchmarks.lists`).
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg

from benchmarks import list_rows, order_rows
from benchmarks.list_rows import CHAIN, CONTRACT, START, Size
from benchmarks.lists import DEPTHS, LIMIT, WITHIN, Bench, Listing, opened
from benchmarks.options import Options
from benchmarks.report import Goal, Measure
from steadymint.catalog.reads.query import LOOKED_AT, Query
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.types import TokenId
from steadymint.market.reads.depth import Below, levels
from steadymint.market.reads.filters import OrderFilter
from steadymint.market.reads.offers import RECEIVED_LOOKED_AT, offers_for_token, offers_received
from steadymint.market.reads.orders import OF_ALL_CHAINS, OFFERS, orders_by_age, orders_by_price
from steadymint.market.reads.pages import ByAge, ByPrice
from steadymint.market.reads.sales import EarlierSale, Interval, chart, sales

PAGE: Final = 12 * LIMIT
"""Rows that a page may touch."""
ANY_ID: Final = UUID(int=2**127)
LISTING: Final = (Side.LISTING,)
ACTIVE: Final = (OrderStatus.ACTIVE,)


class MarketLists:
    """The lists over one loaded database."""

    def __init__(self, pool: asyncpg.Pool, size: Size, orders: int) -> None:
        self._pool = pool
        self._size = size
        self._orders = orders

    def listings(self) -> list[Listing]:
        return [*self._by_age(), *self._by_price(), *self._for_holders(), *self._traded()]

    def _of(self, name: str, query: Query[Any], bound: int = PAGE, goal: Goal | None = WITHIN) -> Listing:
        async def read() -> int:
            return len(await query.fetch(self._pool))

        return Listing(name, read, query, goal, bound)

    def _unplanned(self, name: str, query: Query[Any]) -> Listing:
        """A list that may read the most of a small table, and then does so from end to end."""

        async def read() -> int:
            return len(await query.fetch(self._pool))

        return Listing(name, read, goal=None)

    def _at(self, depth: float) -> ByAge | None:
        return ByAge(START + timedelta(minutes=self._orders * (1 - depth) // 5), ANY_ID) if depth else None

    def _by_age(self) -> list[Listing]:
        maker = list_rows.account(1_013)
        asked: dict[str, tuple[OrderFilter, tuple[float, ...], int, Goal | None]] = {
            "orders, newest": (OrderFilter(), (0.0, 0.5), 6 * OF_ALL_CHAINS, None),
            "orders of a chain": (OrderFilter(chain_id=CHAIN), DEPTHS, PAGE, WITHIN),
            "orders of a collection": (_of_collection(), DEPTHS, PAGE, WITHIN),
            "active orders of a collection": (_of_collection(statuses=ACTIVE), DEPTHS, 2 * PAGE, WITHIN),
            "orders of a token": (_of_collection(token_id=TokenId(32)), (0.0,), PAGE, WITHIN),
            "orders of a maker": (OrderFilter(maker=maker), (0.0, 0.5), PAGE, WITHIN),
            "orders that an account has filled": (OrderFilter(taker=maker), (0.0,), 5 * LOOKED_AT, None),
            # Several conditions at once look at many more rows than they show.
            "orders with a trait": (
                _of_collection(traits=(("background", "shade 3"),)), (0.0,), 5 * LOOKED_AT, None,
            ),
            "orders within prices": (
                _of_collection(min_price=Decimal(3), max_price=Decimal(4)), (0.0,), 5 * LOOKED_AT, None,
            ),
        }  # fmt: skip
        return [
            self._of(
                f"{name}, {depth:.0%}",
                orders_by_age(filter_, after=self._at(depth), limit=LIMIT).query,
                bound,
                goal,
            )
            for name, (filter_, depths, bound, goal) in asked.items()
            for depth in depths
        ]

    def _by_price(self) -> list[Listing]:
        asked: dict[str, OrderFilter] = {
            "listings by price": _of_collection(sides=LISTING),
            "listings in another currency by price": _of_collection(sides=LISTING, currency=order_rows.DOLLARS),
            "collection offers by price": _of_collection(sides=(Side.COLLECTION_OFFER,)),
            "offers of all kinds by price": _of_collection(sides=OFFERS),
        }
        found: list[Listing] = []
        for name, filter_ in asked.items():
            for depth in DEPTHS:
                cents = order_rows.PRICE_STEPS * (depth if Side.LISTING in filter_.sides else 1 - depth)
                after = ByPrice(f"{cents / 100:.2f}", ANY_ID) if depth else None
                page = orders_by_price(filter_, after=after, limit=LIMIT)
                found.append(self._of(f"{name}, {depth:.0%}", page.query))
        token = _of_collection(sides=LISTING, token_id=TokenId(32))
        found.append(self._of("listings of a token", orders_by_price(token, after=None, limit=LIMIT).query))
        return found

    def _for_holders(self) -> list[Listing]:
        owner = list_rows.owner(13, self._size)
        offers = offers_for_token(CHAIN, CONTRACT, TokenId(32), after=None, limit=LIMIT)
        received = offers_received(owner, after=None, limit=LIMIT)
        return [
            self._of("offers for a token", offers.query, 2 * LOOKED_AT),
            self._of("offers that an account received", received.query, 20 * RECEIVED_LOOKED_AT, None),
        ]

    def _traded(self) -> list[Listing]:
        middle = START + timedelta(minutes=self._orders // 10)
        last = START + timedelta(minutes=self._orders // 5)
        return [
            self._of("depth of the offers", levels(CHAIN, CONTRACT, after=None, limit=LIMIT), 2 * LOOKED_AT, None),
            self._of("depth, 50%", levels(CHAIN, CONTRACT, after=Below("5"), limit=LIMIT), 2 * LOOKED_AT, None),
            self._of("sales", sales(CHAIN, CONTRACT, after=None, limit=LIMIT)),
            self._of("sales, 50%", sales(CHAIN, CONTRACT, after=EarlierSale(middle, ANY_ID), limit=LIMIT)),
            self._unplanned(
                "chart of 100 days", chart(CHAIN, CONTRACT, Interval.DAY, last - timedelta(days=100), last)
            ),
        ]


def _of_collection(**given: Any) -> OrderFilter:
    return OrderFilter(chain_id=CHAIN, contract=CONTRACT, **given)


async def measure(options: Options) -> list[Measure]:
    """A line for each list and depth."""
    size = Size(tokens=50_000, owners=5_000, collections=20_000)
    orders, samples = options.of(1_000_000, 50_000), options.of(400, 60)
    async with opened(size) as pool:
        await order_rows.load(pool, orders, size)
        bench = Bench(pool, size)
        await bench.prepare()
        return [await bench.measure(listing, samples) for listing in MarketLists(pool, size, orders).listings()]
