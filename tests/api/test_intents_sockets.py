"""The WebSocket shows what the event stream shows, to whoever brings the owner's token."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from steadymint.domain.intents.machine import Step
from steadymint.live.keeping import VIEWERS
from tests.support.intents import Draft, tx_hash
from tests.support.intents_api import Front, User, events, stream_path


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
    stream = await events(alice.http, stream_path(draft))
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
        await events(alice.http, stream_path(draft), count=1)
    else:
        connection = await socket(api, draft, await api.token(alice.id))
        await connection.recv()
        await connection.close()
    async with asyncio.timeout(5):
        while VIEWERS._value.get() > open_streams:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
