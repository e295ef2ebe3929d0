"""What a list of the market costs, however it is asked: an index, and rows in proportion to the page.

Asked of Postgres, not of a clock, as for the lists of the catalog.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from benchmarks import list_rows, order_rows
from benchmarks.list_rows import CHAIN, CONTRACT, START, Size
from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.query import LOOKED_AT, Query
from steadymint.database import create_pool
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.types import ZERO_ADDRESS, TokenId
from steadymint.market.reads.depth import Below, levels
from steadymint.market.reads.filters import OrderFilter
from steadymint.market.reads.offers import RECEIVED_LOOKED_AT, offers_for_token, offers_received
from steadymint.market.reads.orders import OF_ALL_CHAINS, OFFERS, orders_by_age, orders_by_price
from steadymint.market.reads.pages import ByAge, ByPrice
from steadymint.market.reads.sales import PRICED, EarlierSale, Interval, chart, sales

SIZE = Size(tokens=4_000, owners=200, collections=1_000)
ORDERS = 20_000
LIMIT = 21
PROPORTIONAL = 12 * LIMIT
BOUNDED = 5 * LOOKED_AT
ANY_ID = UUID(int=2**127)
MAKER = list_rows.account(1_013)
LISTING = (Side.LISTING,)
ACTIVE = (OrderStatus.ACTIVE,)

pytestmark = pytest.mark.xdist_group("order plans")  # filling the tables takes longer than all that is asked there


@pytest.fixture(scope="module")
async def pool(module_database: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await create_pool(module_database, min_size=1, max_size=1)
    async with opened:
        await list_rows.load(opened, SIZE)
        await order_rows.load(opened, ORDERS, SIZE)
        yield opened


def of_collection(**given: Any) -> OrderFilter:
    return OrderFilter(chain_id=CHAIN, contract=CONTRACT, **given)


BY_AGE: dict[str, tuple[OrderFilter, int]] = {
    "everything": (OrderFilter(), 6 * OF_ALL_CHAINS),
    "active ones of everything": (OrderFilter(statuses=ACTIVE), 6 * OF_ALL_CHAINS),
    "a chain": (OrderFilter(chain_id=CHAIN), PROPORTIONAL),
    "a collection": (of_collection(), PROPORTIONAL),
    "active ones of a collection": (of_collection(statuses=ACTIVE), 2 * PROPORTIONAL),
    "a token": (of_collection(token_id=TokenId(32)), PROPORTIONAL),
    "a maker": (OrderFilter(maker=MAKER), PROPORTIONAL),
    "a maker in a collection": (of_collection(maker=MAKER), PROPORTIONAL),
    "a taker": (OrderFilter(taker=MAKER), BOUNDED),
    "a taker in a collection": (of_collection(taker=MAKER), BOUNDED),
    "prices": (of_collection(min_price=Decimal(3), max_price=Decimal("3.1")), BOUNDED),
    "a currency": (of_collection(currency=order_rows.DOLLARS), BOUNDED),
    "a trait": (of_collection(traits=(("background", "shade 3"),)), BOUNDED),
    "nothing there is": (of_collection(currency=MAKER), BOUNDED),
}
BY_PRICE: dict[str, tuple[OrderFilter, int]] = {
    "listings": (of_collection(sides=LISTING), PROPORTIONAL),
    "listings of a token": (of_collection(sides=LISTING, token_id=TokenId(32)), PROPORTIONAL),
    "listings with a trait": (of_collection(sides=LISTING, traits=(("background", "shade 3"),)), BOUNDED),
    "listings in another currency": (of_collection(sides=LISTING, currency=order_rows.DOLLARS), PROPORTIONAL),
    "listings in the chain's own": (of_collection(sides=LISTING, currency=ZERO_ADDRESS), PROPORTIONAL),
    "collection offers": (of_collection(sides=(Side.COLLECTION_OFFER,)), PROPORTIONAL),
    "collection offers in the wrapped form": (
        of_collection(sides=(Side.COLLECTION_OFFER,), currency=order_rows.WRAPPED),
        PROPORTIONAL,
    ),
    "offers of all kinds": (of_collection(sides=OFFERS), PROPORTIONAL),
    "offers for a token": (of_collection(sides=OFFERS, token_id=TokenId(32)), PROPORTIONAL),
}


async def test_the_newest_orders_are_read_by_an_index(pool: asyncpg.Pool) -> None:
    wrong: dict[str, str] = {}
    for name, (asked, bound) in BY_AGE.items():
        for after in (None, ByAge(START + timedelta(minutes=ORDERS // 10), ANY_ID)):
            page = orders_by_age(asked, after=after, limit=LIMIT)
            wrong |= await findings(pool, f"{name}, {after}", page.query, bound)
            wrong |= await findings(pool, f"end of {name}, {after}", page.end, BOUNDED)
    assert not wrong


async def test_orders_by_price_are_read_by_an_index(pool: asyncpg.Pool) -> None:
    wrong: dict[str, str] = {}
    for name, (asked, bound) in BY_PRICE.items():
        for after in (None, ByPrice("5", ANY_ID)):
            page = orders_by_price(asked, after=after, limit=LIMIT)
            wrong |= await findings(pool, f"{name}, {after}", page.query, bound)
    assert not wrong


def other_lists() -> dict[str, tuple[Query[Any], int]]:
    owner, token = list_rows.owner(13, SIZE), TokenId(32)
    middle = START + timedelta(minutes=ORDERS // 10)
    month = (START, START + timedelta(days=30))
    return {
        "offers for a token": (offers_for_token(CHAIN, CONTRACT, token, after=None, limit=LIMIT).query, 2 * LOOKED_AT),
        "offers for a token, deep": (
            offers_for_token(CHAIN, CONTRACT, token, after=ByPrice("5", ANY_ID), limit=LIMIT).query,
            2 * LOOKED_AT,
        ),
        "offers received": (offers_received(owner, after=None, limit=LIMIT).query, 6 * RECEIVED_LOOKED_AT),
        "offers received, deep": (
            offers_received(owner, after=ByAge(middle, ANY_ID), limit=LIMIT).query,
            6 * RECEIVED_LOOKED_AT,
        ),
        "offers received, one collection": (
            offers_received(owner, chain_id=CHAIN, contract=CONTRACT, after=None, limit=LIMIT).query,
            6 * RECEIVED_LOOKED_AT,
        ),
        "depth": (levels(CHAIN, CONTRACT, after=None, limit=LIMIT), 2 * LOOKED_AT),
        "depth, deep": (levels(CHAIN, CONTRACT, after=Below("5"), limit=LIMIT), 2 * LOOKED_AT),
        "sales": (sales(CHAIN, CONTRACT, after=None, limit=LIMIT), PROPORTIONAL),
        "sales, deep": (sales(CHAIN, CONTRACT, after=EarlierSale(middle, ANY_ID), limit=LIMIT), PROPORTIONAL),
        "chart": (chart(CHAIN, CONTRACT, Interval.DAY, *month), 2 * PRICED),
    }


async def test_every_other_list_touches_no_more_rows_than_its_bound(pool: asyncpg.Pool) -> None:
    wrong: dict[str, str] = {}
    for name, (query, bound) in other_lists().items():
        wrong |= await findings(pool, name, query, bound)
    assert not wrong


async def findings(pool: asyncpg.Pool, name: str, query: Query[Any], bound: int) -> dict[str, str]:
    """What is wrong with the plan of a statement."""
    found = await kept_plan_of(pool, query)
    return {name: f"{found}, bound {bound}"} if found.scanned or found.touched > bound else {}
