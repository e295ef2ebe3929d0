"""X23: the indexer killed at every point where it could be, and the catalog as if it never was."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pymongo import AsyncMongoClient

from steadymint.documents import EVENTS_RAW, Document, collection_of
from steadymint.domain.types import ChainId
from steadymint.indexing import history, indexer
from steadymint.indexing.store.raw_store import MongoRawStore
from steadymint.indexing.store.writer import Writer
from steadymint.indexing.subjects.table import FOLLOWED
from tests.support.indexing import ALICE, BOB, CAROL, Driver, Index, catalog_of
from tests.support.killing import KilledError, Killer
from tests.support.postgres import fresh_database
from tests.support.raw_logs import unpacked


async def life(driver: Driver) -> tuple[str, str]:
    cats = await driver.create(0)
    editions = await driver.create(1)
    await driver.mint(cats, 3)
    await driver.mint_batch(editions, [1, 2], [5, 5])
    await driver.anvil.mine(2)
    return cats, editions


async def more(driver: Driver, cats: str, editions: str) -> None:
    await driver.transfer(cats, 1, ALICE, BOB)
    await driver.transfer_1155(editions, 1, 5, ALICE, CAROL)
    await driver.call(cats, "Collection721", "pause")
    await driver.anvil.mine(3)


@pytest.fixture
async def mongo_client(mongo: str) -> AsyncIterator[AsyncMongoClient[Document]]:
    client: AsyncMongoClient[Document] = AsyncMongoClient(mongo)
    yield client
    await client.close()


@pytest.fixture
def raw_store(driver: Driver, mongo_client: AsyncMongoClient[Document]) -> MongoRawStore:
    return MongoRawStore(collection_of(mongo_client, EVENTS_RAW), ChainId(driver.anvil.caip2))


async def test_x23_killed_at_every_point_of_every_batch_the_catalog_is_the_same(
    driver: Driver, index: Index, fresh_index: str, raw_store: MongoRawStore
) -> None:
    index.options["raw"] = raw_store
    cats, editions = await life(driver)
    await more(driver, cats, editions)
    await index.catch_up(dsn=fresh_index)
    await back_to_the_start(index)  # its first reading is over
    points = Killer()
    await index.catch_up(fault=points)
    await back_to_the_start(index)

    for at in range(len(points.passed)):
        killer = Killer(at)
        with pytest.raises(KilledError):
            await index.catch_up(fault=killer)
        await index.catch_up()  # the next attempt knows nothing of the last one
        assert await catalog_of(index.dsn) == await catalog_of(fresh_index), killer.passed[-1]
        await back_to_the_start(index)

    assert {"raw stored", "advanced", "transfers", "balances", "before commit", "committed"} <= set(points.passed)


async def back_to_the_start(index: Index) -> None:
    """Live, with nothing indexed."""
    await index.catch_up()
    async with index.indexer() as opened:
        await opened.rewind(0)


async def test_killed_at_every_point_of_a_first_reading_the_catalog_is_the_same(
    driver: Driver, index: Index, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cats, editions = await life(driver)
    await more(driver, cats, editions)
    await index.catch_up()  # block by block
    live = await catalog_of(index.dsn)
    for module, name, value in (
        (indexer, "LIVE_TAIL", 0),
        (indexer, "LIVE_AT_ONCE", 0),
        (history, "LOGS_PER_TRANSACTION", 2),
    ):
        monkeypatch.setattr(module, name, value)
    index.options["source"] = {"target_bytes": 500}

    at, passed = 0, list[str]()
    while at <= len(passed):
        async for dsn in fresh_database(postgres):
            killer = Killer(at)
            try:
                await index.catch_up(dsn=dsn, fault=killer)
            except KilledError:
                await index.catch_up(dsn=dsn)
            assert await catalog_of(dsn) == live, killer.passed[-1]
            passed = killer.passed
        at += 1

    assert {"transfers", "sealed items", "sealed tables", "seal before commit", "sealed"} <= set(passed)


async def fork(driver: Driver, index: Index, cats: str, editions: str) -> None:
    """What was indexed last leaves the chain."""
    snapshot = await driver.anvil.rpc("evm_snapshot")
    await more(driver, cats, editions)
    await index.catch_up()
    await driver.anvil.rpc("evm_revert", snapshot)
    await driver.anvil.rpc("evm_increaseTime", hex(1000))
    await driver.mint(cats, 1, sender=CAROL)
    await driver.anvil.mine(8)


async def test_x23_killed_at_every_point_of_a_rollback_the_catalog_is_the_same(
    driver: Driver, index: Index, fresh_index: str, raw_store: MongoRawStore
) -> None:
    index.options["raw"] = raw_store
    cats, editions = await life(driver)
    await fork(driver, index, cats, editions)
    points = Killer()
    assert (await index.catch_up(fault=points)).reorgs == 1
    last = points.passed.index("rollback committed")

    for at in range(last + 1):
        await fork(driver, index, cats, editions)
        killer = Killer(at)
        with pytest.raises(KilledError):
            await index.catch_up(fault=killer)
        await index.catch_up()
        await index.catch_up(dsn=fresh_index)
        assert await catalog_of(index.dsn) == await catalog_of(fresh_index), killer.passed[-1]


@pytest.mark.parametrize("point", ["rollback before commit", "rollback committed"])
async def test_raw_logs_are_those_of_the_final_chain_each_once(
    driver: Driver,
    index: Index,
    raw_store: MongoRawStore,
    mongo_client: AsyncMongoClient[Document],
    point: str,
) -> None:
    index.options["raw"] = raw_store
    cats, editions = await life(driver)
    await fork(driver, index, cats, editions)
    indexed = await collection_of(mongo_client, EVENTS_RAW).find().sort("_id").to_list()

    def die(at: str) -> None:
        if at == point:
            raise KilledError(at)

    with pytest.raises(KilledError):
        await index.catch_up(fault=die)
    # The chain may return to what was indexed.
    assert await collection_of(mongo_client, EVENTS_RAW).find().sort("_id").to_list() == indexed
    await index.catch_up()

    documents = await collection_of(mongo_client, EVENTS_RAW).find().sort("_id").to_list()
    first, last = documents[0]["firstBlock"], documents[-1]["lastBlock"]
    span = {"fromBlock": hex(first), "toBlock": hex(last), "topics": [list(FOLLOWED)]}
    logs = await driver.anvil.rpc("eth_getLogs", span)

    assert [one for document in documents for one in unpacked(document)] == logs
    for block in range(first, last + 1):
        assert await raw_store.logs(block) == [one for one in logs if one["blockNumber"] == hex(block)]


async def test_postgres_gives_up_a_writer_whose_host_has_vanished_within_seconds(database: str) -> None:
    """Such a host closes no socket, and the lock of the chain stays with it for as long as Postgres waits."""
    writer = await Writer.open(database, ChainId("eip155:31337"))
    try:
        names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")
        # What the socket says of itself: 0 on a Unix socket.
        shown = [await writer.connection.fetchval("select current_setting($1)", name) for name in names]
    finally:
        await writer.close()

    assert shown == ["5", "2", "3", "15000"]  # seconds, seconds, probes, milliseconds
