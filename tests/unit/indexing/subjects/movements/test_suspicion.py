"""A movement that does not fit what was so before it says why, however the chain was read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from contracts import load_artifact
from steadymint.catalog.reads.activity import ActivityFilter, account_activity, collection_activity, read_feed
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.telling import node_facts
from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, CHAIN, EDITIONS, MAX, ZERO, batch, single, transfer
from tests.support.indexing import ALICE as ALICE_ON_CHAIN
from tests.support.indexing import BOB as BOB_ON_CHAIN
from tests.support.indexing import Driver, Index, Polled, call_data, catalog_of, fetch
from tests.support.projected import creation, projected
from tests.support.running import running, shown

FAMOUS = "0x" + "f0" * 20
CREATED = [creation(CATS, 0, block=1, index=0), creation(EDITIONS, 1, block=1, index=1)]

STORIES: dict[str, tuple[list[Log], list[str | None]]] = {
    "moved and never minted": ([transfer(FAMOUS, BOB, 1)], ["never_minted"]),
    "burned and never minted": ([transfer(FAMOUS, ZERO, 1)], ["never_minted"]),
    "moved on after that": ([transfer(FAMOUS, BOB, 1), transfer(BOB, CAROL, 1)], ["never_minted", None]),
    "not the owner": ([transfer(ZERO, ALICE, 1), transfer(FAMOUS, BOB, 1)], [None, "not_the_owner"]),
    "burned before": (
        [transfer(ZERO, ALICE, 1), transfer(ALICE, ZERO, 1), transfer(ALICE, BOB, 1)],
        [None, None, "not_the_owner"],
    ),
    "minted twice": ([transfer(ZERO, ALICE, 1), transfer(ZERO, BOB, 1)], [None, "contradiction"]),
    "minted again after a burn": (
        [transfer(ZERO, ALICE, 1), transfer(ALICE, ZERO, 1), transfer(ZERO, BOB, 1)],
        [None, None, None],
    ),
    "units of nothing": ([single(FAMOUS, BOB, 1, 5)], ["never_minted"]),
    "units of somebody else": ([single(ZERO, ALICE, 1, 5), single(FAMOUS, BOB, 1, 5)], [None, "not_the_owner"]),
    "more units than held": ([single(ZERO, ALICE, 1, 5), single(ALICE, BOB, 1, 6)], [None, "not_the_owner"]),
    "some of a batch": (
        [single(ZERO, ALICE, 1, 5), batch(ALICE, BOB, [1, 2, 1], [3, 1, 3])],
        [None, None, "never_minted", "not_the_owner"],
    ),
    "more units than there are numbers": (
        [single(ZERO, ALICE, 1, MAX), single(ZERO, ALICE, 1, 1)],
        [None, "contradiction"],
    ),
}
REASONS = """
select suspicious from catalog_service.activities order by block_number, log_index, batch_index"""


def at(logs: list[Log], *, one_block: bool) -> list[list[Log]]:
    """The logs in one block, or each in one of its own; from block 2 on."""
    blocks: list[list[Log]] = [[] for _ in ([0] if one_block else logs)]
    for nth, log in enumerate(logs):
        block = 2 if one_block else 2 + nth
        place = {"block_number": hex(block), "block_hash": f"0x{block:064x}", "log_index": hex(nth)}
        blocks[block - 2].append(replace(log, **place))
    return blocks


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("how", ["one batch", "block by block", "first reading"])
async def test_the_reason_follows_from_what_was_so_before(
    database: str, story: tuple[list[Log], list[str | None]], how: str
) -> None:
    logs, reasons = story
    blocks = at(logs, one_block=how != "block by block")
    async with projected(database, history=how == "first reading") as index:
        await index.take(CREATED, 1)
        for number, block in enumerate(blocks, 2):
            await index.take(block, number)
        await index.seal()
        assert [row["suspicious"] for row in await fetch(database, REASONS)] == reasons
        await index.back_to(1)
        assert await fetch(database, "select * from catalog_service.suspicions") == []


async def test_feeds_show_leave_out_or_single_out_what_is_suspicious(database: str) -> None:
    told = [transfer(ZERO, BOB, 1), transfer(FAMOUS, BOB, 2), transfer(FAMOUS, BOB, 1)]
    async with projected(database) as index:
        await index.take([*CREATED, *at(told, one_block=True)[0]], 2)

    async def shown(of: Any, *named: Any, **asked: Any) -> list[str | None]:
        pool = await create_pool(database, min_size=1, max_size=1)
        try:
            feed = of(*named, ActivityFilter(**asked), after=None, limit=10)
            return [row.suspicious for row in (await read_feed(pool, feed, 10)).rows]
        finally:
            await pool.close()

    collection = (collection_activity, ChainId(CHAIN), Address(CATS))
    assert await shown(*collection) == ["not_the_owner", "never_minted", None]
    assert await shown(*collection, suspicious="exclude") == [None]
    assert await shown(*collection, suspicious="only") == ["not_the_owner", "never_minted"]
    assert await shown(account_activity, Address(FAMOUS)) == []
    assert await shown(account_activity, Address(BOB)) == [None]
    assert await shown(account_activity, Address(FAMOUS), suspicious="only") == ["not_the_owner", "never_minted"]
    assert await shown(account_activity, Address(FAMOUS), suspicious="include") == ["not_the_owner", "never_minted"]


async def test_who_sent_the_transaction_of_a_suspicious_movement_is_asked_after_the_commit_though_no_block_comes(
    driver: Driver, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_facts, "EVERY", 0.0)
    cats = await driver.create(0)
    await driver.anvil.rpc("anvil_setCode", cats, load_artifact("LogForge").deployed_bytecode)
    forged = [
        ([bytes.fromhex(t[2:]) for t in one.topics], b"")
        for one in (transfer(FAMOUS, BOB_ON_CHAIN, 5), transfer(ZERO, ALICE_ON_CHAIN, 6))
    ]
    await driver.receipt(await driver.send(BOB_ON_CHAIN, cats, call_data("LogForge", "emitLogs", forged)))
    await driver.anvil.mine(2)
    await index.catch_up()
    before = await catalog_of(index.dsn)

    statement = "select suspicious, tx_sender, from_address from catalog_service.activities order by log_index"
    rows = [("never_minted", BOB_ON_CHAIN, FAMOUS), (None, None, ZERO)]
    monkeypatch.setattr(Polled, "news", asyncio.Event().wait)
    async with running(index):
        assert await shown(index, statement, rows) == rows
    after = await catalog_of(index.dsn)
    assert before["ownership_transfers"] == after["ownership_transfers"]
