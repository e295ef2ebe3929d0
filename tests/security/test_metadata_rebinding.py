"""A host that changes its address between two looks leads to no inner server: attack case M05.

Three layers stand against it, and each is tried alone: the gate, the connector and a look at the connected peer.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_address

import aiohttp
import pytest
from aiohttp import web

from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.client import ClientLimits, OutboundClient, Target
from steadymint.outbound.connecting import AddressInfo, GatedConnector, Network
from steadymint.outbound.errors import OutboundError
from steadymint.outbound.gate import Gate, parse_url
from tests.support.fetching import MIB, greet, settings
from tests.support.internet import PUBLIC, Internet


def client_of(gate: Gate, network: Network) -> OutboundClient:
    return OutboundClient(gate, ClientLimits(per_host=8, host_rate=1e6, max_redirects=3, user_agent="tests"), network)


async def got(client: OutboundClient, url: str) -> bytes:
    target = Target(parse_url(url), configured=False)
    return (await client.get(target, max_bytes=MIB, on_place=lambda: None)).body


async def posted(client: OutboundClient, url: str) -> bytes:
    await client.poster(Target(parse_url(url), configured=False), 5.0).post(b"{}", {})
    return b""


Ask = Callable[[OutboundClient, str], Awaitable[bytes]]


@pytest.mark.parametrize(
    "later", [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1"], ["fd00::1", PUBLIC]], ids=["inner", "a", "aaaa", "both"]
)
@pytest.mark.parametrize("ask", [got, posted])
async def test_m05_a_host_that_changes_its_address_after_the_first_look_is_blocked(
    internet: Internet, later: list[str], ask: Ask
) -> None:
    await internet.site("a.web.example", greet, addresses=[PUBLIC])
    internet.names["a.web.example"] = [[PUBLIC], later]
    network = internet.network
    async with client_of(Gate(network.resolve, fresh=0.0), network) as client:
        with pytest.raises(OutboundError) as caught:
            await ask(client, "https://a.web.example/")
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


@pytest.mark.parametrize("ask", [got, posted])
async def test_m05_past_a_gate_with_a_hole_no_socket_is_made_for_an_inner_address(internet: Internet, ask: Ask) -> None:
    network = internet.network
    gate = FakeOpenGate(network.resolve)
    async with client_of(gate, network) as client:
        with pytest.raises(OutboundError) as caught:
            await ask(client, "https://a.web.example/")
    assert caught.value.failure.code == "unreachable"
    assert internet.connected == []


@pytest.mark.parametrize("ask", [got, posted])
async def test_m05_a_connection_that_ends_at_an_inner_peer_carries_no_request(internet: Internet, ask: Ask) -> None:
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
            await ask(client, "https://a.web.example/")
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
