"""Runs an index until it is known who sent the transactions that it asks for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from tests.support.indexing import Index, fetch

PATIENCE = 30.0
"""Seconds after which what is shown then counts."""


async def run_until_shown(index: Index, query: str, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Index until the query answers these rows. Returns what it answers."""
    stop = asyncio.Event()
    async with index.indexer() as indexer:
        running = asyncio.ensure_future(indexer.run(stop))
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE):
                    while not running.done() and await _answered(index, query) != rows:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
            stop.set()
            await running
        finally:
            running.cancel()
    return await _answered(index, query)


async def _answered(index: Index, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in await fetch(index.dsn, query)]
