"""Requests with their whole answers: what is read as the answer, and what becomes of the connection."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from steadymint.outbound.exchange import AnswerTooLargeError, Exchanges
from tests.support.scripted_receiver import Scripted

MOST = 1_000
"""Bytes."""


def answered(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join((b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body), b"", body))


@asynccontextmanager
async def asking(*answers: bytes | None) -> AsyncIterator[tuple[Scripted, Exchanges]]:
    receiver = Scripted(*answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await receiver.serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, aiohttp.ClientSession(headers={"Content-Type": "text/plain"}) as session:
        yield receiver, Exchanges(session, f"http://127.0.0.1:{port}/key?x=1", {"Authorization": "Bearer secret"})


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (answered(b"hello"), 200, b"hello"),
        (answered(b""), 200, b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, b"hello"),
        (answered(gzip.compress(b"hello"), b"Content-Encoding: gzip"), 200, b"hello"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answered(b"hello"), 200, b"hello"),
        (answered(b"no", status=b"429 Slower"), 429, b"no"),
        (answered(b"there", b"Location: http://127.0.0.1:1/", status=b"307 Elsewhere"), 307, b"there"),
    ],
    ids=["plain", "empty", "chunked", "compressed", "hints-first", "refused", "redirect"],
)
async def test_an_answer_is_read_whole_and_the_next_one_comes_over_the_same_connection(
    answer: bytes, status: int, body: bytes
) -> None:
    async with asking(answer, answered(b"next")) as (receiver, exchanges):
        first, second = [await exchanges.post(sent, MOST) for sent in (b"one", b"")]
    assert (first.status, first.body, second.body) == (status, body, b"next")
    assert receiver.bodies == [(1, b"one"), (1, b"")]
    lines = receiver.heads[0].decode().split("\r\n")
    assert lines[0] == "POST /key?x=1 HTTP/1.1"
    assert {"Authorization: Bearer secret", "Content-Type: text/plain", "Content-Length: 3"} <= set(lines)


async def test_headers_are_found_by_names_in_any_case() -> None:
    async with asking(answered(b"", b"rEtry-aFter: 7")) as (_, exchanges):
        assert (await exchanges.post(b"", MOST)).headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (answered(b"x" * (MOST + 1)), AnswerTooLargeError),
        (answered(gzip.compress(b"x" * 1_000_000), b"Content-Encoding: gzip"), AnswerTooLargeError),
        (b"SSH-2.0-no-web-server\r\n\r\n", aiohttp.ClientError),
        (None, aiohttp.ClientError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n", aiohttp.ClientError),
    ],
    ids=["long", "inflates", "not-http", "closed", "broken"],
)
async def test_what_is_no_answer_ends_its_connection_and_not_the_next_one(
    answer: bytes | None, error: type[Exception]
) -> None:
    async with asking(answer, answered(b"next")) as (receiver, exchanges):
        with pytest.raises(error):
            await exchanges.post(b"one", MOST)
        assert (await exchanges.post(b"two", MOST)).body == b"next"
    assert receiver.bodies == [(1, b"one"), (2, b"two")]


async def test_who_stops_waiting_leaves_no_answer_to_the_next_one() -> None:
    async with asking(b"", answered(b"next")) as (receiver, exchanges):
        waiting = asyncio.create_task(exchanges.post(b"one", MOST))
        await receiver.asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await exchanges.post(b"two", MOST)).body == b"next"
    assert [connection for connection, _ in receiver.bodies] == [1, 2]
