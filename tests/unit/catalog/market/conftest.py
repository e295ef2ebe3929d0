"""A market with one collection of six tokens."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.market import open_market
from tests.support.traits import Drop


@pytest.fixture
async def drop(pool: asyncpg.Pool) -> Drop:
    await open_market(pool)
    drop = await Drop.of(pool, 6)
    await drop.write({token: {"Hat": "Red" if token < 3 else "Blue", "Eyes": "Big"} for token in range(6)})
    return drop
