"""Connections to the addresses that the gate allows, and to no others."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

import aiohttp
from aiohttp import ClientRequest, ClientTimeout
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from steadymint.outbound.addresses import is_public
from steadymint.outbound.gate import Gate, Resolve, SystemResolver

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
"""Family, type, protocol, canonical name, socket address: an entry of `getaddrinfo`."""
MAX_CONNECTIONS: Final = 256
"""Connections of one process to strangers, and as many to gateways. The budget of one host is far smaller."""


def open_socket(info: AddressInfo) -> socket.socket:
    """A socket for that address, not yet connected."""
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


@dataclass(frozen=True, slots=True)
class Network:
    """Name resolution, sockets and TLS. Only a constructor replaces them: no setting opens a way around the gate."""

    resolve: Resolve
    open_socket: Callable[[AddressInfo], socket.socket] = open_socket
    tls: ssl.SSLContext | None = None
    """None is aiohttp's default: the machine's certificate authorities, host names checked."""


class CountingConnector(aiohttp.TCPConnector):
    """A connector that says how many wait because all its connections are taken."""

    waiting: int = 0

    async def _wait_for_available_connection(self, key: ConnectionKey, traces: list[Trace]) -> None:
        self.waiting += 1
        try:
            await super()._wait_for_available_connection(key, traces)
        finally:
            self.waiting -= 1


class GatedConnector(CountingConnector):
    """A connector that checks three times that an address is public. Each check stops another attack.

    The resolver gives out public addresses only, so a name cannot point inwards. The socket factory checks the address
    that is connected to next, however it was found. Before requests are sent, the peer of the connection is checked,
    also of one that comes from the pool: a connection never changes its peer.
    """

    def __init__(self, gate: Gate, network: Network, *, limit: int = MAX_CONNECTIONS, limit_per_host: int = 0) -> None:
        """`limit_per_host`: connections to one host at a time; 0 for no limit of its own."""
        super().__init__(
            resolver=_GateResolver(gate),
            use_dns_cache=False,
            limit=limit,
            limit_per_host=limit_per_host,
            ssl=network.tls or True,
            socket_factory=self._checked_socket,
        )
        self._open = network.open_socket

    async def connect(self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout) -> Connection:
        """A connection whose peer is public. Raises ClientConnectionError if it is not."""
        connection = await super().connect(req, traces, timeout)
        peer = connection.transport and connection.transport.get_extra_info("peername")
        if not peer or not is_public(ip_address(peer[0])):
            connection.close()
            raise aiohttp.ClientConnectionError("the peer is not on the public internet")
        return connection

    def _checked_socket(self, info: AddressInfo) -> socket.socket:
        if not is_public(ip_address(info[4][0])):
            raise PermissionError("the address is not on the public internet")
        return self._open(info)


class PublicConnector(GatedConnector):
    """A gated connector with a gate of its own, for clients that ask few hosts: the nodes of a chain."""

    def __init__(self, *, limit_per_host: int = 0) -> None:
        self._system = SystemResolver()
        super().__init__(Gate(self._system), Network(self._system), limit_per_host=limit_per_host)

    def close(self, **options: Any) -> Any:
        self._system.close()
        return super().close(**options)


class _GateResolver(AbstractResolver):
    """Resolves hosts through the gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._gate.addresses(host)
        ]

    async def close(self) -> None:
        """It holds nothing open."""
