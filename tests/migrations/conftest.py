"""Connections to the database of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from steadymint.database import create_pool, prepare_connection
from tests.support.postgres import MIGRATED, fresh_database


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection with our codecs to a migrated database."""
    opened = await asyncpg.connect(database)
    await prepare_connection(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await create_pool(database, min_size=1, max_size=4)
    yield opened
    await opened.close()


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The address of a database as the migrations leave it."""
    async for dsn in fresh_database(postgres, MIGRATED):
        yield dsn
