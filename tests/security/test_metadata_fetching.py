"""Addresses that strangers write, and the servers behind them: attack cases M02, M03, M05, M06, M08, M09, M17, M20.

The gate is the real one in all of these; see `tests/support/internet.py` for what is not.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentFailure, DocumentUnreadableError
from steadymint.metadata.documents import parse_document
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.metadata.normalise import normalise
from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.client import SHARED_BY, ClientLimits, OutboundClient, Target
from steadymint.outbound.connecting import AddressInfo, GatedConnector, Network
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import Gate, parse_url
from steadymint.settings import MetadataSettings
from tests.support.internet import PUBLIC, Internet, an_internet, local_server

CLOUD = ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16")
EMBEDDED = ("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "::ffff:127.0.0.1", "2001:0:7f00:1::")
PLAIN = ("127.0.0.1", "0.0.0.0", "10.0.0.1", "192.168.1.1", "::1", "fe80::1", "224.0.0.1")
CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
MIB = 1024 * 1024


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    async with an_internet() as made:
        yield made


def settings(**changed: Any) -> MetadataSettings:
    return MetadataSettings(**{"ipfs_gateways": (), "timeout": 5.0, "host_rate": 10_000.0, **changed})


async def failure_of(fetcher: Fetcher, uri: str) -> DocumentFailure:
    with pytest.raises(DocumentUnreadableError) as caught:
        await fetcher.fetch(uri)
    return caught.value.failure


def in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", CLOUD + EMBEDDED + PLAIN)
async def test_m02_m03_an_inner_address_is_blocked_as_a_literal_a_name_and_one_of_two(
    internet: Internet, address: str
) -> None:
    """Cloud metadata services, and IPv4 addresses that hide in IPv6 ones, among them."""
    internet.names["only.web.example"] = [[address]]
    internet.names["also.web.example"] = [[PUBLIC, address]]
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for host in (in_url(address), "only.web.example", "also.web.example"):
            assert (await failure_of(fetcher, f"https://{host}/latest/meta-data")).code == "forbidden_host"
    assert internet.connected == []


@pytest.mark.parametrize("address", CLOUD + EMBEDDED + PLAIN)
async def test_m02_m03_a_redirect_to_an_inner_address_is_blocked(internet: Internet, address: str) -> None:
    internet.names["inner.web.example"] = [[address]]

    async def handle(request: web.Request) -> web.Response:
        host = in_url(address) if request.path == "/literal" else "inner.web.example"
        return web.Response(status=302, headers={"Location": f"https://{host}/latest/meta-data"})

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for path in ("/literal", "/name"):
            assert (await failure_of(fetcher, site + path)).code == "forbidden_host"
    assert {address for address, _ in internet.connected} == set(internet.names["a.web.example"][0])


# -- M05 -------------------------------------------------------------------------------------------------------------


def client_of(gate: Gate, network: Network) -> OutboundClient:
    return OutboundClient(gate, ClientLimits(per_host=8, host_rate=1e6, max_redirects=3, user_agent="tests"), network)


async def got(client: OutboundClient, url: str) -> bytes:
    target = Target(parse_url(url), configured=False)
    return (await client.get(target, max_bytes=MIB, on_place=lambda: None)).body


async def greet(_: web.Request) -> web.Response:
    return web.Response(body=b"{}")


@pytest.mark.parametrize(
    "later", [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1"], ["fd00::1", PUBLIC]], ids=["inner", "a", "aaaa", "both"]
)
async def test_m05_a_host_that_changes_its_address_after_the_first_look_is_blocked(
    internet: Internet, later: list[str]
) -> None:
    await internet.site("a.web.example", greet, addresses=[PUBLIC])
    internet.names["a.web.example"] = [[PUBLIC], later]
    network = internet.network
    async with client_of(Gate(network.resolve, fresh=0.0), network) as client:
        with pytest.raises(OutboundError) as caught:
            await got(client, "https://a.web.example/")
    assert caught.value.failure.code == "forbidden_host"
    assert len(internet.asked) == 2
    assert internet.connected == []


async def test_m05_the_address_that_was_checked_is_the_one_that_is_connected_to(internet: Internet) -> None:
    site = await internet.site("a.web.example", greet, addresses=[PUBLIC])
    internet.names["a.web.example"] = [[PUBLIC], ["127.0.0.1"]]
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for _ in range(3):
            assert (await fetcher.fetch(site)).body == b"{}"
    assert internet.asked == ["a.web.example"]
    assert internet.connected == [(PUBLIC, 443)]


class FakeOpenGate(Gate):
    """Lets everything through, as the real one would if it had a hole: what stands behind it must hold alone."""

    async def addresses(self, host: str) -> list[IpAddress]:
        return [ip_address("127.0.0.1")]


async def test_m05_past_a_gate_with_a_hole_no_socket_is_made_for_an_inner_address(internet: Internet) -> None:
    network = internet.network
    gate = FakeOpenGate(network.resolve)
    async with client_of(gate, network) as client:
        with pytest.raises(OutboundError) as caught:
            await got(client, "https://a.web.example/")
    assert caught.value.failure.code == "unreachable"
    assert internet.connected == []


async def test_m05_a_connection_that_ends_at_an_inner_peer_carries_no_request(internet: Internet) -> None:
    """As if a proxy of the machine, or a bug of a library, had connected elsewhere than it was told."""
    requests: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        requests.append(request.path)
        return web.Response(body=b"{}")

    await internet.site("a.web.example", handle, addresses=[PUBLIC])
    network = internet.network

    def truthful(info: AddressInfo) -> socket.socket:
        made = network.open_socket(info)
        made.getpeername = lambda: ("127.0.0.1", 443)  # type: ignore[method-assign]
        return made

    lying = Network(network.resolve, truthful, network.tls)
    async with client_of(Gate(lying.resolve), lying) as client:
        with pytest.raises(OutboundError) as caught:
            await got(client, "https://a.web.example/")
    assert caught.value.failure.code == "unreachable"
    assert requests == []


async def test_m05_the_connector_itself_refuses_a_literal_that_nobody_checked() -> None:
    """aiohttp asks no resolver about a literal."""

    async def resolve(_: str) -> Sequence[IpAddress]:
        raise AssertionError("a literal was resolved")

    async def connected(*_: object) -> None:
        raise AssertionError("it connected")

    network = Network(resolve)
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, aiohttp.ClientSession(connector=GatedConnector(Gate(resolve), network)) as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"http://127.0.0.1:{port}/")


# -- M06, M08, and every hostile URL at once -------------------------------------------------------------------------


@pytest.mark.parametrize("port", [22, 80, 5432, 6379, 7233, 8080, 9200, 27017])
async def test_m08_no_port_but_that_of_https_is_asked(internet: Internet, port: int) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": f"https://b.web.example:{port}/"})

    site = await internet.site("a.web.example", handle, addresses=[PUBLIC])
    internet.names["b.web.example"] = [[PUBLIC]]
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        assert (await failure_of(fetcher, f"https://b.web.example:{port}/")).code == "bad_port"
        assert (await failure_of(fetcher, site)).code == "bad_port"
    assert internet.connected == [(PUBLIC, 443)]


HOSTILE = (
    "https://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "http://2130706433:{port}/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://[::1]:{port}/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://user@127.0.0.1:{port}/",
    "https://a.web.example@127.0.0.1:{port}/",
    "https://127.0.0.1\\@a.web.example/",
    "https://１２７.0.0.1/",
    "https://inner.web.example/",
    "https://both.web.example/",
    "https://rebinds.web.example/",
    "https://redirects.web.example/literal",
    "https://redirects.web.example/name",
    "https://redirects.web.example/port",
    "https://redirects.web.example/plain",
    "https://redirects.web.example/scheme",
    "https://redirects.web.example/relative",
    "ar://127.0.0.1:{port}/",
    "ipfs://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "file:///proc/self/environ",
    "gopher://127.0.0.1:{port}/_FLUSHALL",
    "dict://127.0.0.1:{port}/",
    "unix:///var/run/docker.sock",
)


async def test_m06_no_socket_is_opened_to_a_forbidden_address_by_any_hostile_url_or_nested_one(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As token URI, behind a redirect, by a host that rebinds, and as picture or animation of a document.

    Whatever this process connects is recorded at `socket.connect` itself, and a victim listens on loopback, to which
    port 443 of every inner address leads, too. All that may be seen is the redirecting site of the made-up internet.
    """
    touched: list[object] = []

    async def victim(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        touched.append("victim")
        writer.close()

    server = await asyncio.start_server(victim, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for address in ("127.0.0.1", "::1", "10.0.0.1"):
        internet.lead(address, 443, port)
    targets = {
        "/literal": "https://127.0.0.1/",
        "/name": "https://inner.web.example/",
        "/port": f"https://127.0.0.1:{port}/",
        "/plain": f"http://127.0.0.1:{port}/",
        "/scheme": "file:///etc/passwd",
        "/relative": f"//127.0.0.1:{port}/",
    }

    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": targets[request.path]})

    await internet.site("redirects.web.example", redirect, addresses=[PUBLIC])
    internet.names["inner.web.example"] = [["10.0.0.1"]]
    internet.names["both.web.example"] = [[PUBLIC, "127.0.0.1"]]
    internet.names["rebinds.web.example"] = [["127.0.0.1"], [PUBLIC], ["127.0.0.1"]]

    connect = socket.socket.connect

    def recorded(self: socket.socket, address: Any) -> None:
        touched.append(address)
        connect(self, address)

    hostile = [url.format(port=port) for url in HOSTILE]
    async with Fetcher.open(settings(), network=internet.network) as fetcher, Fetcher.open(settings()) as direct:
        monkeypatch.setattr(socket.socket, "connect", recorded)
        for url in hostile:
            found = normalise({"image": url, "animation_url": [url], "external_url": url})
            for uri in (url, found.image, found.animation_url):
                if uri is None:
                    continue
                with pytest.raises(DocumentUnreadableError):
                    await fetcher.fetch(uri)
                with pytest.raises(DocumentUnreadableError):
                    await fetcher.fetch_media(uri)
            if ".web.example/" not in url:  # names of the made-up internet only
                with pytest.raises(DocumentUnreadableError):
                    await direct.fetch(url)
        await asyncio.sleep(0)
        monkeypatch.undo()
    server.close()
    assert {address for address, _ in internet.connected} == {PUBLIC}
    assert set(touched) == {("127.0.0.1", internet.port_of(PUBLIC))}


async def test_m06_a_picture_that_a_document_names_passes_the_same_gate(internet: Internet) -> None:
    internet.names["inner.web.example"] = [["169.254.169.254"]]
    found = normalise(
        {"image": "https://inner.web.example/latest", "animation_url": "https://169.254.169.254/latest/meta-data"}
    )
    assert found.animation_url is None  # seen by the text alone
    assert found.image is not None
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        with pytest.raises(DocumentUnreadableError) as caught:
            await fetcher.fetch_media(found.image)
    assert caught.value.failure.code == "forbidden_host"
    assert internet.connected == []


# -- M09 -------------------------------------------------------------------------------------------------------------

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


# -- M17, M20 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token_id", [0, 1, 314592, 2**128, 2**256 - 1])
async def test_m17_the_id_is_put_in_as_64_lower_case_hex_digits(internet: Internet, token_id: int) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=b"{}")

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for braces in ("{id}", "%7Bid%7D"):
            await fetcher.fetch(f"{site}/{braces}.json", token_id=token_id)
    assert asked == [f"/{token_id:064x}.json"] * 2


@pytest.mark.parametrize("token_id", [-1, 2**256, 10**1000])
async def test_m17_what_is_no_token_id_asks_nobody(internet: Internet, token_id: int) -> None:
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        with pytest.raises(DocumentUnreadableError) as caught:
            await fetcher.fetch("https://a.web.example/{id}", token_id=token_id)
    assert caught.value.failure.code == "bad_uri"
    assert internet.asked == []


async def test_m20_a_host_is_asked_no_harder_for_a_thousand_tokens_than_for_ten(internet: Internet) -> None:
    under_way = most = 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        return web.Response(body=b"{}")

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(per_host=4, timeout=30.0), network=internet.network) as fetcher:
        found = await asyncio.gather(*(fetcher.fetch(f"{site}/{at}") for at in range(1000)))
    assert len(found) == 1000
    assert 2 <= most <= 4
    assert len(internet.connected) <= 4


async def test_m20_a_thousand_names_of_one_address_are_one_server(internet: Internet) -> None:
    under_way = most = 0

    async def handle(_: web.Request) -> web.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.01)
        under_way -= 1
        return web.Response(body=b"{}")

    await internet.site("a.web.example", handle, addresses=[PUBLIC])
    hosts = [f"a{at}.web.example" for at in range(40)]
    for host in hosts:
        internet.names[host] = [[PUBLIC]]
    async with Fetcher.open(settings(per_host=2, timeout=30.0), network=internet.network) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"https://{host}/") for host in hosts))
    assert 2 <= most <= 2 * SHARED_BY


async def test_what_is_read_from_the_made_up_internet_is_what_was_served(internet: Internet) -> None:
    """The other tests of this file would pass if nothing were ever let through."""
    site = await internet.site("a.web.example", greet)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        assert parse_document((await fetcher.fetch(f"{site}/1.json")).body) == {}
