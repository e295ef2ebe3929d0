"""The event stream and the WebSocket: every step once and in order, whatever is flushed, restarted or lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentError
from steadymint.live.feed import VIEWERS
from steadymint.live.viewer import SLOW_READERS
from tests.support.intents import Draft, block_hash, tx_hash
from tests.support.intents_api import Front, User, events


def path(draft: Draft) -> str:
    return f"/v1/intents/{draft.intent_id}/events"


async def socket(api: Front, draft: Draft, token: str, query: str = "", **options: Any) -> ClientConnection:
    url = f"{api.url.replace('http', 'ws')}/v1/intents/{draft.intent_id}/ws{query}"
    return await connect(url, additional_headers={"Authorization": f"Bearer {token}"} if token else {}, **options)


async def received(connection: ClientConnection) -> list[dict[str, Any]]:
    """Everything until the server closes."""
    messages: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        try:
            while True:
                messages.append(orjson.loads(await connection.recv()))
        except ConnectionClosed:
            return messages


# -- live ------------------------------------------------------------------------------------------------------------


async def test_a_viewer_sees_each_step_as_it_happens_and_the_stream_ends_after_the_final_one(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    watching = asyncio.create_task(events(alice.http, path(draft)))
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
    async with httpx.AsyncClient(base_url=api.url, headers=alice.http.headers, limits=limits, timeout=30) as http:
        watching = [asyncio.create_task(events(http, path(draft))) for _ in range(100)]
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
    async with alice.http.stream("GET", path(draft)) as answer:
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
    whole = await events(alice.http, path(draft))
    for last in range(1, 5):
        assert await events(alice.http, path(draft), after=last) == whole[last:]


async def test_a_viewer_that_has_seen_the_end_is_told_not_to_come_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    answer = await alice.http.get(path(draft), headers={"Last-Event-ID": "2"})
    assert (answer.status_code, answer.content) == (204, b"")


async def test_an_intent_reopened_by_a_reorg_is_shown_to_a_viewer_that_comes_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    seen = draft.sighting()
    await api.intents.settle([seen])
    last = (await events(alice.http, path(draft)))[-1].id
    await api.intents.orphan([seen])
    await api.intents.settle([draft.sighting(block=11)])
    assert [event.step for event in await events(alice.http, path(draft), after=last)] == [
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
    answer = await alice.http.get(path(draft), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code in (200, 204)
    assert answer.content.count(b"event: status") in (0, 2)


async def test_an_id_beyond_the_log_of_an_open_intent_hides_nothing_that_is_still_to_come(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    watching = asyncio.create_task(events(alice.http, path(draft), after=99))
    await asyncio.sleep(0.1)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    assert [event.id for event in await watching] == [2]


async def test_the_stream_is_right_after_redis_was_flushed_and_the_api_restarted(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    async with api.serving() as first, httpx.AsyncClient(base_url=first.url, headers=alice.http.headers) as http:
        before = await events(http, path(draft), count=2)
    await api.redis.flushall()
    await api.recorder.step(draft.intent_id, Step.CONFIRMING, "c", block_number=1, block_hash=block_hash(1))
    async with api.serving() as second, httpx.AsyncClient(base_url=second.url, headers=alice.http.headers) as http:
        watching = asyncio.create_task(events(http, path(draft), after=before[-1].id))
        whole = asyncio.create_task(events(http, path(draft)))
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
    async with httpx.AsyncClient(headers=alice.http.headers, timeout=20) as http:
        async with api.serving() as first:
            cut = asyncio.create_task(events(http, first.url + path(draft)))
            await asyncio.sleep(0.2)
        with pytest.raises(httpx.TransportError):
            await cut
        await api.recorder.step(draft.intent_id, Step.FAILED, "nobody watches")
        async with api.serving() as second:
            assert [event.id for event in await events(http, second.url + path(draft), after=1)] == [2]


# -- the end of a token ----------------------------------------------------------------------------------------------


async def test_a_stream_ends_with_the_token_it_was_opened_with(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    token = await api.token(alice.id, seconds=2)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=api.url, headers=headers, timeout=60) as http:
        assert [event.id for event in await events(http, path(draft))] == [1]
    async with httpx.AsyncClient(base_url=api.url, headers=alice.http.headers, timeout=60) as http:
        await api.recorder.step(draft.intent_id, Step.FAILED, "f")
        assert [event.id for event in await events(http, path(draft), after=1)] == [2]


# -- WebSocket -------------------------------------------------------------------------------------------------------


async def test_the_socket_shows_the_same_events_as_the_stream(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    token = await api.token(alice.id)
    live = await socket(api, draft, token)
    watching = asyncio.create_task(received(live))
    await asyncio.sleep(0.1)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    messages = await watching
    stream = await events(alice.http, path(draft))
    assert [(message["id"], message["data"]) for message in messages] == [(event.id, event.view) for event in stream]
    assert {message["event"] for message in messages} == {"status"}
    assert live.close_code == 1000
    resumed = await socket(api, draft, token, "?after=2")
    assert [message["id"] for message in await received(resumed)] == [3]
    ended = await socket(api, draft, token, "?after=3")
    assert (await received(ended), ended.close_code) == ([], 1000)


async def test_a_browser_brings_its_token_as_a_subprotocol(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    protocols = ["steadymint.v1", f"bearer.{await api.token(alice.id)}"]
    connection = await socket(api, draft, "", subprotocols=protocols)
    assert connection.subprotocol == "steadymint.v1"
    assert [message["id"] for message in await received(connection)] == [1, 2]


@pytest.mark.parametrize("how", ["nothing", "nonsense", "url", "twice", "stranger"])
async def test_a_socket_without_the_owners_token_is_refused_before_it_opens(api: Front, alice: User, how: str) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    token = await api.token(alice.id)
    async with api.user() as stranger:
        foreign = await api.token(stranger.id)
    given: dict[str, Any] = {
        "nothing": {"token": ""},
        "nonsense": {"token": "x.y.z"},
        "url": {"token": "", "query": f"?token={token}&access_token={token}"},
        "twice": {"token": token, "subprotocols": ["steadymint.v1", f"bearer.{token}"]},
        "stranger": {"token": foreign},
    }[how]
    with pytest.raises(InvalidStatus) as refused:
        await socket(api, draft, **given)
    assert refused.value.response.status_code == (404 if how == "stranger" else 401)
    assert orjson.loads(refused.value.response.body)["code"] == ("not_found" if how == "stranger" else "unauthorized")


async def test_what_a_viewer_says_on_its_socket_is_ignored(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    connection = await socket(api, draft, await api.token(alice.id))
    for noise in ("", "{", "x" * 1000, b"\xff\x00"):
        await connection.send(noise)
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    assert [message["id"] for message in await received(connection)] == [1, 2]


@pytest.mark.parametrize("kind", ["stream", "socket"])
async def test_a_viewer_that_leaves_leaves_nothing_behind(api: Front, alice: User, kind: str) -> None:
    draft, open_streams = alice.draft(), VIEWERS._value.get()
    await api.recorder.create(draft)
    if kind == "stream":
        await events(alice.http, path(draft), count=1)
    else:
        connection = await socket(api, draft, await api.token(alice.id))
        await connection.recv()
        await connection.close()
    async with asyncio.timeout(5):
        while VIEWERS._value.get() > open_streams:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


# -- readers that do not read ----------------------------------------------------------------------------------------


async def test_a_reader_that_does_not_read_is_disconnected_and_its_buffer_given_back(api: Front, alice: User) -> None:
    draft, cut_off, open_streams = alice.draft(), SLOW_READERS._value.get(), VIEWERS._value.get()
    await api.recorder.create(draft)
    url = httpx.URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1024)
    token = await api.token(alice.id)
    writer.write(f"GET {path(draft)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    await reader.readuntil(b"retry: 2000")  # from here on it does not read
    padding = IntentError(code=IntentErrorCode.CALL_REVERTED, detail="x" * 200_000)
    async with asyncio.timeout(60):
        for number in range(400):
            await api.recorder.step(draft.intent_id, Step.TRACKED, f"t{number}", error=padding)
            if SLOW_READERS._value.get() > cut_off:
                break
        while VIEWERS._value.get() > open_streams:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert SLOW_READERS._value.get() == cut_off + 1
    writer.close()


# -- how many --------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def with_few_streams(api: Front, **limits: int) -> AsyncIterator[Front]:
    """The same API with places for few streams."""
    few = api.settings.model_copy(update={"api": api.settings.api.model_copy(update=limits)})
    async with replace(api, settings=few).serving() as front:
        yield front


async def until_taken(http: httpx.AsyncClient, url: str) -> None:
    """Until there is a place for one more stream."""
    async with asyncio.timeout(20):
        while True:
            async with http.stream("GET", url) as answer:
                if answer.status_code == 200:
                    return
            await asyncio.sleep(0.05)


async def test_streams_beyond_a_users_places_are_refused_and_each_end_gives_its_place_back(api: Front) -> None:
    async with (
        with_few_streams(api, streams_per_user=2) as few,
        few.user() as alice,
        few.user() as bob,
    ):
        draft, bobs = alice.draft(), bob.draft()
        await few.recorder.create(draft)
        await few.recorder.create(bobs)
        socket = "ws" + few.url.removeprefix("http") + f"/v1/intents/{draft.intent_id}/ws"
        headers = {"Authorization": alice.http.headers["authorization"]}
        async with alice.http.stream("GET", path(draft)), connect(socket, additional_headers=headers):
            refused = await alice.http.get(path(draft))
            assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
            assert refused.json()["limit"] == "streams-of-user"
            assert refused.headers["retry-after"] == "10"
            with pytest.raises(InvalidStatus) as denied:
                await connect(socket, additional_headers=headers)
            assert denied.value.response.status_code == 429
            async with bob.http.stream("GET", path(bobs)) as of_another:
                assert of_another.status_code == 200
        for _ in range(3):  # more than there are places: a client that leaves gives its own back
            await until_taken(alice.http, path(draft))
        await few.recorder.step(draft.intent_id, Step.FAILED, "f")
        for _ in range(3):
            assert len(await events(alice.http, path(draft))) == 2
            assert (await alice.http.get(path(draft), headers={"Last-Event-ID": "2"})).status_code == 204
            async with connect(socket + "?after=2", additional_headers=headers) as ended:
                await ended.wait_closed()


async def test_streams_beyond_an_addresss_places_are_refused_whoever_opens_them(api: Front) -> None:
    async with (
        with_few_streams(api, streams_per_address=1) as few,
        few.user() as alice,
        few.user() as bob,
    ):
        draft, bobs = alice.draft(), bob.draft()
        await few.recorder.create(draft)
        await few.recorder.create(bobs)
        async with alice.http.stream("GET", path(draft)):
            refused = await bob.http.get(path(bobs))
            assert (refused.status_code, refused.json()["limit"]) == (429, "streams-of-address")
        await until_taken(bob.http, path(bobs))
