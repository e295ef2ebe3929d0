"""MongoDB for tests: one server per run, a database name for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import pytest
from pymongo import AsyncMongoClient

from tests.support.keeper import shared

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def mongo() -> str:
    """The address of the server that all workers share. Never stop it."""
    return shared("mongo")


@pytest.fixture
async def mongo_database_name(mongo: str) -> AsyncIterator[str]:
    """A database name of this test's own; dropped afterwards."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"
    yield name
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(mongo)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
def mongo_url(mongo: str, mongo_database_name: str) -> str:
    """The server's address with this test's database as the default one."""
    parts = urlsplit(mongo)
    return urlunsplit(parts._replace(path=f"/{mongo_database_name}"))
