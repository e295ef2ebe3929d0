"""Other connections than httpx's own."""

from __future__ import annotations

import httpx
from httpx_aiohttp import AiohttpTransport

from steadymint_client.tls import certificates


def aiohttp_transport() -> httpx.AsyncBaseTransport:
    """The connections of aiohttp, for an `AsyncSteadymint` that has many requests under way: hundreds at once take a
    quarter of the processor time. Needs the extra `aiohttp`."""
    # The server closes an idle connection after five seconds; a request that is sent at that moment fails.
    limits = httpx.Limits(max_connections=100, keepalive_expiry=1)
    return AiohttpTransport(verify=certificates(), limits=limits)
