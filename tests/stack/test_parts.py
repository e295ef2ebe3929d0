"""Every part starts, answers, keeps its data over a kill and a restart, and leaves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError
from redis.exceptions import TimeoutError as RedisTimeoutError
from temporalio import workflow
from temporalio.client import Client

from steadymint.durable.search_attributes import attributes
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy, expected
from steadymint.stack.local import local_seed
from steadymint.stack.market import expected_market, open_market
from steadymint.stack.mongo import Mongo
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.postgres import Postgres
from steadymint.stack.temporal import Temporal
from steadymint.stack.valkey import Valkey
from tests.stack.support import NODE_DIR, alive

P = TypeVar("P", bound=Part)
Start = Callable[[P], Awaitable[P]]


@pytest.fixture
async def start() -> AsyncIterator[Start[Part]]:
    """Starts a part and stops it after the test."""
    async with AsyncExitStack() as stack:

        async def begin(part: P) -> P:
            stack.push_async_callback(part.stop)
            await part.start()
            return part

        yield begin


async def test_postgres_keeps_what_was_committed_before_a_kill(tmp_path: Path, start: Start[Postgres]) -> None:
    postgres = await start(Postgres(tmp_path / "data"))
    connection = await asyncpg.connect(postgres.url)
    await connection.execute("CREATE TABLE kept (x int); INSERT INTO kept VALUES (1)")
    await connection.close()
    address = postgres.url
    await postgres.kill()
    await postgres.start()
    assert postgres.url == address
    connection = await asyncpg.connect(postgres.url)
    assert await connection.fetchval("SELECT x FROM kept") == 1
    await connection.close()


async def test_valkey_keeps_what_was_written_before_a_kill(tmp_path: Path, start: Start[Valkey]) -> None:
    valkey = await start(Valkey(tmp_path / "data"))
    async with Redis.from_url(valkey.url) as client:
        await client.set("kept", "yes", ex=600)
    await valkey.kill()
    await valkey.start()
    async with Redis.from_url(valkey.url, decode_responses=True) as client:
        assert await client.get("kept") == "yes"
        assert 0 < await client.ttl("kept") <= 600


async def test_mongo_keeps_documents_and_indexes_over_a_kill(tmp_path: Path, start: Start[Mongo]) -> None:
    mongo = await start(Mongo(tmp_path / "data", cache="64M"))
    async with AsyncMongoClient(mongo.url) as client:
        raw = client["events"]["raw"]
        await raw.create_index([("chain", 1), ("tx", 1), ("log", 1)], unique=True, name="log")
        await raw.create_index("expiresAt", expireAfterSeconds=600, name="expire")
        await raw.insert_one({"_id": 1, "chain": "eip155:1", "tx": "0x1", "log": 0, "expiresAt": datetime.now(UTC)})
    await mongo.kill()
    await mongo.start()
    async with AsyncMongoClient(mongo.url) as client:
        raw = client["events"]["raw"]
        assert await raw.count_documents({}) == 1
        known = await raw.index_information()
        assert known["log"]["unique"]
        assert known["expire"]["expireAfterSeconds"] == 600


async def test_mongo_refuses_the_second_of_a_kind_and_takes_the_rest(tmp_path: Path, start: Start[Mongo]) -> None:
    mongo = await start(Mongo(tmp_path / "data", cache="64M"))
    async with AsyncMongoClient(mongo.url) as client:
        raw = client["events"]["raw"]
        await raw.create_index("log", unique=True)
        with pytest.raises(BulkWriteError) as refused:
            await raw.insert_many([{"log": 1}, {"log": 1}, {"log": 2}], ordered=False)
        assert [error["code"] for error in refused.value.details["writeErrors"]] == [11000]
        assert await raw.count_documents({}) == 2


async def test_mongo_rolls_a_failed_transaction_back(tmp_path: Path, start: Start[Mongo]) -> None:
    mongo = await start(Mongo(tmp_path / "data", cache="64M"))
    async with AsyncMongoClient(mongo.url) as client:
        await client["events"]["raw"].insert_one({"_id": 0})
        async with client.start_session() as session:
            with suppress(LookupError):
                async with await session.start_transaction():
                    await client["events"]["raw"].insert_one({"_id": 1}, session=session)
                    raise LookupError
        assert await client["events"]["raw"].count_documents({}) == 1


@workflow.defn
class Waiting:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)


async def test_temporal_keeps_its_workflows_over_a_kill(tmp_path: Path, start: Start[Temporal]) -> None:
    temporal = await start(Temporal(tmp_path / "data", headless=True))
    client = await Client.connect(temporal.url)
    found = attributes(flow="Mint", chain_id="eip155:31337")
    await client.start_workflow(Waiting.run, id="mint:1", task_queue="nobody", search_attributes=found)
    await temporal.kill()
    await temporal.start()
    description = await (await Client.connect(temporal.url)).get_workflow_handle("mint:1").describe()
    assert description.status is not None
    assert description.status.name == "RUNNING"
    assert len(description.typed_search_attributes.search_attributes) == 2


async def test_anvil_keeps_its_chain_over_a_restart(tmp_path: Path, start: Start[Anvil]) -> None:
    anvil = await start(Anvil(tmp_path / "data", NODE_DIR))
    deployment = await deploy(anvil, tmp_path / "deployment.json")
    await anvil.mine(3)
    block = await anvil.rpc("eth_getBlockByNumber", hex(deployment.start_block), True)
    await anvil.restart()
    assert await anvil.block_number() >= deployment.start_block + 3
    assert await anvil.rpc("eth_getBlockByNumber", hex(deployment.start_block), True) == block
    assert await anvil.rpc("eth_getTransactionReceipt", block["transactions"][0]["hash"]) is not None


async def test_contracts_are_deployed_once(tmp_path: Path, start: Start[Anvil]) -> None:
    anvil = await start(Anvil(tmp_path / "data", NODE_DIR, persist=False))
    first = await deploy(anvil, tmp_path / "deployment.json")
    head = await anvil.block_number()
    assert await deploy(anvil, tmp_path / "deployment.json") == first
    assert await deploy(anvil) == expected()
    assert await anvil.block_number() == head


async def test_a_market_is_opened_once_and_registered_under_its_roles(tmp_path: Path, start: Start[Anvil]) -> None:
    anvil = await start(Anvil(tmp_path / "data", NODE_DIR, block_time=60, mixed=False, persist=False))
    deployment = await deploy(anvil)
    head = await anvil.block_number()
    market = await open_market(anvil)
    assert await anvil.block_number() == head + 1
    assert await open_market(anvil) == market == expected_market()
    assert await anvil.block_number() == head + 1
    seed = await local_seed(anvil, deployment, market)
    registered = {contract.name: contract.address for contract in seed.contracts}
    assert registered.items() >= asdict(market).items()
    for address in asdict(market).values():
        assert await anvil.rpc("eth_getCode", address, "latest") != "0x"


async def test_blocks_come_by_themselves_where_there_is_a_block_time(tmp_path: Path, start: Start[Anvil]) -> None:
    anvil = await start(Anvil(tmp_path / "data", NODE_DIR, block_time=0.2, persist=False))
    before = await anvil.block_number()
    while await anvil.block_number() < before + 3:
        pass


async def test_a_paused_part_holds_its_connections_and_answers_later(tmp_path: Path, start: Start[Valkey]) -> None:
    valkey = await start(Valkey(tmp_path / "data"))
    async with Redis.from_url(valkey.url, socket_timeout=0.2, retry=None) as client:
        await client.ping()
        valkey.pause()
        with pytest.raises(RedisTimeoutError):
            await client.ping()
        valkey.resume()
        assert await client.ping()


async def test_a_stopped_part_is_gone(tmp_path: Path, start: Start[Valkey]) -> None:
    valkey = await start(Valkey(tmp_path / "data"))
    pid = valkey.pid
    assert pid is not None
    await valkey.stop()
    assert not alive(pid)
    assert not valkey.running
    assert valkey.exit_code == 0


class Broken(Valkey):
    """A server whose settings it does not take."""

    spawns = 1

    def command(self) -> list[str]:
        return [*super().command(), "--no-such-setting", "1"]


async def test_a_part_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = Broken(tmp_path / "data")
    with pytest.raises(PartFailedError, match="no-such-setting"):
        await broken.start()
    assert not broken.running


async def test_a_server_lets_nobody_in_without_its_password(tmp_path: Path, start: Start[Part]) -> None:
    """Whoever else uses this machine reaches the port as well, also a stack whose port this was before."""
    postgres = await start(Postgres(tmp_path / "postgres"))
    for wrong in ("postgres:guessed@", "postgres@"):
        with pytest.raises((asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)):
            await asyncpg.connect(postgres.url.replace(f"postgres:{postgres.password}@", wrong))
    valkey = await start(Valkey(tmp_path / "valkey"))
    async with Redis.from_url(valkey.url.replace(f":{valkey.password}@", "")) as client:
        with pytest.raises(AuthenticationError):
            await client.get("anything")
    for part in (postgres, valkey):
        assert part.password not in part.described()
        assert (tmp_path / f"{part.name}.password").stat().st_mode & 0o077 == 0


async def test_a_part_is_not_up_because_another_answers_on_its_port(tmp_path: Path, start: Start[Valkey]) -> None:
    first = await start(Valkey(tmp_path / "first"))
    second = Valkey(tmp_path / "second")
    second.port, second.spawns = first.port, 1
    (tmp_path / "second.password").write_text(first.password)
    with pytest.raises(PartFailedError, match="Address already in use"):
        await second.start()
    assert first.running
