"""A checker of one chain whose answers the test sets."""

from __future__ import annotations

import asyncpg
import pytest

from steadymint.domain.types import ChainId
from steadymint.market.checking.checker import OrderChecker
from tests.support.catalog_rows import CHAIN
from tests.support.market import open_market
from tests.support.orders import BumpedPages, ScriptedMarket


@pytest.fixture
def market() -> ScriptedMarket:
    return ScriptedMarket()


@pytest.fixture
def pages() -> BumpedPages:
    return BumpedPages()


@pytest.fixture
async def checker(pool: asyncpg.Pool, market: ScriptedMarket, pages: BumpedPages) -> OrderChecker:
    await open_market(pool)
    return OrderChecker(pool, ChainId(CHAIN), market, pages)
