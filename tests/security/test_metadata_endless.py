"""Answers, heads, handshakes and redirects without an end are given one: attack case M09."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.connecting import Network
from steadymint.settings import MetadataSettings
from tests.support.fetching import CID, MIB, failure_of, settings
from tests.support.internet import Internet, local_server

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


async def endless_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 10737418240\r\n\r\n")
    await pour(writer, b"x" * 65536)


async def endless_chunks(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    await pour(writer, b"10000\r\n" + b"x" * 65536 + b"\r\n")


async def endless_until_close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"\r\n")
    await pour(writer, b"x" * 65536)


BOMB = gzip.compress(bytes(32 * MIB), 1)


async def bomb(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)
    await writer.drain()


async def dripping_body(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
    await drip(writer, b"x")


async def dripping_head(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    await drip(writer, b"X: y\r\n")


async def silence(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    while await reader.read(65536):
        pass


async def long_header(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n{}")
    await writer.drain()


async def many_headers(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(
        HEAD + b"".join(b"X%d: %s\r\n" % (at, b"y" * 100) for at in range(1000)) + b"Content-Length: 2\r\n\r\n{}"
    )
    await writer.drain()


async def endless_continues(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await drip(writer, b"HTTP/1.1 100 Continue\r\n\r\n")


async def pour(writer: asyncio.StreamWriter, piece: bytes, pause: float = 0.0) -> None:
    while not writer.is_closing():
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)  # a closed connection lets `drain` return at once, for ever


async def drip(writer: asyncio.StreamWriter, piece: bytes) -> None:
    await pour(writer, piece, 0.02)


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (endless_body, "too_large"),
        (endless_chunks, "too_large"),
        (endless_until_close, "too_large"),
        (bomb, "too_large"),
        (dripping_body, "timeout"),
        (dripping_head, "timeout"),
        (silence, "timeout"),
        (endless_continues, "timeout"),
        (long_header, "bad_answer"),
        (many_headers, "bad_answer"),
    ],
    ids=lambda given: given if isinstance(given, str) else given.__name__,
)
async def test_m09_an_answer_without_an_end_is_given_one(internet: Internet, stream: Any, code: str) -> None:
    """By bytes or by time, and without room for it: the most that is held is a small multiple of the cap."""
    site = await internet.raw("a.web.example", stream)
    async with Fetcher.open(settings(timeout=0.3 if code == "timeout" else 5.0), network=internet.network) as fetcher:
        tracemalloc.start()
        try:
            failure = await failure_of(fetcher, site)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert failure.code == code
    assert most < 8 * MIB


async def test_m09_a_handshake_without_an_end_is_given_one(internet: Internet) -> None:
    site = await internet.raw("a.web.example", silence, tls=False)
    async with Fetcher.open(settings(timeout=0.3), network=internet.network) as fetcher:
        assert (await failure_of(fetcher, site)).code == "timeout"


async def test_m09_a_name_server_without_an_answer_is_not_waited_for() -> None:
    async def resolve(_: str) -> Sequence[IpAddress]:
        await asyncio.Event().wait()
        raise AssertionError

    async with Fetcher.open(settings(timeout=0.2), network=Network(resolve)) as fetcher:
        assert (await failure_of(fetcher, "https://a.web.example/")).code == "timeout"


async def test_m09_a_slow_chain_of_redirects_has_one_limit_of_time(internet: Internet) -> None:
    """Each hop within the limit, all of them beyond it."""

    async def handle(request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response(status=302, headers={"Location": request.path + "x"})

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(timeout=0.5, max_redirects=50), network=internet.network) as fetcher:
        assert (await failure_of(fetcher, f"{site}/x")).code == "timeout"


async def test_m09_a_gateway_is_held_to_the_same_limits() -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with suppress(ConnectionError):
            while True:
                await answer.write(b"x" * 65536)
        return answer

    async with local_server(handle) as gateway, Fetcher.open(settings(ipfs_gateways=(gateway,))) as fetcher:
        assert (await failure_of(fetcher, f"ipfs://{CID}/1.json")).code == "too_large"


async def test_m09_media_have_a_cap_of_their_own(internet: Internet) -> None:
    async def picture(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n\x1a\n")
        await pour(writer, b"x" * 65536)

    site = await internet.raw("a.web.example", picture)
    async with Fetcher.open(settings(max_media=3 * MIB), network=internet.network) as fetcher:
        for asked in (None, 100 * MIB):
            with pytest.raises(DocumentUnreadableError) as caught:
                await fetcher.fetch_media(site, asked)
            assert caught.value.failure.code == "too_large"
            assert str(3 * MIB) in caught.value.failure.detail


def test_m09_the_caps_are_what_the_page_says() -> None:
    known = MetadataSettings()
    assert (known.max_document, known.max_media, known.timeout) == (MIB, 25 * MIB, 10.0)
