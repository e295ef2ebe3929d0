"""An index that runs beside a test, and what it shows in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from tests.support.indexing import Index, fetch

PATIENCE = 30.0
"""Seconds after which what is shown then counts."""


@asynccontextmanager
async def running(index: Index) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with index.indexer() as indexer:
        task = asyncio.ensure_future(indexer.run(stop))
        try:
            yield
            stop.set()
            await task
        finally:
            task.cancel()


async def shown(index: Index, query: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """What the query answers, as soon as that is these rows."""
    found: list[tuple[Any, ...]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (found := [tuple(row.values()) for row in await fetch(index.dsn, query)]) != rows:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    return found
