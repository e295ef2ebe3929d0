"""How the indexer hears of new blocks: `newHeads` over a WebSocket where there is one, and a poll as the watchdog."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final, Protocol

import orjson
from websockets.asyncio.client import connect

from steadymint.indexing.decode import Header

log = logging.getLogger(__name__)

RECONNECT_AFTER: Final = 1.0
"""Seconds. Meanwhile the poll finds the blocks."""
WATCHDOG: Final = 2.0
"""Seconds between two polls while the subscription is alive: it may have gone quiet without closing."""
_SUBSCRIBE: Final = orjson.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]})


class HeadReader(Protocol):
    """What is used of `LogSource`."""

    async def head(self) -> Header: ...


class Heads:
    """Waits for blocks. `poll` is in seconds and applies while no subscription is alive."""

    def __init__(self, reader: HeadReader, *, poll: float, ws_url: str | None = None) -> None:
        self._reader = reader
        self._poll = poll
        self._ws_url = ws_url
        self._heard = asyncio.Event()
        self._subscribed = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Heads:
        if self._ws_url is not None:
            self._task = asyncio.create_task(self._subscribe(self._ws_url), name="newHeads")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def news(self) -> None:
        """Returns when a block was announced, or when it is time to look anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(max(WATCHDOG, self._poll) if self._subscribed else self._poll):
                await self._heard.wait()
        self._heard.clear()

    async def latest(self) -> Header:
        """The chain's newest block. Announcements only say when to ask: the answer comes from the endpoint that will
        be asked for the logs as well, which may be another than the one that announces."""
        return await self._reader.head()

    async def _subscribe(self, url: str) -> None:
        while True:
            try:
                async with connect(url, open_timeout=5, max_size=1 << 20) as socket:
                    await socket.send(_SUBSCRIBE)
                    async for message in socket:
                        self._announced(orjson.loads(message))
            except Exception as error:
                # Whatever it is, the poll does the work; the address may hold a key and is not logged.
                log.info("newHeads subscription ended: %s", type(error).__name__)
            self._subscribed = False
            await asyncio.sleep(RECONNECT_AFTER)

    def _announced(self, message: dict[str, Any]) -> None:
        if "result" in message:
            self._subscribed = True
        elif message.get("method") == "eth_subscription":
            self._heard.set()
