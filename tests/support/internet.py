"""A made-up internet: names with public addresses behind which real servers of this process listen, with real TLS.

The gate under test is the real one, and sees public addresses only; the last step alone, the connection itself, leads
to a port of this machine. Every address that a socket is connected to is recorded, those that lead nowhere too.
"""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from steadymint.outbound.addresses import IpAddress
from steadymint.outbound.connecting import AddressInfo, Network

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Stream = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PUBLIC = "93.184.216.34"
"""An address that nobody of this machine's network has; no packet is ever sent there."""


class Internet:
    """Names, addresses, and what listens there."""

    def __init__(self) -> None:
        self.names: dict[str, list[Sequence[str]]] = {}
        """Answers of the name server, one for each question; the last one stays."""
        self.asked: list[str] = []
        """Hosts in the order in which they were resolved."""
        self.connected: list[tuple[str, int]] = []
        """Address and port of every connection that was begun."""
        self._ports: dict[tuple[str, int], int] = {}
        self._closers: list[Callable[[], Awaitable[Any]]] = []
        self._next = 40

    @property
    def network(self) -> Network:
        """What a fetcher is given in place of the machine's own network."""
        return Network(self._resolve, self._open, _client_tls())

    async def site(self, name: str, handler: Handler, *, addresses: Sequence[str] | None = None) -> str:
        """An https site of well-formed HTTP; returns its origin."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_server_tls())
        await site.start()
        self._closers.append(runner.cleanup)
        return self._attach(name, addresses, runner.addresses[0][1])

    async def raw(self, name: str, stream: Stream, *, tls: bool = True) -> str:
        """A site that sends whatever bytes it likes."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await stream(reader, writer)
            except (ConnectionError, ssl.SSLError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=_server_tls() if tls else None)

        async def close() -> None:
            server.close()

        self._closers.append(close)
        return self._attach(name, None, server.sockets[0].getsockname()[1])

    def lead(self, address: str, port: int, local_port: int) -> None:
        """Have connections to `address` end at that port of this machine."""
        self._ports[address, port] = local_port

    def port_of(self, address: str) -> int:
        """The port of this machine behind port 443 of that address."""
        return self._ports[address, 443]

    async def close(self) -> None:
        """Stop all servers."""
        for close in reversed(self._closers):
            await close()

    def _attach(self, name: str, addresses: Sequence[str] | None, local_port: int) -> str:
        if addresses is None:
            self._next += 1
            addresses = [f"93.184.216.{self._next}"]
        self.names[name] = [addresses]
        for address in addresses:
            self.lead(address, 443, local_port)
        return f"https://{name}"

    async def _resolve(self, host: str) -> Sequence[IpAddress]:
        await asyncio.sleep(0)
        self.asked.append(host)
        answers = self.names.get(host.rstrip("."))
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(address) for address in answer]

    def _open(self, info: AddressInfo) -> socket.socket:
        return _RoutedSocket(self, info[0])


class _RoutedSocket(socket.socket):
    """Believes that it is connected to where it was sent."""

    def __init__(self, internet: Internet, family: int) -> None:
        super().__init__(family, socket.SOCK_STREAM)
        self._internet = internet
        self._peer: Any = None

    def connect(self, address: Any) -> None:
        if self._peer is None:
            self._internet.connected.append((address[0], address[1]))
            self._peer = address
        port = self._internet._ports.get((address[0], address[1]))
        if port is None:
            raise ConnectionRefusedError("nothing listens there")
        super().connect(("127.0.0.1", port))

    def getpeername(self) -> Any:
        return self._peer


@asynccontextmanager
async def an_internet() -> AsyncGenerator[Internet]:
    """Empty at first; its servers stop at the end."""
    internet = Internet()
    try:
        yield internet
    finally:
        await internet.close()


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    """A made-up internet of this test's own."""
    async with an_internet() as made:
        yield made


@asynccontextmanager
async def local_server(handler: Handler) -> AsyncGenerator[str]:
    """A plain http server on loopback, as an operator's gateway on the inner network is; yields its origin."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@cache
def authority() -> tuple[bytes, bytes]:
    """Certificate and key, PEM, of an authority that signs itself, for all names under `web.example`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Steadymint tests")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name) for name in ("*.web.example", "*.ipfs.web.example")]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return certificate.public_bytes(pem), key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)


@cache
def _server_tls() -> ssl.SSLContext:
    certificate, key = authority()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as directory:
        path = Path(directory) / "server.pem"
        path.write_bytes(certificate + key)
        context.load_cert_chain(path)
    return context


@cache
def _client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority()[0].decode())
