"""Addresses that strangers write lead to no inner server: attack cases M02, M03, M06, M08, M17.

The gate is the real one in all of these; see `tests/support/internet.py` for what is not.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.documents import parse_document
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.metadata.normalise import normalise
from tests.support.fetching import failure_of, greet, settings
from tests.support.internet import PUBLIC, Internet

CLOUD = ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16")
EMBEDDED = ("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "::ffff:127.0.0.1", "2001:0:7f00:1::")
PLAIN = ("127.0.0.1", "0.0.0.0", "10.0.0.1", "192.168.1.1", "::1", "fe80::1", "224.0.0.1")


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


async def test_what_is_read_from_the_made_up_internet_is_what_was_served(internet: Internet) -> None:
    """The other tests of addresses would pass if nothing were ever let through."""
    site = await internet.site("a.web.example", greet)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        assert parse_document((await fetcher.fetch(f"{site}/1.json")).body) == {}
