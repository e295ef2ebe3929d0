"""Other connections than httpx's own."""

from __future__ import annotations

from typing import Final

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from steadymint_client.tls import certificates

UNLIMITED: Final = 0
"""What aiohttp takes as no limit. With None the transport leaves aiohttp its own, which is 100."""


class _Transport(AiohttpTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as error:  # one that the transport has no error of httpx for
            raise httpx.RemoteProtocolError(str(error)) from error


def aiohttp_transport() -> httpx.AsyncBaseTransport:
    """The connections of aiohttp, for an `AsyncSteadymint` that has many requests under way: hundreds at once take a
    quarter of the processor time. Needs the extra `aiohttp`."""
    # Each stream that is followed holds a connection, so with a limit enough of them would hold up every other request.
    # The server closes an idle connection after five seconds; a request that is sent at that moment fails.
    limits = httpx.Limits(max_connections=UNLIMITED, keepalive_expiry=1)
    return _Transport(verify=certificates(), limits=limits)
