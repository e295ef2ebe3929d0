"""A catalog made by numbers, to browse: lists of it, and their pages."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

from benchmarks import list_rows as rows
from benchmarks.list_rows import CHAIN, CONTRACT, Size
from tests.support.reads import Reads, serving_reads

SIZE = Size(tokens=1_300, owners=13, collections=60)
BASE = f"/v1/collections/{CHAIN}/{CONTRACT}"
LIMIT = 60
Test = Callable[[int], bool]
"""Whether the token with this number is meant."""


@asynccontextmanager
async def serving_numbered(database: str) -> AsyncGenerator[Reads]:
    """The public reads over this catalog."""
    async with serving_reads(database) as found:
        await rows.load(found.pool, SIZE)
        yield found


async def walk(reads: Reads, path: str, query: str, limit: int = LIMIT) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    items: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = await reads.http.get(f"{path}?{query}&limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        if page["nextCursor"] is None:
            return items
        cursor = f"&cursor={page['nextCursor']}"
