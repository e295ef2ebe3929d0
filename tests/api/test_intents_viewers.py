"""How many may watch, and what becomes of viewers that do not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from steadymint.domain.errors import IntentErrorCode
from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentError
from steadymint.live.keeping import VIEWERS
from steadymint.live.viewer import SLOW_READERS
from tests.support.intents_api import Front, User, events, stream_path

# -- readers that do not read ----------------------------------------------------------------------------------------


async def test_a_reader_that_does_not_read_is_disconnected_and_its_buffer_given_back(api: Front, alice: User) -> None:
    draft, cut_off, open_streams = alice.draft(), SLOW_READERS._value.get(), VIEWERS._value.get()
    await api.recorder.create(draft)
    url = httpx.URL(api.url)
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=1024)
    token = await api.token(alice.id)
    writer.write(f"GET {stream_path(draft)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
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
        url = "ws" + few.url.removeprefix("http") + f"/v1/intents/{draft.intent_id}/ws"
        headers = {"Authorization": alice.http.headers["authorization"]}
        async with alice.http.stream("GET", stream_path(draft)), connect(url, additional_headers=headers):
            refused = await alice.http.get(stream_path(draft))
            assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
            assert refused.json()["limit"] == "streams-of-user"
            assert refused.headers["retry-after"] == "10"
            with pytest.raises(InvalidStatus) as denied:
                await connect(url, additional_headers=headers)
            assert denied.value.response.status_code == 429
            async with bob.http.stream("GET", stream_path(bobs)) as of_another:
                assert of_another.status_code == 200
        for _ in range(3):  # more than there are places: a client that leaves gives its own back
            await until_taken(alice.http, stream_path(draft))
        await few.recorder.step(draft.intent_id, Step.FAILED, "f")
        for _ in range(3):
            assert len(await events(alice.http, stream_path(draft))) == 2
            assert (await alice.http.get(stream_path(draft), headers={"Last-Event-ID": "2"})).status_code == 204
            async with connect(url + "?after=2", additional_headers=headers) as ended:
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
        async with alice.http.stream("GET", stream_path(draft)):
            refused = await bob.http.get(stream_path(bobs))
            assert (refused.status_code, refused.json()["limit"]) == (429, "streams-of-address")
        await until_taken(bob.http, stream_path(bobs))
