"""Vacuums our tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import asyncpg

_TABLES: Final = """
select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
where schemaname like '%\\_service' order by 1"""


async def vacuum(pool: asyncpg.Pool) -> AsyncIterator[str]:
    """Vacuum and analyze our tables, one by one, and yield each when it is done. Readers and writers do not wait."""
    for row in await pool.fetch(_TABLES):
        await pool.execute(f"vacuum (analyze) {row[0]}")
        yield row[0]
