"""A batch that is told to stop begins nothing further, and what it holds for writing is bounded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID

import pytest
from aiohttp import web

from steadymint.metadata import batch_writer
from steadymint.metadata import refresh as refresh_module
from steadymint.metadata.entries import RefreshTarget
from steadymint.metadata.settle import EntryOutcome, SettledCounts, Settlement
from steadymint.metadata.uris import Uri
from tests.support.refreshing import RED, Reading, a_reading


async def test_a_batch_that_is_told_to_stop_waits_for_no_place_with_a_host_that_is_busy(
    database: str, mongo: str
) -> None:
    stop = asyncio.Event()

    async def silence(_: web.Request) -> web.Response:
        stop.set()
        await asyncio.Event().wait()
        raise AssertionError

    async with a_reading(database, mongo, per_host=1, timeout=1.0) as reading:
        for number in range(10):
            reading.publish(number, RED)
            reading.server.answers[f"/{number}"] = silence
        await reading.ask_for(*range(10))
        summary = await reading.refresh.batch(reading.collection, stop, lambda _through, _of: None)

    assert summary.delayed == summary.waiting > 0
    assert summary.due == 10 - summary.waiting > 0


async def test_a_batch_that_is_told_to_stop_begins_no_further_document(reading: Reading) -> None:
    stop = asyncio.Event()

    def answer(_: web.Request) -> web.Response:
        stop.set()
        return web.json_response(RED)

    for number in range(10):
        reading.publish(number, RED)
        reading.server.answers[f"/{number}"] = answer
    reading.refresh.settings = reading.refresh.settings.model_copy(update={"concurrency": 2})
    await reading.ask_for(*range(10))
    summary = await reading.refresh.batch(reading.collection, stop, lambda _through, _of: None)
    assert 1 <= summary.read <= 3
    assert summary.due == 10 - summary.read


async def test_what_is_held_for_writing_is_bounded(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_module, "MAX_LOCATED", 1)
    monkeypatch.setattr(batch_writer, "MAX_HELD", 1)
    written: list[int] = []
    settle = Settlement.settle

    async def counted(
        self: Settlement, collection_id: UUID, outcomes: Sequence[EntryOutcome], at: datetime
    ) -> SettledCounts:
        written.append(len(outcomes))
        return await settle(self, collection_id, outcomes, at)

    monkeypatch.setattr(Settlement, "settle", counted)
    reading.refresh.settings = reading.refresh.settings.model_copy(update={"concurrency": 1})
    for number in range(5):
        reading.publish(number, RED)
    await reading.ask_for(*range(5))
    assert (await reading.batch()).read == 5
    assert written == [1, 1, 1, 1, 1]


async def test_a_contract_that_takes_long_to_name_its_documents_has_them_read_and_written_on_time(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, uris, done = asyncio.Event(), reading.contracts.uris, list[int]()

    async def one_by_one(target: RefreshTarget, numbers: Sequence[int]) -> AsyncIterator[list[tuple[int, Uri]]]:
        for index, number in enumerate(numbers):
            done.append((await reading.progress())["done"])
            if index == 3:
                stop.set()
            yield [(index, uris[number])]

    monkeypatch.setattr(reading.contracts, "token_uris", one_by_one)
    monkeypatch.setattr(batch_writer, "WRITTEN_EVERY", 0.0)
    for number in range(10):
        reading.publish(number, RED)
    await reading.ask_for(*range(10))
    summary = await reading.refresh.batch(reading.collection, stop, lambda _through, _of: None)
    assert done == [0, 1, 2, 3]
    assert (summary.read, summary.due) == (3, 7)
