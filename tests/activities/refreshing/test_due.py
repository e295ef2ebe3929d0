"""A batch reads what is due and may be read, and leaves the rest for later."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from steadymint.metadata import announced, docs, queue
from steadymint.metadata.settle import EntryOutcome, EntryVerdict
from tests.support.refreshing import RED, Reading


async def test_x19_what_a_contract_announces_is_read_so_often_an_hour_and_then_waits(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announced, "LEAST", 1)
    await reading.pool.execute(
        "insert into catalog_service.collection_stats (collection_id, items_count, last_updated_at)"
        " values ($1, 10, now()) on conflict (collection_id) do update set items_count = 10",
        reading.collection_id,
    )
    for number in range(10):
        reading.publish(number, {**RED, "name": str(number)})

    async def announce() -> None:
        async with reading.pool.acquire() as leased:
            connection: Any = leased
            await queue.enqueue_ranges(connection, [queue.whole(reading.collection_id)], "event")
            await queue.enqueue_ranges(connection, [queue.TokenRange(reading.collection_id, 2, 4)], "event")

    await announce()
    summary = await reading.batch()
    for _ in range(11):
        await announce()
        summary = await reading.batch()
    assert reading.server.asked.total() == announced.PASSES * 10
    assert (summary.due, summary.read) == (0, 0)
    assert summary.waiting
    assert summary.next_due_in is not None
    assert 3000 < summary.next_due_in <= 3600

    await reading.ask_for(7, reason="mint")
    await reading.ask_for(8, reason="request")
    assert (await reading.batch()).read == 2  # of these nobody is made to wait

    await reading.pool.execute(
        "update catalog_service.sync_state set started_at = now() - interval '1 hour' where source = 'announced'"
    )
    await reading.due_now()
    assert (await reading.batch()).read == 10
    assert (await reading.progress())["status"] == "done"


async def test_a_request_that_comes_meanwhile_is_answered_after_this_one(reading: Reading) -> None:
    reading.publish(1, RED)
    asked = asyncio.Event()

    async def ask_again() -> None:
        await asked.wait()
        await reading.ask_for(1, reason="event")

    def answer(_: web.Request) -> web.Response:
        asked.set()
        return web.json_response(RED)

    reading.server.answers["/1"] = answer
    await reading.ask_for(1)
    taken = await reading.refresh.entries.take(reading.collection_id, 10)
    await reading.ask_for(1, reason="event")  # between taking and settling
    settled = await reading.refresh.settlement.settle(
        reading.collection_id, [EntryOutcome(taken[0], EntryVerdict.READ)], docs.now()
    )
    assert settled.read == 0
    assert (await reading.token(1))["metadata_status"] == "ok"
    (entry,) = (await reading.queued()).values()
    assert entry["generation"] == 2
    assert (await reading.batch()).read == 1


async def test_rows_that_the_indexer_holds_are_left_for_the_next_batch(reading: Reading) -> None:
    for number in (1, 2):
        reading.publish(number, RED)
    await reading.ask_for(1, 2)
    async with reading.pool.acquire() as indexer, indexer.transaction():
        await indexer.execute("update catalog_service.tokens set supply = 1 where id = $1", reading.drop.tokens[1])
        summary = await asyncio.wait_for(reading.batch(), 10)
        assert (summary.read, summary.due) == (1, 1)
    assert (await reading.batch()).read == 1
    assert (await reading.progress())["done"] == 2


@pytest.mark.parametrize("reason", ["event", "mint", "request"])
async def test_what_is_frozen_is_read_once_and_then_only_when_asked_for(reading: Reading, reason: Any) -> None:
    await reading.pool.execute("update catalog_service.collections set frozen = true")
    reading.publish(1, RED)
    await reading.ask_for(1)
    await reading.batch()
    assert reading.server.asked["/1"] == 1
    await reading.ask_for(1, reason=reason)
    assert (await reading.batch()).read == 1
    assert reading.server.asked["/1"] == (2 if reason == "request" else 1)
    assert await reading.queued() == {}


async def test_what_an_operator_took_out_of_refreshing_is_never_asked_for(reading: Reading) -> None:
    reading.publish(1, RED)
    row = reading.drop.row
    await reading.pool.execute(
        "insert into catalog_service.nft_flags (chain_id, contract, token_id, refreshable) values ($1, $2, 1, false)",
        row["chain_id"],
        row["contract_address"],
    )
    await reading.ask_for(1, reason="request")
    assert (await reading.batch()).read == 1
    assert reading.server.asked == {}
    assert (await reading.token(1))["metadata_status"] is None


async def test_a_collection_that_a_reorg_took_back_has_nothing_to_read(reading: Reading) -> None:
    gone = reading.collection.model_copy(update={"contract": "0x" + "99" * 20})
    summary = await reading.refresh.batch(gone, asyncio.Event(), lambda _through, _of: None)
    assert (summary.read, summary.due, summary.waiting) == (0, 0, 0)
