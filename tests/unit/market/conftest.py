"""Fixtures of the market's tests."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from steadymint.database import create_pool
from tests.contracts.conftest import evm, house, init, market, owner, stage
from tests.support.trading import trading

__all__ = ["evm", "house", "init", "market", "owner", "stage", "trading"]


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with await create_pool(database, min_size=1, max_size=4) as opened:
        yield opened
