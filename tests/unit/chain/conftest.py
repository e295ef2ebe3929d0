"""A registry that knows the local chain, and clients over it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest
from redis.asyncio import Redis

from steadymint.chain.client import EvmClient
from steadymint.chain.endpoint import EndpointConfig
from steadymint.chain.rpc import RpcClient
from steadymint.domain.types import ChainId
from tests.support.local_chain import LocalChain

CHAIN = ChainId("eip155:31337")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database, min_size=1, max_size=4) as pool:
        yield pool


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey, socket_connect_timeout=1, socket_timeout=1)
    yield client
    await client.aclose()


@pytest.fixture
async def client(chain: LocalChain) -> AsyncIterator[EvmClient]:
    """Typed calls to this worker's anvil."""
    async with RpcClient(CHAIN, [EndpointConfig(1, chain.anvil.url)]) as rpc:
        yield EvmClient(rpc)
