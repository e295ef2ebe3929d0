"""A proxy in front of the API that cuts streams of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class CuttingProxy:
    """Passes on what the API says, and cuts a connection within the last of so many events of a stream."""

    def __init__(self, url: str, events: int, cut: Callable[[], None]) -> None:
        self._far = urlsplit(url)
        self._events = events
        self._cut = cut
        self.cuts = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._far.hostname, self._far.port)
        asking = asyncio.create_task(self._pass_on(reader, far_writer))
        try:
            await self._answer(far_reader, writer)
        finally:
            asking.cancel()
            for one in (writer, far_writer):
                one.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while read := await reader.read(65536):
                writer.write(read)
                await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = 0
        with suppress(ConnectionError):
            while read := await reader.read(65536):
                seen += read.count(b"event: status")
                if seen >= self._events:
                    self.cuts += 1
                    self._cut()
                    writer.write(read[:-20])
                    await writer.drain()
                    return
                writer.write(read)
                await writer.drain()


@asynccontextmanager
async def cutting_proxy(
    url: str, events: int, cut: Callable[[], None] = lambda: None
) -> AsyncIterator[tuple[str, CuttingProxy]]:
    """Its URL, and the proxy. `cut` is called at each cut."""
    proxy = CuttingProxy(url, events, cut)
    server = await asyncio.start_server(proxy.serve, HOST, 0)
    try:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}", proxy
    finally:
        server.close()
