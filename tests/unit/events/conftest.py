"""A client of this test's own Valkey."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey, socket_timeout=2)
    yield client
    await client.aclose()
