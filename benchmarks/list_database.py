"""A Postgres of its own with the rows of `list_rows`, for a benchmark that reads lists."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks import list_rows as rows
from benchmarks.list_rows import Size
from migrations.runner import migrate_postgres
from steadymint.database import create_pool
from steadymint.stack.postgres import Postgres


@asynccontextmanager
async def opened(size: Size) -> AsyncGenerator[asyncpg.Pool]:
    """A server of its own with the rows in it."""
    async with loaded(size) as url, create_pool_of(url) as pool:
        yield pool


@asynccontextmanager
async def create_pool_of(url: str) -> AsyncGenerator[asyncpg.Pool]:
    """One connection, as one request of the API has it."""
    async with await create_pool(url, min_size=1, max_size=1, generic_plans=True) as pool:
        yield pool


@asynccontextmanager
async def loaded(size: Size) -> AsyncGenerator[str]:
    """The URL of a server of its own with the rows in it."""
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        postgres = Postgres(directory / "postgres", database="migrated", settings=LOADING)
        await postgres.start()
        try:
            await migrate_postgres(postgres.url)
            async with create_pool_of(postgres.url) as pool:
                await rows.load(pool, size)
            yield postgres.url
        finally:
            await postgres.stop()


LOADING: Final = {"synchronous_commit": "off", "max_wal_size": "16GB", "maintenance_work_mem": "512MB"}
"""Nothing that a read would notice."""
