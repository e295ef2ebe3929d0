"""Valkey for tests: one server per worker, since messages ignore database numbers; emptied for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from steadymint.stack.valkey import Valkey


@pytest.fixture(scope="session")
async def valkey_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Valkey]:
    """This worker's server."""
    directory: Path = tmp_path_factory.mktemp("valkey")
    server = Valkey(directory / "data")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def valkey(valkey_server: Valkey) -> str:
    """The address of a server with nothing in it, which no other test uses meanwhile."""
    await valkey_server.start()  # if the last test killed it
    client: Redis = Redis.from_url(valkey_server.url)
    await client.flushall()
    await client.aclose()
    return valkey_server.url
