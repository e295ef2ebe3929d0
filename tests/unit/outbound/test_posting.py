"""Bodies sent one after another: over which connection each goes, and which answer is taken for whose."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from aiohttp import web
from yarl import URL

from steadymint.outbound.client import ClientLimits, OutboundClient, Target
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import parse_url
from steadymint.outbound.posting import Receipt
from tests.support.internet import Internet
from tests.support.scripted_receiver import LIMITS, REFUSED, TAKEN, Scripted, posting, sent

BODY = 16 * 1024 * 1024
"""Bytes of a body that the sockets of both sides do not hold."""


async def test_bodies_go_one_after_another_over_one_connection(internet: Internet) -> None:
    words = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nthank"
    receiver = Scripted(TAKEN, words, b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n", TAKEN)
    async with posting(internet, receiver) as poster:
        receipts = await sent(poster, b"a", b"", b"c")
        poster.rest()
        receipts += await sent(poster, b"d" * 100_000)
    assert receipts == [Receipt(204, None), Receipt(200, None), Receipt(503, 7), Receipt(204, None)]
    assert receiver.bodies == [(1, b"a"), (1, b""), (1, b"c"), (1, b"d" * 100_000)]
    lines = receiver.heads[2].decode().split("\r\n")
    assert lines[0] == "POST /hook?x=%20y HTTP/1.1"
    assert {"Host: a.web.example", "User-Agent: tests", "webhook-id: msg", "Content-Length: 1"} <= set(lines)


@pytest.mark.parametrize("moment", [0.0, 0.1], ids=["at-once", "later"])
@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (b"HTTP/1.0 204 No Content\r\n\r\n", False),
        (TAKEN + TAKEN, False),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n" + b"x" * 4097, False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", False),
        (b"HTTP/1.1 200 OK\r\n\r\nas long as it lasts", False),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", False),
        (TAKEN, True),
    ],
    ids=[
        "http-1.0",
        "an-answer-too-many",
        "says-so",
        "long",
        "without-end",
        "without-length",
        "another-protocol",
        "ends",
    ],
)
async def test_a_connection_of_which_nobody_knows_what_comes_next_is_not_used_again(
    internet: Internet, answer: bytes, ends: bool, moment: float
) -> None:
    receiver = Scripted(answer, REFUSED, ends=ends)
    async with posting(internet, receiver) as poster:
        (first,) = await sent(poster, b"a")
        await asyncio.sleep(moment)  # 0.1: what comes late has come by then
        (second,) = await sent(poster, b"b")
    assert first.status in {101, 200, 204}
    assert second.status == 500
    assert receiver.bodies == [(1, b"a"), (2, b"b")]


async def test_an_answer_that_nobody_asked_for_is_not_taken_for_that_of_the_next_body(internet: Internet) -> None:
    receiver = Scripted(TAKEN, REFUSED, later=TAKEN)
    async with posting(internet, receiver) as poster:
        statuses = [one.status for one in await sent(poster, b"a")]
        await asyncio.sleep(0.2)
        statuses += [one.status for one in await sent(poster, b"b")]
    assert statuses == [204, 500]
    assert receiver.bodies == [(1, b"a"), (2, b"b")]


async def test_nor_is_one_that_came_while_the_connection_was_in_the_pool(internet: Internet) -> None:
    """That connection is ended. The receiver is not told to be unreachable, since nobody has asked it yet."""
    receiver = Scripted(TAKEN, REFUSED, later=TAKEN)
    async with posting(internet, receiver) as poster:
        await sent(poster, b"a")
        poster.rest()
        await asyncio.sleep(0.2)
        assert [one.status for one in await sent(poster, b"b")] == [500]
    assert receiver.bodies == [(1, b"a"), (2, b"b")]


@pytest.mark.parametrize("ends", [False, True], ids=["does-not-come", "breaks-off"])
async def test_a_status_counts_without_the_body_behind_it(internet: Internet, ends: bool) -> None:
    receiver = Scripted(b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\n\r\nhi", REFUSED, ends=ends)
    async with posting(internet, receiver, seconds=1.0) as poster:
        assert [one.status for one in await sent(poster, b"a", b"b")] == [201, 500]
    assert receiver.bodies == [(1, b"a"), (2, b"b")]


async def test_a_body_that_is_answered_but_not_read_is_the_last_on_its_connection() -> None:
    """Else the bodies of a receiver that answers and does not read would gather in our memory."""
    asked: list[int] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(asked)
        with suppress(asyncio.IncompleteReadError):  # it is closed
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked.append(number)
                writer.write(TAKEN)
                await asyncio.sleep(0.3)
                await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))

    # Without TLS, which would take the first body off our hands whole.
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server, OutboundClient.open(LIMITS) as client:
        poster = client.poster(Target(URL(url), configured=True), 5.0)
        await sent(poster, bytes(BODY), b"b")
        poster.rest()
    assert asked == [0, 1]


@pytest.mark.parametrize("rests", [False, True], ids=["kept", "pooled"])
async def test_a_body_goes_again_where_the_connection_was_used_before_and_ends(internet: Internet, rests: bool) -> None:
    """As a server ends it that restarts: it has read the body, or it has not, and nobody can tell."""
    receiver = Scripted(TAKEN, None, REFUSED)
    async with posting(internet, receiver) as poster:
        await sent(poster, b"a")
        if rests:
            poster.rest()
        assert [one.status for one in await sent(poster, b"b")] == [500]
    assert receiver.bodies == [(1, b"a"), (1, b"b"), (2, b"b")]


async def test_it_goes_again_once_and_only_there(internet: Internet) -> None:
    receiver = Scripted(None, TAKEN, None, None, TAKEN)
    async with posting(internet, receiver) as poster:
        for bodies in ([b"a"], [b"b", b"c"]):
            with pytest.raises(OutboundError) as caught:
                await sent(poster, *bodies)
            assert caught.value.failure.code == "unreachable"
    assert receiver.bodies == [(1, b"a"), (2, b"b"), (2, b"c"), (3, b"c")]


async def test_half_an_answer_that_nobody_asked_for_is_not_the_beginning_of_the_next(internet: Internet) -> None:
    receiver = Scripted(TAKEN, b"\r\n" + REFUSED, later=b"HTTP/1.1 204 No Content\r\n")
    async with posting(internet, receiver) as poster:
        await sent(poster, b"a")
        await asyncio.sleep(0.2)
        assert [one.status for one in await sent(poster, b"b")] == [500]


async def test_answers_that_say_that_the_answer_will_come_are_passed_over(internet: Internet) -> None:
    receiver = Scripted(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + TAKEN, TAKEN)
    async with posting(internet, receiver) as poster:
        assert [one.status for one in await sent(poster, b"a", b"b")] == [204, 204]
    assert receiver.bodies == [(1, b"a"), (1, b"b")]


async def test_an_answer_that_is_late_is_not_taken_for_that_of_the_next_body(internet: Internet) -> None:
    asked: list[int] = []
    given_up = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = not asked
        while True:
            await reader.readuntil(b"\r\n\r\n")
            asked.append(1 if first else 2)
            await reader.readexactly(1)
            if first:
                await given_up.wait()
                writer.write(TAKEN)
            writer.write(REFUSED)

    async with posting(internet, answer, seconds=1.0) as poster:
        with pytest.raises(OutboundError) as caught:
            await sent(poster, b"a")
        assert caught.value.failure.code == "timeout"
        given_up.set()
        assert [one.status for one in await sent(poster, b"b")] == [500]
    assert asked == [1, 2]


@pytest.mark.parametrize(
    "answer",
    [b"no\r\n\r\n", b"HTTP/1.1 204 No\r\n" + b"a: b\r\n" * 65 + b"\r\n", b"HTTP/1.1 204 No\r\na: " + b"b" * 9_000],
    ids=["no-http", "headers", "a-long-one"],
)
async def test_what_is_not_http_as_we_read_it_is_no_answer(internet: Internet, answer: bytes) -> None:
    async with posting(internet, Scripted(answer)) as poster:
        with pytest.raises(OutboundError) as caught:
            await sent(poster, b"a")
    assert (caught.value.failure.code, caught.value.failure.permanent) == ("bad_answer", False)


async def test_a_send_that_is_cancelled_leaves_no_connection_behind(internet: Internet) -> None:
    receiver = Scripted(b"", TAKEN)
    async with posting(internet, receiver) as poster:
        sending = asyncio.create_task(sent(poster, b"a"))
        await receiver.asked.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await sent(poster, b"b")
    assert receiver.bodies == [(1, b"a"), (2, b"b")]


async def test_a_header_that_would_begin_another_is_never_sent(internet: Internet) -> None:
    receiver = Scripted(TAKEN)
    async with posting(internet, receiver) as poster:
        with pytest.raises(ValueError, match="control characters"):
            await poster.post(b"a", {"webhook-id": "msg\r\nhost: b.web.example"})
    assert receiver.heads == []


async def test_who_waits_for_a_place_holds_no_connection(internet: Internet) -> None:
    """With one place and one connection for two, whoever kept its connection would wait for ever."""
    bodies: list[bytes] = []

    async def take(request: web.Request) -> web.Response:
        bodies.append(await request.read())
        return web.Response(status=204)

    site = await internet.site("a.web.example", take)
    limits = ClientLimits(per_host=1, host_rate=10_000.0, max_redirects=0, user_agent="tests", connections=1)

    async def work(client: OutboundClient, bodies: Sequence[bytes]) -> None:
        poster = client.poster(Target(parse_url(site), configured=False), 5.0)
        await sent(poster, *bodies)
        poster.rest()

    async with OutboundClient.open(limits, network=internet.network) as client:
        await asyncio.gather(*(work(client, [bytes([who, turn]) for turn in range(5)]) for who in range(3)))
    assert sorted(bodies) == [bytes([who, turn]) for who in range(3) for turn in range(5)]


async def test_a_kept_connection_keeps_no_other_host_waiting(internet: Internet) -> None:
    """With one connection for both hosts, the other would wait until this one has sent all."""
    heard: list[str] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(request.host)
        return web.Response(status=204)

    limits = ClientLimits(per_host=8, host_rate=10_000.0, max_redirects=0, user_agent="tests", connections=1)
    sites = [await internet.site(name, take) for name in ("a.web.example", "b.web.example")]
    async with OutboundClient.open(limits, network=internet.network) as client:
        busy, other = (client.poster(Target(parse_url(site), configured=False), 5.0) for site in sites)
        await sent(busy, b"first")
        sending = asyncio.create_task(sent(other, b"one"))
        await sent(busy, *[b"more"] * 200)
        busy.rest()
        assert (await sending)[0].status == 204
        other.rest()
    assert heard.index("b.web.example") < 100
