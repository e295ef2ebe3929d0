"""The collection whose metadata is read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.refreshing import Reading, a_reading


@pytest.fixture
async def reading(database: str, mongo: str) -> AsyncIterator[Reading]:
    async with a_reading(database, mongo) as found:
        yield found
