"""A connection that shows what a viewer is sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from steadymint.live.viewer import End, ShownStep, Viewer


class Connection:
    """Takes what a viewer's `pump` writes, unless `blocked`."""

    def __init__(self) -> None:
        self.written: list[ShownStep | None] = []
        self.open = asyncio.Event()
        self.open.set()
        self.end: asyncio.Task[End]

    @property
    def steps(self) -> list[ShownStep]:
        return [item for item in self.written if item is not None]

    @property
    def seqs(self) -> list[int]:
        return [step.seq for step in self.steps]

    async def write(self, item: ShownStep | None) -> None:
        await self.open.wait()
        self.written.append(item)

    def block(self) -> None:
        """Take nothing until `open` is set."""
        self.open.clear()

    async def received(self, count: int) -> list[ShownStep]:
        """The first steps, once so many are here."""
        async with asyncio.timeout(20):
            while len(self.steps) < count:
                assert not self.end.done()
                await asyncio.sleep(0.001)
        return self.steps[:count]


@asynccontextmanager
async def connected(viewer: Viewer) -> AsyncGenerator[Connection]:
    """The viewer's stream is sent for as long as the block runs."""
    connection = Connection()
    connection.end = asyncio.create_task(viewer.pump(connection.write))
    await asyncio.sleep(0)
    try:
        yield connection
    finally:
        connection.end.cancel()
        await asyncio.gather(connection.end, return_exceptions=True)
