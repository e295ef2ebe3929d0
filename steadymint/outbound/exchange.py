"""A request and its whole answer, over a connection of aiohttp's pool.

Connections, the checks of their peers and the parser are aiohttp's. What a session does anew for each request (its URL,
headers, cookies, writer, response and timers) is done once for all requests to one address, which leaves a third of the
processor time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

from steadymint.outbound.heads import request_head

_SWITCHING_PROTOCOLS = 101


class AnswerTooLargeError(Exception):
    """The body is larger than the caller reads."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server has answered."""

    status: int
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes
    """Decompressed."""


class Exchanges:
    """Bodies sent to one address, any number at once. Redirects are answers, and no cookie is kept."""

    def __init__(self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> None:
        """`session`: whose connections and headers are used. Raises ValueError for a header with control
        characters."""
        assert session.connector is not None, "the session is open"
        self._connector = session.connector
        self._limits = session.timeout
        self._request = aiohttp.ClientRequest("POST", URL(url), headers={**session.headers, **headers}, session=session)
        self._head = request_head(self._request).encode()

    async def post(self, body: bytes, most: int) -> Answered:
        """The answer, of at most `most` bytes. Time limits are the caller's.

        Raises AnswerTooLargeError, aiohttp.ClientError, OSError.
        """
        connection = await self._connector.connect(self._request, [], self._limits)
        try:
            protocol, transport = connection.protocol, connection.transport
            assert protocol is not None, "it is open"
            assert transport is not None, "it is open"
            protocol.set_response_params(read_until_eof=True)
            transport.write(b"%bContent-Length: %d\r\n\r\n%b" % (self._head, len(body), body))
            answered = await _answered(protocol, most)
        except BaseException:  # nobody knows what comes next on it
            connection.close()
            raise
        connection.release()
        return answered


async def _answered(protocol: ResponseHandler, most: int) -> Answered:
    """The next answer, behind those that only say that it will come."""
    try:
        while True:
            message, payload = await protocol.read()
            if message.code >= 200 or message.code == _SWITCHING_PROTOCOLS:
                break
    except HttpProcessingError:
        raise aiohttp.ClientConnectionError("it does not answer in HTTP") from None
    return Answered(message.code, message.headers, await _body(payload, most))


async def _body(payload: aiohttp.StreamReader, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while not payload.at_eof():
        chunks.append(await payload.readany())
        size += len(chunks[-1])
        if size > most:
            raise AnswerTooLargeError
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
