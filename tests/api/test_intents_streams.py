"""The event stream: every step once and in order, whatever is flushed, restarted or lost."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentError
from tests.support.intents import block_hash, tx_hash
from tests.support.intents_api import Front, User, events, stream_path
from tests.support.serving import plain_http

# -- live ------------------------------------------------------------------------------------------------------------


async def test_a_viewer_sees_each_step_as_it_happens_and_the_stream_ends_after_the_final_one(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    watching = asyncio.create_task(events(alice.http, stream_path(draft)))
    await asyncio.sleep(0.1)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    await api.recorder.step(draft.intent_id, Step.CONFIRMING, "c", block_number=1, block_hash=block_hash(1))
    await api.recorder.step(draft.intent_id, Step.REORGED, "r")
    await api.recorder.step(
        draft.intent_id,
        Step.FAILED,
        "f",
        error=IntentError(code=IntentErrorCode.CALL_REVERTED, detail="line 1\nline 2\r\nid: 9"),
    )
    seen = await watching
    assert [event.id for event in seen] == [1, 2, 3, 4, 5]
    assert [event.step for event in seen] == ["prepared", "tracked", "confirming", "reorged", "failed"]
    assert seen[-1].view["error"]["detail"] == "line 1\nline 2\r\nid: 9"


async def test_a_hundred_viewers_of_one_intent_see_the_same(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    limits = httpx.Limits(max_connections=None)
    async with plain_http(api.url, headers=alice.http.headers, limits=limits, timeout=30) as http:
        watching = [asyncio.create_task(events(http, stream_path(draft))) for _ in range(100)]
        await asyncio.sleep(0.3)
        for number in range(5):
            await api.recorder.step(draft.intent_id, Step.TRACKED, f"t{number}", tx_hash=tx_hash())
        await api.recorder.step(draft.intent_id, Step.FAILED, "f")
        streams = await asyncio.gather(*watching)
    assert [event.id for event in streams[0]] == list(range(1, 8))
    assert all(stream == streams[0] for stream in streams)


async def test_the_head_of_the_answer_is_what_browsers_and_proxies_need(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    async with alice.http.stream("GET", stream_path(draft)) as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "x-request-id" in answer.headers
        assert await anext(answer.aiter_lines()) == "retry: 2000"


# -- resume ----------------------------------------------------------------------------------------------------------


async def test_a_viewer_resumes_behind_its_last_event(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.intents.settle([draft.sighting()])
    whole = await events(alice.http, stream_path(draft))
    for last in range(1, 5):
        assert await events(alice.http, stream_path(draft), after=last) == whole[last:]


async def test_a_viewer_that_has_seen_the_end_is_told_not_to_come_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    answer = await alice.http.get(stream_path(draft), headers={"Last-Event-ID": "2"})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_an_intent_reopened_by_a_reorg_is_shown_to_a_viewer_that_comes_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    seen = draft.sighting()
    await api.intents.settle([seen])
    last = (await events(alice.http, stream_path(draft)))[-1].id
    await api.intents.orphan([seen])
    await api.intents.settle([draft.sighting(block=11)])
    assert [event.step for event in await events(alice.http, stream_path(draft), after=last)] == [
        "reorged", "confirming", "indexed", "ready",
    ]  # fmt: skip


@pytest.mark.parametrize("forged", ["", "-1", "x", "1e3", "１", "9" * 400, "2147483648", "0x2"])
async def test_a_forged_last_event_id_shows_the_log_from_its_start_or_nothing_and_never_fails(
    api: Front, alice: User, forged: str
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    headers = {"Last-Event-ID": forged.encode("utf-8", "replace")}
    answer = await alice.http.get(stream_path(draft), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code in (200, 204)
    assert answer.content.count(b"event: status") in (0, 2)


async def test_an_id_beyond_the_log_of_an_open_intent_hides_nothing_that_is_still_to_come(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    begun = asyncio.Event()
    watching = asyncio.create_task(events(alice.http, stream_path(draft), after=99, ready=begun))
    await begun.wait()
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    assert [event.id for event in await watching] == [2]


async def test_the_stream_is_right_after_redis_was_flushed_and_the_api_restarted(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    async with api.serving() as first, plain_http(first.url, headers=alice.http.headers) as http:
        before = await events(http, stream_path(draft), count=2)
    await api.redis.flushall()
    await api.recorder.step(draft.intent_id, Step.CONFIRMING, "c", block_number=1, block_hash=block_hash(1))
    async with api.serving() as second, plain_http(second.url, headers=alice.http.headers) as http:
        watching = asyncio.create_task(events(http, stream_path(draft), after=before[-1].id))
        whole = asyncio.create_task(events(http, stream_path(draft)))
        await asyncio.sleep(0.2)
        await api.redis.flushall()
        await api.recorder.step(draft.intent_id, Step.FAILED, "f")
        after, everything = await asyncio.gather(watching, whole)
        document = await http.get(f"/v1/intents/{draft.intent_id}")
    assert before + after == everything
    assert [event.id for event in everything] == [1, 2, 3, 4]
    assert document.content == everything[-1].data


async def test_a_restart_cuts_open_streams_and_a_viewer_that_comes_back_misses_nothing(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    async with plain_http(headers=alice.http.headers) as http:
        async with api.serving() as first:
            begun = asyncio.Event()
            cut = asyncio.create_task(events(http, first.url + stream_path(draft), ready=begun))
            await begun.wait()
        with pytest.raises(httpx.TransportError):
            await cut
        await api.recorder.step(draft.intent_id, Step.FAILED, "nobody watches")
        async with api.serving() as second:
            assert [event.id for event in await events(http, second.url + stream_path(draft), after=1)] == [2]


# -- the end of a token ----------------------------------------------------------------------------------------------


async def test_a_stream_ends_with_the_token_it_was_opened_with(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    token = await api.token(alice.id, seconds=2)
    headers = {"Authorization": f"Bearer {token}"}
    async with plain_http(api.url, headers=headers, timeout=60) as http:
        assert [event.id for event in await events(http, stream_path(draft))] == [1]
    async with plain_http(api.url, headers=alice.http.headers, timeout=60) as http:
        await api.recorder.step(draft.intent_id, Step.FAILED, "f")
        assert [event.id for event in await events(http, stream_path(draft), after=1)] == [2]
