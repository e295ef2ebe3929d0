"""Redirects, encodings and headers of one request, and how long it may take."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from steadymint.outbound.client import Answer, ClientLimits, OutboundClient, Target
from steadymint.outbound.deadline import deadline
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import parse_url
from steadymint.outbound.posting import MAX_DRAINED, Receipt
from tests.support.internet import Internet

BODY = b'{"name": "Ape"}' * 100
LIMITS = ClientLimits(per_host=8, host_rate=10_000.0, max_redirects=3, user_agent="tests")


async def got(client: OutboundClient, url: str) -> Answer:
    return await client.get(Target(parse_url(url), configured=False), max_bytes=1024 * 1024, on_place=lambda: None)


async def answered(internet: Internet, body: bytes, status: int = 200, **headers: str) -> Answer:
    """What the client makes of one answer."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(
            body=body, status=status, headers={name.replace("_", "-"): headers[name] for name in headers}
        )

    site = await internet.site("a.web.example", handle)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        return await got(client, site)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("identity", BODY),
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("deflate", zlib.compress(BODY)),
    ],
    ids=["identity", "gzip", "upper", "deflate"],
)
async def test_a_compressed_document_is_inflated(internet: Internet, encoding: str, body: bytes) -> None:
    assert (await answered(internet, body, Content_Encoding=encoding)).body == BODY


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("gzip", b"not gzip"), ("gzip, gzip", gzip.compress(gzip.compress(BODY))), ("zstd", b"x")],
    ids=["br", "broken", "twice", "zstd"],
)
async def test_an_encoding_that_was_not_asked_for_is_no_answer(internet: Internet, encoding: str, body: bytes) -> None:
    with pytest.raises(OutboundError) as caught:
        await answered(internet, body, Content_Encoding=encoding)
    assert (caught.value.failure.code, caught.value.failure.permanent) == ("bad_answer", False)


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("", "bad_answer"),
        ("https://", "too_many_redirects"),  # says nothing that differs from where it stands
        ("https://[::1", "bad_answer"),
        ("http://a.web.example/", "bad_scheme"),
        ("ftp://a.web.example/", "bad_scheme"),
        ("javascript:alert(1)", "bad_answer"),
        ("data:application/json,{}", "bad_answer"),
        ("https://user@a.web.example/", "bad_uri"),
    ],
)
async def test_a_redirect_to_what_we_do_not_read_is_refused(internet: Internet, location: str, code: str) -> None:
    with pytest.raises(OutboundError) as caught:
        await answered(internet, b"", 302, Location=location)
    assert caught.value.failure.code == code


async def test_a_redirect_is_followed_to_where_it_points_from_where_it_stands(internet: Internet) -> None:
    asked: list[str] = []
    targets = {"/a/1": "2?x=%20y#z", "/a/2": "../b", "/b": "//b.web.example/c%2Fd"}

    async def handle(request: web.Request) -> web.Response:
        asked.append(f"{request.host}{request.raw_path}")
        target = targets.get(request.path)
        return web.Response(body=BODY) if target is None else web.Response(status=301, headers={"Location": target})

    site = await internet.site("a.web.example", handle)
    await internet.site("b.web.example", handle)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        assert (await got(client, f"{site}/a/1")).body == BODY
    assert asked == ["a.web.example/a/1", "a.web.example/a/2?x=%20y", "a.web.example/b", "b.web.example/c%2Fd"]


@pytest.mark.parametrize("etag", ["x" * 300, '"caf\xe9"'], ids=["long", "not-ascii"])
async def test_a_tag_that_could_not_be_sent_back_is_forgotten(internet: Internet, etag: str) -> None:
    assert (await answered(internet, BODY, ETag=etag)).etag is None


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        ("0", 0, 0),
        ("7", 7, 7),
        ("99999999999999999999", 3600, 3600),
        ("soon", 1, 1),
        ("-5", 1, 1),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("Wed, 21 Oct 99999 07:28:00 GMT", 1, 1),
    ],
    ids=["zero", "seconds", "for-ever", "words", "negative", "past", "no-date"],
)
async def test_the_wait_that_a_host_asks_for_is_passed_on(
    internet: Internet, given: str, low: float, high: float
) -> None:
    """As seconds or as a date, within reason; a second where it cannot be read."""
    with pytest.raises(OutboundError) as caught:
        await answered(internet, b"", 429, Retry_After=given)
    assert caught.value.failure.code == "throttled"
    assert low <= (caught.value.retry_after or 0) <= high


async def test_a_date_that_a_host_asks_to_wait_for_is_passed_on(internet: Internet) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    with pytest.raises(OutboundError) as caught:
        await answered(internet, b"", 429, Retry_After=date)
    assert 400 <= (caught.value.retry_after or 0) <= 600


async def test_a_503_with_a_wait_is_a_throttle(internet: Internet) -> None:
    with pytest.raises(OutboundError) as caught:
        await answered(internet, b"", 503, Retry_After="30")
    assert (caught.value.failure.code, caught.value.retry_after) == ("throttled", 30)


async def patient(client: OutboundClient, url: str) -> None:
    async with deadline(0.2) as start:
        await asyncio.sleep(0.3)  # our own queue
        await client.get(Target(parse_url(url), configured=False), max_bytes=1, on_place=start)


async def test_the_time_counts_from_the_request_and_not_from_our_queue(internet: Internet) -> None:
    asked = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError("it went on")

    site = await internet.site("a.web.example", hang)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        with pytest.raises(OutboundError) as caught:
            await patient(client, site)
    assert asked.is_set()
    assert (caught.value.failure.code, caught.value.failure.permanent) == ("timeout", False)


async def sent(client: OutboundClient, url: str) -> Receipt:
    poster = client.poster(Target(parse_url(url), configured=False), 5.0)
    try:
        return await poster.post(b"{}", {})
    finally:
        poster.rest()


async def test_what_a_receiver_answers_is_not_inflated(internet: Internet) -> None:
    packed = gzip.compress(bytes(4_000_000), 9)
    assert len(packed) <= MAX_DRAINED

    async def bomb(_: web.Request) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    site = await internet.site("a.web.example", bomb)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        await sent(client, site)  # so that the connection stands
        tracemalloc.start()
        try:
            assert (await sent(client, site)).status == 200
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 2_000_000


async def test_who_answers_2xx_and_breaks_off_has_taken_what_was_sent(internet: Internet) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")
        await writer.drain()

    site = await internet.raw("a.web.example", cut)
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        assert (await sent(client, site)).status == 200
