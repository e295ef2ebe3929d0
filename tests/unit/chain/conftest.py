"""A registry that knows the local chain, and clients over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from migrations.seed import ChainSeed, ContractSeed, EndpointSeed, register_chain
from steadymint.chain.nodes.client import ChainClients, EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from steadymint.stack.market import Market, open_market
from tests.support.local_chain import LocalChain
from tests.support.postgres import fresh_database

CHAIN = ChainId("eip155:31337")
CONFIRMATIONS = 3


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(database, min_size=1, max_size=4)
    yield pool
    await pool.close()


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


@pytest.fixture(scope="session")
async def registry_pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """One database per worker for all tests that only need a chain to be registered."""
    async for dsn in fresh_database(postgres):
        pool = await create_pool(dsn, min_size=1, max_size=4)
        yield pool
        await pool.close()


Connect = Callable[..., Awaitable[ChainClients]]


@pytest.fixture
async def connect(registry_pool: asyncpg.Pool) -> AsyncIterator[Connect]:
    """Registers a local chain and gives clients for it: `await connect(chain, url=..., ws_url=..., timeout=...)`."""
    await registry_pool.execute("delete from chain_registry_service.chains")
    async with AsyncExitStack() as stack:

        async def make(
            chain: LocalChain,
            url: str | None = None,
            ws_url: str | None = None,
            timeout: float | None = None,
            features: dict[str, Any] | None = None,
            genesis_hash: str | None = None,
        ) -> ChainClients:
            contracts = chain.contracts
            seed = ChainSeed(
                chain_id=CHAIN,
                name="Local",
                genesis_hash=genesis_hash,
                features={"confirmations": CONFIRMATIONS, "block_time_seconds": 0.5} | (features or {}),
                endpoints=(EndpointSeed(url=url or chain.anvil.url, ws_url=ws_url),),
                contracts=(ContractSeed(name="factory", address=contracts.factory),) if contracts.factory else (),
            )
            await register_chain(registry_pool, seed, local=True)
            clients = ChainClients(ChainRegistry(registry_pool), timeout=timeout)
            stack.push_async_callback(clients.close)
            return clients

        yield make


OLD_CONDUIT = Address("0x" + "0c" * 20)


@pytest.fixture
async def registered_market(chain: LocalChain, clients: ChainClients, registry_pool: asyncpg.Pool) -> Market:
    """A market that is open, and registered with an older conduit beside its own."""
    market = await open_market(chain.anvil)
    named = {
        "seaport": market.seaport,
        "conduit_controller": market.conduit_controller,
        "conduit": market.conduit,
        "wrapped_native": market.wrapped_native,
    }
    contracts = [ContractSeed(name=name, address=address, start_block=2) for name, address in named.items()]
    seed = ChainSeed(
        chain_id=CHAIN,
        name="Local",
        endpoints=(EndpointSeed(url=chain.anvil.url),),
        contracts=(*contracts, ContractSeed(name="conduit", address=OLD_CONDUIT, start_block=1)),
    )
    await register_chain(registry_pool, seed, local=True)
    clients.registry._versions_at = float("-inf")
    return market


@pytest.fixture
async def clients(chain: LocalChain, connect: Connect) -> ChainClients:
    """Clients of a registry that knows this worker's chain."""
    return await connect(chain)
