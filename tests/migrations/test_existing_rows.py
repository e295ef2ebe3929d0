"""A migration that meets its own work leaves the rows alone."""

from __future__ import annotations

from migrations.runner import migrate_postgres
from steadymint.database import create_pool
from tests.support import writable_views
from tests.support.market import counted, fill_market, kept
from tests.support.traits import counted_occurrences, occurrences


async def test_rows_are_counted_once_however_often_the_migrations_run(database: str) -> None:
    pool = await create_pool(database, min_size=1, max_size=2)
    await pool.execute(writable_views.SQL)
    await fill_market(pool)
    before = await kept(pool)
    await pool.execute("delete from public.alembic_version")
    await pool.close()
    await migrate_postgres(database)
    pool = await create_pool(database, min_size=1, max_size=2)
    assert await kept(pool) == before == await counted(pool)
    assert all(before.values())
    assert await occurrences(pool) == await counted_occurrences(pool) != {}
    await pool.close()
