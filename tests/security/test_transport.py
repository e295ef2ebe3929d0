"""Bytes on the wire that two parsers could read in two ways, or that never end: attack cases A09 and A10."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from tests.support.intents_api import Front, User
from tests.support.serving import plain_http

POST = b"POST /v1/auth/nonce HTTP/1.1\r\nHost: market.example\r\nContent-Type: application/json\r\n"


async def exchanged(front: Front, sent: bytes) -> bytes:
    """Everything the server says to these bytes on one connection."""
    address = urlsplit(front.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        writer.write(sent)
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
        b"Content-Length: 6\r\nContent-Length: 7\r\n",
        b"Content-Length: 6, 7\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +6\r\n",
        b"Content-Length: 0x6\r\n",
        b"Content-Length: 99999999999999999999999\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Transfer-Encoding:\x0bchunked\r\n",
        b" Folded: x\r\n",
        b"X: a\rb\r\n",
        b"X: a\0b\r\n",
        b"X y: z\r\n",
    ],
)
async def test_a10_a_request_that_could_be_read_in_two_ways_is_refused(api: Front, head: bytes) -> None:
    """And nothing behind it is: the connection ends, so that no second request can hide in a body."""
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: market.example\r\nConnection: close\r\n\r\n"
    answer = await exchanged(api, POST + head + b"\r\n" + hidden)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "target",
    [
        b"/v1/collections?\xff=1",
        b"/v1/collections?cursor=\xc3\x28",
        b"/v1/chains?\xed\xa0\x80",
        b"/v1/collections/eip155:31337/0x0000000000000000000000000000000000010001/tokens?q=\xff",
        b"/v1/search?q=\xff\xfe",
        b"/v1/users/\xff",
        b"/v1/\xff",
        b"/ipfs/\xff/%ff/%00/..%2f..%2fetc/passwd",
        b"/media/..%2f..%2fetc%2fpasswd",
        b"http://[::1/v1/collections",
        b"//[/v1/collections",
    ],
)
async def test_a_target_that_is_no_text_is_the_callers_mistake(api: Front, target: bytes) -> None:
    answer = await exchanged(api, b"GET " + target + b" HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 4"), answer


async def test_a09_heads_and_bodies_of_any_size_are_refused_with_their_reason(api: Front) -> None:
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(10_000))
    for head in (many, b"X: " + b"a" * 100_000 + b"\r\n"):
        assert (await exchanged(api, POST + head + b"\r\n")).startswith(b"HTTP/1.1 431 ")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(800):
            yield b" " * 65_536

    async with plain_http(api.url, timeout=30) as http:
        for content in (b" " * (50 * 2**20), endless()):
            answer = await http.post("/v1/auth/nonce", content=content, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a09_a_body_shorter_than_it_says_gets_no_answer_and_costs_nothing(api: Front) -> None:
    sent = POST + b"Content-Length: 100\r\n\r\n{"
    reader, writer = await asyncio.open_connection(*api.url.removeprefix("http://").split(":"))
    writer.write(sent)
    writer.write_eof()
    async with asyncio.timeout(10):
        assert b" 5" not in (await reader.read())[:13]
    writer.close()
    async with plain_http(api.url) as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_a16_a_viewer_that_speaks_at_length_is_disconnected(api: Front, alice: User) -> None:
    draft = alice.draft()
    await api.recorder.create(draft)
    url = f"{api.url.replace('http', 'ws')}/v1/intents/{draft.intent_id}/ws"
    async with connect(url, additional_headers={"Authorization": alice.http.headers["authorization"]}) as socket:
        await socket.recv()
        await socket.send("x" * 20_000)
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
