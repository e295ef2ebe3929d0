"""The source of a chain's heads: `newHeads` over a websocket if an endpoint has one, and polling otherwise.

The websocket is not trusted alone. When it is silent, the head is read over HTTP. If that shows that notifications were
missed, the connection is opened again. Polling is used while there is no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
import structlog

from steadymint.chain.nodes.client import ChainClients, Header, header_of, quantity
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId, chain_number
from steadymint.outbound.connecting import PublicConnector

MIN_POLL: Final = 0.05
"""Seconds. Local chains mine a block at once."""
MAX_POLL: Final = 2.0
"""Seconds. A block is noticed within this time, even on a slow chain."""
POLLS_PER_BLOCK: Final = 10
SHARE_OF_RATE: Final = 0.1
"""The share of an endpoint's calls per second that polling may take. The rest is for the calls that follow a head."""
QUIET_BLOCKS: Final = 3
"""Block times without a notification after which the head is read over HTTP."""
MAX_BACKOFF: Final = 5.0
WS_RETRY: Final = (2.0, 60.0)
"""Seconds of polling before the next try of the websocket: the first pause and the longest."""
WS_TIMEOUT: Final = 5.0
WS_MESSAGE: Final = 1024 * 1024
"""Bytes. A header with its bloom filter has two thousand."""

_log = structlog.get_logger(__name__)

Tell = Callable[[Header], None]


class HeadSource:
    """The source of one chain's heads. It may repeat a head or tell an older one; the tracker sorts that out."""

    def __init__(self, clients: ChainClients, chain_id: ChainId) -> None:
        self._clients = clients
        self._chain_id = chain_id

    async def run(self, tell: Tell) -> None:
        """Tell heads until the task is cancelled."""
        first, most = WS_RETRY
        pause = first
        while True:
            endpoint = await self._websocket()
            if endpoint is not None and await self._subscribed(endpoint, tell):
                pause = first
            await self._poll(tell, pause if endpoint is not None else most)
            pause = min(pause * 2, most)

    async def _websocket(self) -> EndpointConfig | None:
        try:
            endpoints = await self._clients.registry.endpoints(self._chain_id)
        except Exception as error:  # the registry's database may be down; polling logs that too and goes on
            _note(error, self._chain_id)
            return None
        return next((endpoint for endpoint in endpoints if endpoint.ws_url), None)

    async def _block_time(self) -> float:
        return (await self._clients.registry.get(self._chain_id)).block_time_seconds

    async def _poll(self, tell: Tell, seconds: float) -> None:
        """Read the head over HTTP again and again for that many seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        backoff = MIN_POLL
        while loop.time() < end:
            try:
                pause = min(max(await self._block_time() / POLLS_PER_BLOCK, MIN_POLL), MAX_POLL)
                tell(await self._latest())
                pause = max(pause, await self._borne())
                backoff = MIN_POLL
            except Exception as error:
                backoff = min(backoff * 2, MAX_BACKOFF)
                pause = max(backoff, min(getattr(error, "retry_after", None) or 0.0, MAX_BACKOFF))
                _note(error, self._chain_id)
            await asyncio.sleep(pause)

    async def _borne(self) -> float:
        """Seconds between two looks that leave the endpoints' calls to others."""
        rate = (await self._clients.of(self._chain_id)).rpc.rate
        return 0.0 if rate is None else min(1 / (rate * SHARE_OF_RATE), max(MAX_POLL, await self._block_time()))

    async def _latest(self) -> Header:
        return await (await self._clients.of(self._chain_id)).header("latest")

    async def _subscribed(self, endpoint: EndpointConfig, tell: Tell) -> bool:
        """Listen until the websocket ends. Returns whether it told a head."""
        told = False

        def tell_on(header: Header) -> None:
            nonlocal told
            told = True
            tell(header)

        try:
            async with _connected(endpoint) as socket:
                await self._listen(socket, endpoint, tell_on)
        except Exception as error:
            _note(error, self._chain_id)
        return told

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, endpoint: EndpointConfig, tell: Tell) -> None:
        """Listen until the websocket is silent, ends, or is no longer registered."""
        if quantity(await _ask(socket, "eth_chainId")) != chain_number(self._chain_id):
            raise ConnectionError("the websocket serves another chain")
        await _ask(socket, "eth_subscribe", "newHeads")
        last = await self._latest()
        tell(last)
        misses = 0
        while misses < 2 and await self._websocket() == endpoint:
            quiet = max(1.0, await self._block_time() * QUIET_BLOCKS)
            try:
                message = await socket.receive(quiet)
            except TimeoutError:
                seen = await self._latest()
                misses = misses + 1 if seen.hash != last.hash else 0
                last = seen
            else:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                last = header_of(orjson.loads(message.data)["params"]["result"])
                misses = 0
            tell(last)


async def websocket_chain(endpoint: EndpointConfig) -> int:
    """The number of the chain that the endpoint's websocket serves. Raises UpstreamUnavailableError."""
    try:
        async with _connected(endpoint) as socket:
            return quantity(await _ask(socket, "eth_chainId"))
    except Exception as error:  # its text may hold the address and so the API key
        raise UpstreamUnavailableError(f"The websocket does not answer ({type(error).__name__})") from None


@asynccontextmanager
async def _connected(endpoint: EndpointConfig) -> AsyncGenerator[aiohttp.ClientWebSocketResponse]:
    assert endpoint.ws_url is not None, "only endpoints with a websocket are asked for heads"
    async with (
        aiohttp.ClientSession(
            connector=PublicConnector() if endpoint.public_only else None,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=WS_TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session,
        session.ws_connect(endpoint.ws_url, heartbeat=20.0, max_msg_size=WS_MESSAGE) as socket,
    ):
        yield socket


async def _ask(socket: aiohttp.ClientWebSocketResponse, method: str, *params: Any) -> Any:
    await socket.send_str(orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).decode())
    return orjson.loads(await socket.receive_str(timeout=WS_TIMEOUT))["result"]


def _note(error: Exception, chain_id: ChainId) -> None:
    """Log the type of the error only. The text of a websocket library may hold the address and so the API key."""
    _log.info("head_unknown", chain=chain_id, error=type(error).__name__)
