from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis

from steadymint.chain.nodes import registry as registry_module
from steadymint.chain.nodes.chain import DEFAULT_CONFIRMATIONS
from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.registry import ChainRegistry
from steadymint.domain.errors import NotFoundError, UnknownChainError, UpstreamUnavailableError
from steadymint.domain.types import Address, ChainId
from tests.unit.chain.fakes import echo, fake_node

CHAIN = ChainId("eip155:31337")
FACTORY = Address("0x" + "fa" * 20)
KEY = "a-key-that-nobody-may-read"

SCHEMA = "chain_registry_service"


@pytest.fixture(autouse=True)
def _versions_are_read_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_module, "VERSION_AGE", 0.0)


@pytest.fixture
async def row(pool: asyncpg.Pool) -> int:
    """The local chain with one endpoint, one factory and a gas policy; its id."""
    features = {"confirmations": 2, "block_time_seconds": 1}
    id_: int = await pool.fetchval(
        f"""insert into {SCHEMA}.chains (caip2, chain_numeric, name, native_symbol, features_json)
        values ($1, 31337, 'Local', 'ETH', $2) returning id""",
        CHAIN,
        features,
    )
    await pool.execute(
        f"insert into {SCHEMA}.chain_endpoints (chain_id, url, rate_limit, local) values ($1, $2, 50, true)",
        id_,
        f"http://127.0.0.1:1/{KEY}",
    )
    await pool.execute(
        f"insert into {SCHEMA}.chain_contracts (chain_id, name, address, start_block) values ($1, 'factory', $2, 7)",
        id_,
        FACTORY,
    )
    await pool.execute(
        f"insert into {SCHEMA}.chain_gas_policy (chain_id, max_fee_gwei, multiplier) values ($1, 30.5, 1.25)", id_
    )
    return id_


