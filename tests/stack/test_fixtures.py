"""The shared fixtures keep their promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from temporalio import workflow
from temporalio.testing import TimeSkipper
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from steadymint.durable.client import connect
from steadymint.settings import Settings
from steadymint.stack.deploy import expected
from tests.support import emptying
from tests.support.local_chain import LocalChain
from tests.support.postgres import fresh_database


@workflow.defn
class Sleeper:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(timedelta(hours=6))
        return "awake"


async def test_six_hours_pass_in_a_moment(time_skipping: TimeSkipper) -> None:
    worker = Worker(
        time_skipping.client, task_queue="q", workflows=[Sleeper], workflow_runner=UnsandboxedWorkflowRunner()
    )
    async with worker:
        handle = await time_skipping.client.start_workflow(Sleeper.run, id="sleeper", task_queue="q")
        assert await time_skipping.fast_forward(handle, timedelta(hours=5))
        assert (await handle.describe()).status.name == "RUNNING"
        await time_skipping.fast_forward(handle)
        assert await handle.result() == "awake"


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_an_empty_database(empty_database: str, again: int) -> None:
    connection = await asyncpg.connect(empty_database)
    await connection.execute("CREATE TABLE only_here (x int)")
    await connection.close()


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_a_migrated_database(database: str, again: int) -> None:
    connection = await asyncpg.connect(database)
    assert await connection.fetchval("SELECT count(*) FROM orchestrator_service.tx_intents") == 0
    await connection.execute("CREATE TABLE only_here (x int)")
    await connection.close()


async def everything(connection: asyncpg.Connection) -> dict[str, list[str]]:
    """The rows of each table, and where each sequence stands."""
    relations = await connection.fetch(
        """select oid::regclass::text as name,
            case relkind when 'S' then 'last_value, is_called' else '*' end as columns
        from pg_class where relkind in ('r', 'p', 'S') and relnamespace::regnamespace::text !~ '^(pg_|information_)'"""
    )
    return {
        name: sorted(str(tuple(row)) for row in await connection.fetch(f"select {columns} from {name}"))
        for name, columns in relations
    }


async def test_a_database_that_a_test_has_used_is_as_new_for_the_next(postgres: str) -> None:
    async for dsn in fresh_database(postgres):
        as_new = await asyncpg.connect(dsn)
        expected_content = await everything(as_new)
        for statement in (
            "insert into user_service.users default values",
            "insert into catalog_service.accounts (address) values (decode(repeat('ab', 20), 'hex'))",
            "select catalog_service.make_chain_tables(7::smallint), catalog_service.attach_chain_tables(7::smallint)",
            "create table catalog_service.only_here (x int)",
            "delete from catalog_service.accounts where no = 0",
        ):
            await as_new.execute(statement)
        assert await everything(as_new) != expected_content
        name = dsn
    async for dsn in fresh_database(postgres):
        assert dsn != name
        again = await asyncpg.connect(dsn)
        assert await everything(again) == expected_content
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(name)
    assert as_new.is_closed()


@pytest.mark.parametrize(
    "change",
    [
        "alter table user_service.users add column more int",
        "drop trigger if exists {trigger} on user_service.users",
        "create or replace function catalog_service.number_chain(chain text) returns smallint language sql as"
        " 'select 1::smallint'",
        "alter database {database} set work_mem = '1MB'",
        "create index on user_service.users (updated_at)",
    ],
)
async def test_a_database_whose_schema_a_test_has_changed_is_not_used_again(postgres: str, change: str) -> None:
    async for dsn in fresh_database(postgres):
        connection = await asyncpg.connect(dsn)
        trigger = await connection.fetchval(
            "select tgname from pg_trigger where tgrelid = 'user_service.users'::regclass and not tgisinternal limit 1"
        )
        await connection.execute(change.format(trigger=trigger, database=dsn.rpartition("/")[2]))
        assert not await emptying.empty(connection)


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_an_empty_document_store(mongo: str, again: int) -> None:
    client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(mongo)
    assets = client["media"]["assets"]
    assert await assets.count_documents({}) == 0
    assert (await assets.index_information())["content"]["unique"]
    await assets.insert_one({"_id": 1, "sha256": "00"})
    await client.close()


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_an_empty_cache(valkey: str, again: int) -> None:
    async with Redis.from_url(valkey) as client:
        assert await client.dbsize() == 0
        await client.set("only", "here")


@pytest.mark.parametrize("again", [1, 2])
async def test_each_test_has_the_same_chain(chain: LocalChain, again: int) -> None:
    assert await chain.anvil.block_number() == chain.contracts.start_block
    assert replace(chain.contracts, start_block=0) == expected()
    assert await chain.anvil.rpc("eth_getCode", chain.contracts.factory, "latest") != "0x"
    await chain.anvil.mine(3)


async def test_a_test_can_have_a_whole_deployment(settings: Settings) -> None:
    client = await connect(settings)
    assert client.namespace == settings.temporal.namespace
