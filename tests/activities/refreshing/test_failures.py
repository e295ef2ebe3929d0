"""What cannot be read now is tried again, what never can be is marked, and neither stops another."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentFailure
from steadymint.metadata import reading as reading_module
from tests.support.refreshing import RED, Reading, status


async def test_what_a_server_does_not_give_now_is_asked_for_later_and_marked_in_the_end(reading: Reading) -> None:
    reading.publish(1, RED)
    reading.server.answers["/1"] = status(503)
    await reading.ask_for(1)
    waits = []
    for tries in range(1, 8):
        summary = await reading.batch()
        assert (summary.delayed, summary.waiting) == (1, 1)
        (entry,) = (await reading.queued()).values()
        assert entry["attempts"] == tries
        assert entry["last_error"].startswith("upstream_error")
        waits.append(summary.next_due_in)
        assert (await reading.token(1))["metadata_status"] is None
        await reading.due_now()
    assert all(later > 1.5 * earlier for earlier, later in itertools.pairwise(waits))

    summary = await reading.batch()

    assert (summary.read, summary.failed, summary.waiting) == (1, 1, 0)
    token = await reading.token(1)
    assert token["metadata_status"] == "failed"
    assert token["metadata_error"].startswith("upstream_error: ")
    assert "8 times" in token["metadata_error"]
    assert await reading.queued() == {}


async def test_a_token_that_was_read_well_keeps_what_it_shows_when_it_cannot_be_read(reading: Reading) -> None:
    reading.publish(1, {**RED, "name": "Kept", "image": "https://x.example/1.png"})
    await reading.ask_for(1)
    await reading.batch()
    reading.server.answers["/1"] = lambda _: web.Response(text="<html>gone</html>")
    await reading.ask_for(1, reason="event")

    summary = await reading.batch()

    assert summary.failed == 1
    token, doc = await reading.token(1), await reading.doc(1)
    assert token["metadata_status"] == "failed"
    assert token["metadata_error"].startswith("not_json")
    assert (token["name"], token["image_url"]) == ("Kept", "https://x.example/1.png")
    assert await reading.drop.said() == {1: {("colour", "red")}}
    assert doc is not None
    assert doc["normalize_status"] == "failed"
    assert "Kept" in doc["original_json"]


async def test_a_token_whose_contract_names_no_document_is_done_and_not_marked(reading: Reading) -> None:
    reading.contracts.uris[1] = ""
    await reading.ask_for(1)
    summary = await reading.batch()
    assert (summary.read, summary.failed, summary.due, summary.waiting) == (1, 0, 0, 0)
    token = await reading.token(1)
    assert (token["metadata_status"], token["metadata_error"]) == (None, None)
    assert await reading.doc(1) is None


async def test_a_contract_that_does_not_answer_is_marked_at_once(reading: Reading) -> None:
    reading.contracts.uris[2] = DocumentFailure("too_large", "more than a document may have", permanent=True)
    await reading.ask_for(1, 2)
    assert (await reading.batch()).failed == 2
    assert (await reading.token(1))["metadata_error"].startswith("no_uri")
    assert (await reading.token(2))["metadata_error"].startswith("too_large")


async def test_being_told_to_come_later_is_obeyed_and_costs_no_try(reading: Reading) -> None:
    reading.publish(1, RED)
    reading.server.answers["/1"] = status(429, **{"Retry-After": "600"})
    await reading.ask_for(1)
    summary = await reading.batch()
    assert summary.next_due_in is not None
    assert 500 < summary.next_due_in <= 600
    (entry,) = (await reading.queued()).values()
    assert entry["attempts"] == 0


@pytest.mark.parametrize("error", [RecursionError, ZeroDivisionError])
@pytest.mark.parametrize("step", ["parse_document", "normalise_shared"])
async def test_whatever_a_documents_content_raises_is_a_verdict_on_it_and_stops_no_other(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, step: str, error: type[Exception]
) -> None:
    right = getattr(reading_module, step)

    def choke(content: Any, **more: Any) -> object:
        if "poison" in str(content):
            raise error
        return right(content, **more)

    monkeypatch.setattr(reading_module, step, choke)
    reading.publish(1, {"name": "poison"})
    reading.publish(2, RED)
    await reading.ask_for(1, 2)
    summary = await reading.batch()
    assert (summary.read, summary.failed, summary.delayed) == (2, 1, 0)
    assert (await reading.token(1))["metadata_error"].startswith("unprocessable: ")
    assert await reading.queued() == {}


async def test_an_error_of_ours_that_one_fetch_provokes_stops_no_other_and_is_tried_again(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = reading.refresh.fetcher.fetch

    async def choke(uri: str, **more: Any) -> Any:
        if uri.endswith("/1"):
            raise KeyError
        return await fetch(uri, **more)

    monkeypatch.setattr(reading.refresh.fetcher, "fetch", choke)
    reading.publish(1, RED)
    reading.publish(2, RED)
    await reading.ask_for(1, 2)
    summary = await reading.batch()
    assert (summary.read, summary.delayed) == (1, 1)
    (entry,) = (await reading.queued()).values()
    assert entry["last_error"].startswith("internal")