async def test_a_chain_is_what_its_rows_say(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    chain = await ChainRegistry(pool, redis).get(CHAIN)
    assert (chain.chain_id, chain.number, chain.name, chain.native_symbol) == (CHAIN, 31337, "Local", "ETH")
    assert (chain.confirmations, chain.block_time_seconds, chain.decimals) == (2, 1.0, 18)
    assert chain.contract("factory").address == FACTORY
    assert chain.contract("factory").start_block == 7
    assert chain.gas_policy.max_fee_gwei == Decimal("30.5")
    assert chain.gas_policy.priority_fee_gwei is None
    assert [found.chain_id for found in await ChainRegistry(pool, redis).enabled()] == [CHAIN]


async def test_a_chain_that_is_not_there_or_not_enabled_is_unknown(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    registry = ChainRegistry(pool, redis)
    with pytest.raises(UnknownChainError):
        await registry.get(ChainId("eip155:1"))
    await registry.get(CHAIN)
    await pool.execute(f"update {SCHEMA}.chains set enabled = false")
    with pytest.raises(UnknownChainError):
        await registry.get(CHAIN)
    with pytest.raises(UnknownChainError):
        await registry.endpoints(CHAIN)
    assert await registry.enabled() == ()


async def test_a_second_process_reads_the_chain_from_redis(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    chain = await ChainRegistry(pool, redis).get(CHAIN)
    key = f"cache:chains:{CHAIN}:{chain.version}"
    assert 0 < await redis.ttl(key) <= 60
    queries = Counting(pool)
    assert await ChainRegistry(queries, redis).get(CHAIN) == chain
    assert queries.chains_read == 0


class Counting:
    """A pool that counts how often a whole chain was read."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.chains_read = 0

    async def fetch(self, query: str, *args: Any) -> Any:
        return await self.pool.fetch(query, *args)

    async def fetchrow(self, query: str, *args: Any) -> Any:
        return await self.pool.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: Any) -> Any:
        self.chains_read += 1
        return await self.pool.fetchval(query, *args)


@pytest.mark.parametrize("rubbish", [b"\xff", b"{}", b"null", b'{"chain_id": "eip155:1"}'])
async def test_rubbish_in_redis_is_read_over(pool: asyncpg.Pool, redis: Redis, row: int, rubbish: bytes) -> None:
    chain = await ChainRegistry(pool).get(CHAIN)
    await redis.set(f"cache:chains:{CHAIN}:{chain.version}", rubbish)
    assert await ChainRegistry(pool, redis).get(CHAIN) == chain


async def test_redis_down_costs_nothing_but_work(pool: asyncpg.Pool, row: int) -> None:
    gone: Redis = Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    assert (await ChainRegistry(pool, gone).get(CHAIN)).name == "Local"
    await gone.aclose()


async def test_no_address_of_a_node_goes_to_redis(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    registry = ChainRegistry(pool, redis)
    await registry.get(CHAIN)
    (endpoint,) = await registry.endpoints(CHAIN)
    assert KEY in endpoint.url
    assert KEY not in repr(endpoint)
    keys = await redis.keys("*")
    assert keys
    for key in keys:
        assert KEY.encode() not in await redis.get(key)


@pytest.mark.parametrize(
    "change",
    [
        f"update {SCHEMA}.chains set name = 'Renamed'",
        f"update {SCHEMA}.chain_contracts set start_block = 8",
        f"update {SCHEMA}.chain_gas_policy set multiplier = 2",
        f"delete from {SCHEMA}.chain_contracts",
    ],
)
async def test_a_change_is_seen_without_any_invalidation(
    pool: asyncpg.Pool, redis: Redis, row: int, change: str
) -> None:
    registry = ChainRegistry(pool, redis)
    before = await registry.get(CHAIN)
    await pool.execute(change)
    after = await registry.get(CHAIN)
    assert after.version > before.version
    assert after != before


async def test_adding_a_chain_is_data(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    registry = ChainRegistry(pool, redis)
    await registry.enabled()
    await pool.execute(
        f"""insert into {SCHEMA}.chains (caip2, chain_numeric, name, native_symbol)
        values ('eip155:11297108109', 11297108109, 'Palm', 'PALM')"""
    )
    palm = await registry.get(ChainId("eip155:11297108109"))
    assert palm.number == 11297108109
    assert palm.confirmations == DEFAULT_CONFIRMATIONS
    assert await registry.endpoints(palm.chain_id) == ()


async def test_contracts_are_found_by_name_and_address(pool: asyncpg.Pool, redis: Redis, row: int) -> None:
    newer = Address("0x" + "fb" * 20)
    await pool.execute(
        f"insert into {SCHEMA}.chain_contracts (chain_id, name, address, start_block) values ($1, 'factory', $2, 90)",
        row,
        newer,
    )
    registry = ChainRegistry(pool, redis)
    chain = await registry.get(CHAIN)
    assert [contract.address for contract in chain.named("factory")] == [newer, FACTORY]
    assert chain.contract("factory").address == newer
    with pytest.raises(NotFoundError):
        chain.contract("bridge")
    found = await registry.contract(CHAIN, FACTORY)
    assert found is not None
    assert found.name == "factory"
    assert await registry.contract(CHAIN, Address("0x" + "00" * 20)) is None


async def test_an_abi_is_found_by_its_hash(pool: asyncpg.Pool) -> None:
    await pool.execute(
        f"insert into {SCHEMA}.abi_blobs (sha256, standard, abi_json) values ($1, 'custom', $2)",
        "ab" * 32,
        [{"type": "fallback"}],
    )
    registry = ChainRegistry(pool)
    assert await registry.abi("ab" * 32) == [{"type": "fallback"}]
    with pytest.raises(NotFoundError):
        await registry.abi("cd" * 32)


async def test_credentials_come_from_the_environment(pool: asyncpg.Pool, row: int) -> None:
    await pool.execute(f"delete from {SCHEMA}.chain_endpoints")
    for n, (kind, variable) in enumerate(
        [("bearer", "RPC_A"), ("basic", "RPC_B"), ("header", "RPC_C"), ("bearer", "RPC_UNSET")]
    ):
        await pool.execute(
            f"""insert into {SCHEMA}.chain_endpoints (chain_id, url, priority, auth_type, secret_ref)
            values ($1, $2, $3, $4, $5)""",
            row,
            f"https://{n}.example",
            n,
            kind,
            variable,
        )
    environment = {"RPC_A": "token", "RPC_B": "user:word", "RPC_C": "X-Api-Key: k"}
    endpoints = await ChainRegistry(pool, environment=environment).endpoints(CHAIN)
    assert [dict(endpoint.headers) for endpoint in endpoints] == [
        {"Authorization": "Bearer token"},
        {"Authorization": "Basic dXNlcjp3b3Jk"},
        {"X-Api-Key": "k"},
    ]


async def test_what_is_known_stays_in_use_while_postgres_is_away(pool: asyncpg.Pool, row: int) -> None:
    class Away(Counting):
        gone = False

        async def fetch(self, query: str, *args: Any) -> Any:
            if self.gone:
                raise ConnectionRefusedError
            return await super().fetch(query, *args)

    database = Away(pool)
    registry = ChainRegistry(database)
    chain = await registry.get(CHAIN)
    await registry.endpoints(CHAIN)
    database.gone = True
    assert await registry.get(CHAIN) == chain
    assert len(await registry.endpoints(CHAIN)) == 1
    with pytest.raises(UpstreamUnavailableError):
        await ChainRegistry(database).get(CHAIN)


async def test_a_client_follows_the_registry(pool: asyncpg.Pool, row: int) -> None:
    clients = ChainClients(ChainRegistry(pool))
    first = await clients.of(CHAIN)
    assert await clients.of(CHAIN) is first
    with pytest.raises(UpstreamUnavailableError):
        await first.block_number()
    async with fake_node(echo) as node:
        await pool.execute(f"update {SCHEMA}.chain_endpoints set url = $1", node.url)
        assert await (await clients.of(CHAIN)).rpc.call("echo", ["x"]) == "x"
    await clients.close()
