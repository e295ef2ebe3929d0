"""One gateway over the catalog's sample for all tests that change no row."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.graphql import GraphQL, serving_graphql


@pytest.fixture(scope="module")
async def graphql(module_database: str) -> AsyncIterator[GraphQL]:
    async with serving_graphql(module_database) as found:
        yield found
