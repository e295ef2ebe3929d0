"""Bodies sent to one receiver, one after another, over a connection that is kept.

Connections are those of aiohttp's connectors, of which the one for strangers checks each peer (`GatedConnector`), and
answers are read by aiohttp's parser. What a session would do anew for each request is done once for all requests to the
receiver: its URL, its headers and its place in the pool. That leaves two fifths of the processor time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from steadymint.outbound.answers import errors_told, retry_after_of
from steadymint.outbound.connecting import CountingConnector
from steadymint.outbound.deadline import too_late
from steadymint.outbound.gate import CONTROL
from steadymint.outbound.places import Places

MAX_HEADER: Final = 8190
"""Bytes of a header line."""
MAX_HEADERS: Final = 64
MAX_DRAINED: Final = 4096
"""Bytes of an answer that nobody reads, up to which it is taken off the connection. A larger one ends it."""
DRAINED_WITHIN: Final = 1.0
"""Seconds for the body of a short answer, behind its status."""
MAX_STALE: Final = 64
"""Connections of the pool that are ended in a row because they cannot be used."""
_SWITCHING_PROTOCOLS: Final = 101


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a server said of what it was sent."""

    status: int
    retry_after: float | None
    """Seconds that it asks us to wait."""


class Poster:
    """Sends one body at a time. Whoever has sent the last one calls `rest`; it may go on afterwards."""

    def __init__(self, session: aiohttp.ClientSession, url: URL, places: Places, seconds: float) -> None:
        """`session`: whose connections and headers are used. `seconds`: for one request, from when it may begin until
        its status. Raises ValueError for a header with control characters."""
        connector = session.connector
        assert isinstance(connector, CountingConnector)
        self._connector = connector
        self._session = session
        self._places = places
        self._seconds = seconds
        self._request = aiohttp.ClientRequest("POST", url, headers=session.headers, session=session)
        self._head = _head(self._request)
        self._connection: Connection | None = None

    async def post(self, body: bytes, headers: Mapping[str, str]) -> Receipt:
        """Send the body. What the server says beside its status is not read, and no redirect is followed: who may
        receive is who was named. The status counts, also where the body behind it breaks off or does not come. Raises
        OutboundError, and ValueError for a header with control characters."""
        sent = _written(self._head, headers, body)
        if self._connector.waiting:  # their time limits run, so they get the place of our connection before we go on
            self.rest()
            await asyncio.sleep(0)
        elif not self._places.are_free():
            self.rest()  # whoever waits holds no connection, of which all hosts together have a limited number
        async with self._places.at_host():
            try:
                async with asyncio.timeout(self._seconds) as clock:
                    return await self._at_address(sent, clock)
            except TimeoutError:
                raise too_late(self._seconds) from None

    def rest(self) -> None:
        """Give the connection back to the pool, in which it stays for a while."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.release()

    async def _at_address(self, sent: bytes, clock: asyncio.Timeout) -> Receipt:
        with errors_told():
            async with await self._places.at_address():
                return await self._exchange(sent, clock)

    async def _exchange(self, sent: bytes, clock: asyncio.Timeout) -> Receipt:
        """Send the body, and once more over a new connection if one that was used before ends without a status: servers
        end those that rest, also just as we write. The receiver may get the body twice, with the same `webhook-id`."""
        connection, used = await self._connected()
        try:
            return await self._answered(connection, sent, clock)
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
            if not used:
                raise
        connection, _ = await self._taken(new=True)
        return await self._answered(connection, sent, clock)

    async def _answered(self, connection: Connection, sent: bytes, clock: asyncio.Timeout) -> Receipt:
        protocol, transport = connection.protocol, connection.transport
        assert protocol is not None
        assert transport is not None
        try:
            # A parser anew for each: the last one may have read half of an answer that nobody asked for.
            protocol.set_response_params(
                read_until_eof=True,
                auto_decompress=False,  # 4 KiB may inflate to 4 MiB
                max_line_size=MAX_HEADER,
                max_field_size=MAX_HEADER,
                max_headers=MAX_HEADERS,
            )
            transport.write(sent)
            receipt = await _receipt(protocol, clock)
        except BaseException:  # nobody knows what comes next on it
            connection.close()
            raise
        if protocol.should_close or protocol.writing_paused:  # it has answered what it does not read
            connection.close()
        else:
            self._connection = connection
        return receipt

    async def _connected(self) -> tuple[Connection, bool]:
        """The connection that was kept, or one of the pool, whose peer is checked, or a new one. It is the caller's.
        Also whether it was used before."""
        connection, self._connection = self._connection, None
        if connection is not None:
            if not connection.closed and not _of(connection).should_close:
                return connection, True
            connection.close()
        return await self._taken()

    async def _taken(self, *, new: bool = False) -> tuple[Connection, bool]:
        """One of the pool, or a new one, and whether it was used before. One of the pool on which something came
        meanwhile is ended: nothing was sent over it yet, so this says nothing of the next. A new one that speaks first
        is an error. `new`: all those of the pool are ended."""
        for _ in range(MAX_STALE):
            origin = _Origin(self._session)
            connection = await self._connector.connect(self._request, [origin], self._session.timeout)
            if not (_of(connection).should_close or (new and origin.pooled)):
                return connection, origin.pooled
            connection.close()
            if not origin.pooled:
                break
        raise aiohttp.ClientConnectionError("it has said what nobody has asked for")


_NOTHING_TRACED: Final = aiohttp.TraceConfig()
_NOTHING_TRACED.freeze()


class _Origin(Trace):
    """Where a connection comes from, as the connector tells it."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__(session, _NOTHING_TRACED, SimpleNamespace())
        self.pooled = False

    async def send_connection_reuseconn(self) -> None:
        self.pooled = True


def _of(connection: Connection) -> ResponseHandler:
    protocol = connection.protocol
    assert protocol is not None
    return protocol


async def _receipt(protocol: ResponseHandler, clock: asyncio.Timeout) -> Receipt:
    """The next answer, behind those that only say that it will come."""
    while True:
        message, payload = await protocol.read()
        if message.code >= 200 or message.code == _SWITCHING_PROTOCOLS:
            break
    if not payload.at_eof():
        clock.reschedule(None)  # the status counts, also where the rest is late
        await _drain(protocol, message, payload)
    return Receipt(message.code, retry_after_of(message.headers.get("Retry-After")))


async def _drain(protocol: ResponseHandler, message: Any, payload: aiohttp.StreamReader) -> None:
    """Take a short answer off the connection, so that it can be used again. A long one ends it."""
    length = message.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) <= MAX_DRAINED:
        try:
            async with asyncio.timeout(DRAINED_WITHIN):
                await payload.read()
        except (aiohttp.ClientError, TimeoutError):
            protocol.force_close()
    else:
        protocol.force_close()


def _head(request: aiohttp.ClientRequest) -> str:
    """The request's first line and the headers that are the same for all bodies."""
    lines = [f"POST {request.url.raw_path_qs} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items() if name.lower() not in _OF_A_BODY]
    if any(map(CONTROL.search, lines)):
        raise ValueError("a header holds control characters")
    return "".join(f"{line}\r\n" for line in lines)


_OF_A_BODY: Final = frozenset({"content-length", "content-type", "transfer-encoding"})


def _written(head: str, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if CONTROL.search("".join(lines)):
        raise ValueError("a header holds control characters")
    lines.append(f"Content-Length: {len(body)}\r\n\r\n")
    return (head + "\r\n".join(lines)).encode("ascii") + body
