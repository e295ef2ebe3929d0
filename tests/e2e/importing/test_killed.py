"""An import that is killed and goes on ends as if it never was."""

from __future__ import annotations

import itertools
from contextlib import suppress

from pymongo import AsyncMongoClient

from steadymint.documents import EVENTS_RAW, Document, collection_of
from steadymint.domain.types import ChainId
from steadymint.indexing.store.raw_store import MongoRawStore
from steadymint.indexing.subjects.table import BELIEVED
from tests.support.importing import (
    chain_rows,
    foreign_drop,
    foreign_editions,
    past,
    register,
    run_until_imported,
)
from tests.support.indexing import Driver, Index
from tests.support.killing import KilledError, Killer
from tests.support.raw_logs import unpacked


async def test_x23_an_import_killed_at_every_point_ends_as_if_it_never_was(
    driver: Driver, index: Index, fresh_index: str
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    await past(driver, drop, editions)
    for dsn in (index.dsn, fresh_index):
        await index.catch_up(dsn=dsn)
        await register(index, drop, dsn)
    points = Killer()
    await run_until_imported(index, drop, fault=points, dsn=fresh_index)
    assert points.passed.count("import committed") > 3

    # Each attempt gets one point further than the one before, and dies there.
    for at in itertools.count():
        try:
            await run_until_imported(index, drop, fault=Killer(at))
        except KilledError:
            continue
        break

    assert await chain_rows(index.dsn) == await chain_rows(fresh_index)


async def test_raw_logs_of_an_import_stand_beside_those_of_their_blocks_each_once(
    driver: Driver, index: Index, mongo: str
) -> None:
    drop, editions = await foreign_drop(driver), await foreign_editions(driver)
    ours = await driver.create(0)
    await driver.mint(ours, 1)
    await past(driver, drop, editions)
    client: AsyncMongoClient[Document] = AsyncMongoClient(mongo)
    raw = collection_of(client, EVENTS_RAW)
    index.options["raw"] = MongoRawStore(raw, ChainId(driver.anvil.caip2))
    await index.catch_up()
    await register(index, drop)
    for at in (0, 20):  # killed with raw logs written and their rows not
        with suppress(KilledError):
            await run_until_imported(index, drop, fault=Killer(at))

    await run_until_imported(index, drop)

    found = [
        (one["address"], one["transactionHash"], one["logIndex"])
        async for document in raw.find()
        for one in unpacked(document)
    ]
    query = {"fromBlock": "0x0", "toBlock": "latest", "address": drop, "topics": [list(BELIEVED)]}
    logs = await driver.anvil.rpc("eth_getLogs", query)
    assert len(set(found)) == len(found)
    assert {(drop, log["transactionHash"], log["logIndex"]) for log in logs} <= set(found)
    assert ours in {address for address, _, _ in found}
    await client.close()
