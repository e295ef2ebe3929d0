"""What a migration that counts finds already there is counted too."""

from __future__ import annotations

from uuid import uuid4

import asyncpg
from alembic import command
from sqlalchemy import Connection

from migrations.runner import alembic_config, migrate_postgres
from steadymint.database import create_engine, create_pool
from tests.support.catalog_rows import at, identity, insert
from tests.support.market import counted, kept, listing, open_market, put, sale
from tests.support.traits import Drop, counted_occurrences, occurrences


async def migrate_to(dsn: str, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_engine(dsn)
    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


async def fill_market(pool: asyncpg.Pool) -> None:
    """Links, listings and sales of two tokens, none of them counted."""
    await open_market(pool)
    drop = await Drop.of(pool, 2)
    trait, nobodys = ({"id": uuid4(), "collection_id": drop.id, "name": n, "normalized_name": n} for n in ("a", "b"))
    value = {"id": identity("value"), "trait_id": trait["id"], "value_string": "x", "normalized_value": "x"}
    await insert(pool, "catalog_service.traits", [trait, nobodys])
    await insert(pool, "catalog_service.trait_values", [value])
    links = [{"token_id": token, "trait_id": trait["id"], "trait_value_id": value["id"]} for token in drop.tokens]
    await insert(pool, "catalog_service.token_trait_links", links)
    await put(pool, "listings", [listing(drop, 0, 3), listing(drop, 1, 2), listing(drop, 1, 1, is_active=False)])
    await put(pool, "sales", [sale(drop, 0, 5, at(1)), sale(drop, 1, 7, at(100))])


async def test_links_listings_and_sales_that_are_there_are_counted_once(empty_database: str) -> None:
    await migrate_to(empty_database, "0014")
    pool = await create_pool(empty_database, min_size=1, max_size=2)
    await fill_market(pool)
    await pool.close()
    for _ in range(2):  # the second time the migrations meet their own work
        await migrate_postgres(empty_database)
        pool = await create_pool(empty_database, min_size=1, max_size=2)
        found = await kept(pool)
        assert found == await counted(pool)
        assert all(found.values())
        assert await occurrences(pool) == await counted_occurrences(pool) != {}
        assert await pool.fetchval("select count(*) from catalog_service.traits") == 1
        await pool.execute("delete from public.alembic_version")
        await pool.close()
