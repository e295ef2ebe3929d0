"""HTTP requests to the endpoints of one chain, and the reading of JSON-RPC replies."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
import orjson

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.error_table import from_http, from_json_rpc
from steadymint.chain.nodes.errors import ReplyTooLargeError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.outbound.connecting import PublicConnector
from steadymint.outbound.errors import OutboundError

MAX_REPLY: Final = 64 * 1024 * 1024
"""Bytes of a reply, decompressed. Log ranges are sized to 2-3 MB, so only a faulty node reaches this limit."""
CONNECTIONS_PER_HOST: Final = 32
LONGEST_ERROR: Final = 64 * 1024
"""Bytes. No node sends an error this long, so a longer reply is not parsed to look for one."""


class Transport:
    """The HTTP client of one chain's endpoints. It opens a session at the first request that needs one."""

    def __init__(self, chain_id: ChainId, max_reply: int = MAX_REPLY) -> None:
        self.chain_id = chain_id
        self._max_reply = max_reply
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        """By whether they reach public addresses only."""

    async def close(self) -> None:
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    async def post(self, endpoint: Endpoint, body: bytes, seconds: float) -> bytes:
        """The body of one reply, at most `max_reply` bytes.

        Errors name the endpoint by its number and never by its address. Raises UpstreamUnavailableError (or a narrower
        one), ReplyTooLargeError, and TimeoutError after `seconds`.
        """
        try:
            async with self._http(endpoint.config.public_only).post(
                endpoint.config.url,
                data=body,
                headers=endpoint.config.headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
                allow_redirects=False,  # a redirect would send the request and its key to an unregistered host
            ) as response:
                reply = await _read(response, self._max_reply)
                wait = response.headers.get("Retry-After")
                if response.status == 200 or (wait is None and response.status != 429 and _is_error_reply(reply)):
                    return reply
                raise from_http(response.status, wait)
        except (aiohttp.ClientError, OSError, ValueError, OutboundError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise UpstreamUnavailableError(
                f"{endpoint.name} of {self.chain_id} is unreachable ({type(error).__name__})"
            ) from None

    def _http(self, public_only: bool) -> aiohttp.ClientSession:
        if public_only not in self._sessions:
            self._sessions[public_only] = aiohttp.ClientSession(
                connector=(
                    PublicConnector(limit_per_host=CONNECTIONS_PER_HOST)
                    if public_only
                    else aiohttp.TCPConnector(limit_per_host=CONNECTIONS_PER_HOST, ttl_dns_cache=60)
                ),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._sessions[public_only]


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decompressed body. Raises ReplyTooLargeError above `limit` bytes."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > limit:
            response.close()
            raise ReplyTooLargeError(f"The chain's node answered with more than {limit} bytes")
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def parse_reply(reply: bytes) -> Any:
    """The JSON of a reply. Raises UpstreamUnavailableError if the reply is not JSON."""
    try:
        return orjson.loads(reply)
    except orjson.JSONDecodeError:
        raise UpstreamUnavailableError("The chain's node answered with something that is not JSON") from None


def _is_error_reply(reply: bytes) -> bool:
    return len(reply) < LONGEST_ERROR and b'"jsonrpc"' in reply and b'"error"' in reply


def result_of(reply: Any) -> Any:
    """The `result` of a reply. Raises the typed error of an error reply."""
    answer = result_or_error(reply)
    if isinstance(answer, SteadymintError):
        raise answer
    return answer


def result_or_error(reply: Any) -> Any:
    """The `result` of a reply, or the typed error that it means."""
    if not isinstance(reply, dict):
        return UpstreamUnavailableError("The chain's node answered with something that is not JSON-RPC")
    if reply.get("error") is not None:
        return from_json_rpc(reply["error"])
    if "result" not in reply:
        return UpstreamUnavailableError("The chain's node answered without a result")
    return reply["result"]
