"""MongoDB for tests: one server per worker, since database names are fixed; emptied for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient

from migrations.mongo import migrate_mongo
from steadymint.stack.mongo import Mongo

OWN = {"admin", "config", "local"}
"""Databases that belong to the server."""


@pytest.fixture(scope="session")
async def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mongo]:
    """This worker's server."""
    server = Mongo(tmp_path_factory.mktemp("mongo") / "data", cache="64M")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def empty_mongo(mongo_server: Mongo) -> str:
    """The address of a server with nothing in it, which no other test uses meanwhile."""
    await mongo_server.start()  # if the last test killed it
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(mongo_server.url)
    for name in await client.list_database_names():
        if name not in OWN:
            await client.drop_database(name)
    await client.close()
    return mongo_server.url


@pytest.fixture
async def mongo(empty_mongo: str) -> str:
    """The address of a server with our collections and indexes, and nothing in them."""
    await migrate_mongo(empty_mongo)
    return empty_mongo
