"""Subscriptions over graphql-transport-ws and SSE: the events of REST's streams, to their owner, resumable."""

from __future__ import annotations

import asyncio
from gc import get_objects
from typing import Any
from uuid import UUID

import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.graphql.gateway import MAX_SUBSCRIPTIONS
from api.graphql.sockets import COME_BACK
from steadymint.domain.intents.machine import Step
from steadymint.live.keeping import VIEWERS
from steadymint.live.viewer import End, Viewer
from tests.support.intents import Draft, tx_hash
from tests.support.intents_api import Front, User, events, stream_path

MINT = """subscription($id: UUID_, $after: Int) {
  onMintStatus(intentId: $id, after: $after) { seq status step txHash contract tokenIds chainId }
}""".replace("UUID_", "ID!")
ANY = "subscription($id: ID!) { onIntentStatus(intentId: $id) { seq intent { step kind } } }"


class Socket:
    """A connection in the protocol's own words."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.said: list[dict[str, Any]] = []
        """What came before it was closed."""

    async def say(self, **message: Any) -> None:
        await self.connection.send(orjson.dumps(message).decode())

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            return orjson.loads(await self.connection.recv())

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        await self.say(id=name, type="subscribe", payload={"query": query, "variables": variables})

    async def until_complete(self) -> list[dict[str, Any]]:
        """What each message shows until one says that the operation is complete."""
        found: list[dict[str, Any]] = []
        while (message := await self.hear())["type"] != "complete":
            assert message["type"] == "next", message
            found.append(message["payload"])
        return found

    async def close_code(self) -> int | None:
        async with asyncio.timeout(20):
            try:
                while True:
                    self.said.append(orjson.loads(await self.connection.recv()))
            except ConnectionClosed:
                return self.connection.close_code


async def opened(api: Front, payload: Any = None, *, acknowledged: bool = True, **options: Any) -> Socket:
    url = f"{api.url.replace('http', 'ws')}/graphql"
    socket = Socket(await connect(url, subprotocols=["graphql-transport-ws"], **options))  # pyright: ignore
    await socket.say(type="connection_init", **({} if payload is None else {"payload": payload}))
    if acknowledged:
        assert (await socket.hear())["type"] == "connection_ack"
    return socket


async def signed_in(api: Front, user: User, seconds: int = 900) -> Socket:
    return await opened(api, {"authorization": f"Bearer {await api.token(user.id, seconds=seconds)}"})


@pytest.fixture
async def ended(api: Front, alice: User) -> Draft:
    """A mint of alice's with three steps, the last of them final."""
    draft = alice.draft()
    await api.recorder.create(draft)
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    return draft


async def test_a_subscription_shows_the_events_of_the_stream_as_they_come_and_resumes_behind_a_number(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    socket = await signed_in(api, alice)
    await socket.subscribe("1", MINT, id=str(draft.intent_id))
    seen = [(await socket.hear())["payload"]["data"]["onMintStatus"]]
    await api.recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=tx_hash())
    await api.recorder.step(draft.intent_id, Step.FAILED, "f")
    seen += [payload["data"]["onMintStatus"] for payload in await socket.until_complete()]
    stream = await events(alice.http, stream_path(draft))
    assert [(one["seq"], one["step"], one["status"], one["txHash"]) for one in seen] == [
        (event.id, event.step, event.view["status"], event.view.get("txHash")) for event in stream
    ]
    await socket.subscribe("2", MINT, id=str(draft.intent_id), after=2)
    assert [one["data"]["onMintStatus"]["seq"] for one in await socket.until_complete()] == [3]
    await socket.subscribe("3", MINT, id=str(draft.intent_id), after=3)
    assert await socket.until_complete() == []


async def test_each_kind_of_intent_can_be_watched_and_another_kind_is_not_found(
    api: Front, alice: User, ended: Draft
) -> None:
    socket = await signed_in(api, alice)
    await socket.subscribe("1", ANY, id=str(ended.intent_id))
    assert [one["data"]["onIntentStatus"]["intent"]["kind"] for one in await socket.until_complete()] == ["mint"] * 3
    wrong = "subscription($id: ID!) { onCollectionStatus(intentId: $id) { seq address } }"
    await socket.subscribe("2", wrong, id=str(ended.intent_id))
    (payload,) = await socket.until_complete()
    assert payload["errors"][0]["extensions"]["code"] == "not_found"


@pytest.mark.parametrize("who", ["nobody", "stranger"])
async def test_an_intent_is_shown_to_its_owner_only(api: Front, ended: Draft, who: str) -> None:
    async with api.user() as stranger:
        socket = await opened(api) if who == "nobody" else await signed_in(api, stranger)
        await socket.subscribe("1", MINT, id=str(ended.intent_id))
        message = await socket.hear()
    errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
    assert errors[0]["extensions"]["code"] == ("unauthorized" if who == "nobody" else "not_found")


