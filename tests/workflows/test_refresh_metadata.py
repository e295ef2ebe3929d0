"""The flow that reads a collection's metadata: when it reads, waits, ranks and ends; and a thousand bad answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper

from steadymint.catalog.ranking import Ranking
from steadymint.domain.refreshing import WAKE, BatchSummary, CollectionRef, workflow_id_of
from steadymint.durable import policies
from steadymint.durable.queues import Queues
from steadymint.durable.refreshing import Refreshes
from steadymint.metadata import queue
from steadymint.metadata.overdue import Overdue
from steadymint.settings import Settings
from tests.support.refreshing import Reading, a_reading
from tests.support.scripted_refresh import COLLECTION, NOTHING, REST, SOME, ScriptedReader, serving, waiting
from workers.metadata import sweep_overdue


def handle_of(client: Client, collection: CollectionRef = COLLECTION) -> WorkflowHandle[Any, BatchSummary]:
    return client.get_workflow_handle(workflow_id_of(collection), result_type=BatchSummary)


async def kinds(handle: WorkflowHandle[Any, Any]) -> Counter[str]:
    return Counter(
        [EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") async for event in handle.fetch_history_events()]
    )


async def test_all_batches_are_read_before_ranks_are_computed_once(temporal_client: Client) -> None:
    reader = ScriptedReader(SOME, SOME, SOME, REST)
    async with serving(temporal_client, reader) as refreshes:
        assert await refreshes.wake(COLLECTION)
        last = await handle_of(temporal_client).result()
    assert (last.done, last.total) == (1000, 1000)
    assert (reader.read, reader.ranked) == (4, 1)


async def test_where_no_trait_changed_nothing_is_ranked(temporal_client: Client) -> None:
    reader = ScriptedReader(REST.model_copy(update={"traits_changed": False}))
    async with serving(temporal_client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        await handle_of(temporal_client).result()
    assert (reader.read, reader.ranked) == (1, 0)


async def test_a_hundred_wake_ups_are_one_flow_and_none_is_lost(temporal_client: Client) -> None:
    reader = ScriptedReader()
    reader.gate.clear()
    async with serving(temporal_client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        await asyncio.wait_for(reader.begun.wait(), 30)
        run = (await handle_of(temporal_client).describe()).run_id
        told = await asyncio.gather(*(refreshes.wake(COLLECTION) for _ in range(100)))
        assert all(told)
        reader.left = [NOTHING, REST]  # what was asked for came after the first batch had looked
        reader.gate.set()
        await handle_of(temporal_client).result()
        assert (await handle_of(temporal_client).describe()).run_id == run
    assert reader.left == []
    assert reader.ranked == 1


async def test_what_is_to_be_tried_again_is_waited_for_and_ranks_do_not_wait(
    temporal_client: Client, time_skipping: TimeSkipper
) -> None:
    reader = ScriptedReader(waiting(6 * 3600, traits_changed=True), REST)
    async with serving(time_skipping.client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        handle = handle_of(time_skipping.client)
        await reader.until(lambda: reader.ranked == 1)
        assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
        assert reader.read == 1
        await time_skipping.fast_forward(handle, timedelta(hours=7))
        await handle.result()
    assert (reader.read, reader.ranked) == (2, 2)


async def test_a_wake_up_ends_the_wait(temporal_client: Client) -> None:
    reader = ScriptedReader(waiting(6 * 3600), REST)
    async with serving(temporal_client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        await reader.until_read(1)
        await refreshes.wake(COLLECTION)
        await handle_of(temporal_client).result()
    assert reader.read == 2


async def test_a_long_refresh_goes_on_as_new_and_forgets_neither_ranks_nor_wake_ups(
    temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "REFRESH_EVENTS", 40)
    reader = ScriptedReader(*[SOME] * 20, REST.model_copy(update={"traits_changed": False}))
    async with serving(temporal_client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        handle = handle_of(temporal_client)
        begun_as = (await handle.describe()).run_id
        for _ in range(5):
            await reader.until_read(reader.read + 1)
            await handle.signal(WAKE)
        await reader.until(lambda: not reader.left and reader.ranked == 1)
        description = await handle.describe()
        assert description.run_id != begun_as
        assert sum((await kinds(handle)).values()) < 40 + 20


async def test_an_operator_sees_how_far_it_is(temporal_client: Client) -> None:
    reader = ScriptedReader(waiting(6 * 3600, done=9, total=10, total_failed=2), REST)
    async with serving(temporal_client, reader) as refreshes:
        await refreshes.wake(COLLECTION)
        handle = handle_of(temporal_client)
        await reader.until_read(1)
        details = ""
        for _ in range(200):
            details = str((await handle.query("__temporal_workflow_metadata")).current_details)
            if "Waiting" in details:
                break
            await asyncio.sleep(0.05)
        assert "9 of 10 documents done, 2 of them failed" in details
        description = await handle.describe()
        found = {pair.key.name: pair.value for pair in description.typed_search_attributes}
        assert found["Flow"] == "RefreshMetadata"
        assert found["Collection"].lower() == COLLECTION.contract
        await refreshes.wake(COLLECTION)
        await handle.result()


async def test_temporal_being_away_is_told_and_raises_nothing() -> None:
    lazy = await Client.connect("127.0.0.1:9", lazy=True, data_converter=pydantic_data_converter)
    assert not await Refreshes(lazy, Queues()).wake(COLLECTION)


async def test_a_queue_of_which_nobody_told_the_flow_is_read_all_the_same(
    temporal_client: Client, database: str, mongo: str
) -> None:
    async with a_reading(database, mongo) as reading:
        reading.publish(1, {"name": "Found"})
        await reading.ask_for(1)
        await reading.pool.execute("update catalog_service.metadata_queue set due_at = now() - interval '2 minutes'")

        async with serving(temporal_client, reading.refresh, ranker=ScriptedReader()) as refreshes:
            sweep = asyncio.create_task(sweep_overdue(Overdue(reading.pool), refreshes))
            for _ in range(500):
                if (await reading.token(1))["name"]:
                    break
                await asyncio.sleep(0.02)
            sweep.cancel()
            assert (await reading.token(1))["name"] == "Found"
            await handle_of(temporal_client, reading.collection).result()


# -- a whole collection, a fifth of whose documents are not to be had -------------------------------------------------

TOKENS = 1000


@pytest.fixture
async def reading(database: str, mongo: str) -> AsyncIterator[Reading]:
    async with a_reading(
        database,
        mongo,
        size=TOKENS,
        timeout=6.0,  # with two chances after a first failure: what is good may be slow on a machine that others use
        retry_first=0.05,
        max_attempts=3,
        per_host=32,
        batch=250,
    ) as found:
        yield found


class BadGateway:
    """A fake of a gateway that answers a fifth of what it is asked wrongly, each in a way of its own."""

    WAYS = ("failing", "wrong", "recovering", "failing", "wrong", "recovering", "slow")

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.tries: Counter[int] = Counter()
        reading.server.answers = {f"/{number}": self.answer for number in range(TOKENS) if self.way(number)}

    def way(self, number: int) -> str | None:
        """What is slow is among the last, so that its time-outs are waited for in one batch."""
        if number % 5:
            return None
        way = self.WAYS[number // 5 % len(self.WAYS)]
        return "failing" if way == "slow" and number < TOKENS * 3 // 4 else way

    async def answer(self, request: web.Request) -> web.Response:
        number = int(request.path[1:])
        self.tries[number] += 1
        way = self.way(number)
        if way == "failing" or (way == "recovering" and self.tries[number] < 2):
            return web.Response(status=500)
        if way == "slow":
            await asyncio.sleep(30)
        if way == "wrong":
            return web.Response(text="<html>Not what you wanted</html>", content_type="application/json")
        return web.json_response(self._reading.server.documents[request.path])


@pytest.mark.slow
async def test_a_refresh_ends_complete_with_a_fifth_of_the_answers_bad_and_says_which_and_why(
    temporal_client: Client, reading: Reading
) -> None:
    for number in range(TOKENS):
        reading.publish(number, {"name": f"#{number}", "attributes": [{"trait_type": "Last", "value": number % 10}]})
    gateway = BadGateway(reading)
    async with reading.pool.acquire() as connection:
        await queue.enqueue_ranges(connection, [queue.whole(reading.collection_id)], "request")

    class Ranks:
        async def rank(self, _: CollectionRef) -> None:
            await Ranking(reading.pool).rank(reading.collection_id)

    async with serving(temporal_client, reading.refresh, ranker=Ranks()) as refreshes:
        await refreshes.wake(reading.collection)
        handle = handle_of(temporal_client, reading.collection)
        last = await asyncio.wait_for(handle.result(), 120)

    failed = [number for number in range(TOKENS) if gateway.way(number) in ("failing", "slow", "wrong")]
    assert (last.total, last.done, last.total_failed) == (TOKENS, TOKENS, len(failed))
    reasons = {
        row["token_number"]: row["metadata_error"].partition(":")[0]
        for row in await reading.pool.fetch(
            "select token_number, metadata_error from catalog_service.tokens where metadata_status = 'failed'"
        )
    }
    why = {"failing": "upstream_error", "slow": "timeout", "wrong": "not_json"}
    assert reasons == {number: why[gateway.way(number) or ""] for number in failed}
    good = await reading.pool.fetch("select name from catalog_service.tokens where metadata_status = 'ok'")
    assert {row["name"] for row in good} == {f"#{number}" for number in range(TOKENS) if number not in failed}
    assert len(await reading.drop.said()) == TOKENS - len(failed)
    ranked = await reading.pool.fetchval("select count(distinct token_id) from catalog_service.rarity_scores")
    assert ranked == TOKENS - len(failed)
    assert await reading.queued() == {}
    progress = await reading.progress()
    assert (progress["status"], progress["done"], progress["failed"]) == ("done", TOKENS, len(failed))
    assert sum((await kinds(handle)).values()) < 200
    assert Settings().metadata.max_attempts > 2, "the test is less patient than the product"