@pytest.mark.parametrize("payload", [{"authorization": "Bearer x.y.z"}, {"Authorization": 7}, {"authorization": "x"}])
async def test_a_connection_with_a_wrong_token_is_closed(api: Front, payload: dict[str, Any]) -> None:
    socket = await opened(api, payload, acknowledged=False)
    assert await socket.close_code() == 4403


async def test_a_connection_ends_with_its_session_and_says_that_one_may_come_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    socket = await signed_in(api, alice, seconds=1)
    await socket.subscribe("1", MINT, id=str(draft.intent_id))
    assert await socket.close_code() == COME_BACK


@pytest.mark.parametrize("text", ["{", "[" * 16_000, "9" * 5_000, '{"type": "ping", "type": "pong"}', "\0", "\ufeff{}"])
async def test_a_message_that_cannot_be_read_closes_its_connection_in_words(api: Front, text: str) -> None:
    socket = await opened(api)
    await socket.connection.send(text)
    assert await socket.close_code() == 4400


async def test_a_page_of_another_origin_opens_no_connection(api: Front) -> None:
    url = f"{api.url.replace('http', 'ws')}/graphql"
    with pytest.raises(InvalidStatus):
        await connect(url, subprotocols=["graphql-transport-ws"], origin="https://elsewhere.example")  # pyright: ignore


async def test_a_viewer_that_leaves_gives_back_what_it_held_and_one_connection_has_so_many(
    api: Front, alice: User
) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    before = VIEWERS._value.get()  # pyright: ignore
    socket = await signed_in(api, alice)
    for number in range(MAX_SUBSCRIPTIONS):
        await socket.subscribe(str(number), MINT, id=str(draft.intent_id))
        assert (await socket.hear())["type"] == "next"
    await socket.subscribe("more", MINT, id=str(draft.intent_id))
    refused = await socket.hear()
    assert (refused["id"], refused["type"]) == ("more", "error")
    assert VIEWERS._value.get() == before + MAX_SUBSCRIPTIONS  # pyright: ignore
    await socket.say(id="0", type="complete")
    await socket.connection.close()
    async with asyncio.timeout(20):
        while VIEWERS._value.get() > before:  # noqa: ASYNC110  # pyright: ignore
            await asyncio.sleep(0.01)


async def test_the_same_events_come_by_sse_to_a_client_without_sockets(api: Front, alice: User, ended: Draft) -> None:
    body = {"query": MINT, "variables": {"id": str(ended.intent_id), "after": 1}}
    found = await alice.http.post("/graphql", json=body, headers={"accept": "text/event-stream"})
    assert found.headers["content-type"].startswith("text/event-stream")
    shown = [
        orjson.loads(line.removeprefix("data: ")) for line in found.text.splitlines() if line.startswith("data: {")
    ]
    assert [one["data"]["onMintStatus"]["seq"] for one in shown] == [2, 3]
    assert "event: complete" in found.text


async def broken(intent_id: UUID) -> None:
    """End the streams of an intent as the process does when it stops."""
    async with asyncio.timeout(20):
        while not (viewers := [one for one in get_objects() if type(one) is Viewer and one.subject == intent_id]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for viewer in viewers:
        viewer.end(End.CLOSED)


async def test_a_broken_stream_is_not_complete_and_its_subscriber_may_come_back(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    socket = await signed_in(api, alice)
    await socket.subscribe("1", MINT, id=str(draft.intent_id))
    assert (await socket.hear())["type"] == "next"
    await broken(draft.intent_id)
    assert await socket.close_code() == COME_BACK
    assert socket.said == []


async def test_a_broken_stream_over_sse_ends_with_a_refusal(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    body = {"query": MINT, "variables": {"id": str(draft.intent_id)}}
    asked = asyncio.create_task(alice.http.post("/graphql", json=body, headers={"accept": "text/event-stream"}))
    await broken(draft.intent_id)
    shown = [line.removeprefix("data: ") for line in (await asked).text.splitlines() if line.startswith("data: {")]
    said = orjson.loads(shown[-1])["errors"][0]["extensions"]
    assert (said["code"], said["upstream"]) == ("upstream_unavailable", "stream")


async def test_an_error_of_a_stream_is_told(
    api: Front, alice: User, ended: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(self: Viewer, write: Any) -> End:
        raise ValueError

    monkeypatch.setattr(Viewer, "pump", failing)
    socket = await signed_in(api, alice)
    await socket.subscribe("1", MINT, id=str(ended.intent_id))
    (payload,) = await socket.until_complete()
    assert payload["errors"][0]["extensions"]["code"] == "internal_error"
