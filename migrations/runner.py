"""Brings every store to the shape this version of the code expects."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio.client import Client

from migrations.mongo import migrate_mongo
from migrations.search_attributes import register_search_attributes
from steadymint.database import create_engine

# Any number that nothing else in the database locks; "steadymn" in ASCII.
MIGRATION_LOCK = 0x7374656164796D6E


def alembic_config() -> Config:
    """Alembic's configuration, made of the installed package: no alembic.ini, no working directory."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def head_revision() -> str:
    """The revision this version of the code expects."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None, "there is at least one migration"
    return head


async def current_revision(connection: AsyncConnection) -> str | None:
    """The revision a database is at; None for one that was never migrated."""
    known = await connection.scalar(text("select to_regclass('public.alembic_version')"))
    return await connection.scalar(text("select version_num from public.alembic_version")) if known else None


@asynccontextmanager
async def _migration_lock(engine: AsyncEngine) -> AsyncGenerator[None]:
    """Hold the advisory lock on a connection of its own: it outlives each migration's transaction, and the server
    lets go of it when the process dies."""
    async with engine.connect() as connection:
        holder = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await holder.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        try:
            yield
        finally:
            await holder.execute(text("select pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})


def _upgrade(connection: Connection) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


async def migrate_postgres(dsn: str) -> str:
    """Bring the database to head, each migration in one transaction. Two processes at once take turns.

    Returns the revision the database is at.
    """
    engine = create_engine(dsn, command_timeout=None)
    try:
        async with _migration_lock(engine), engine.connect() as connection:
            if await current_revision(connection) != head_revision():
                await connection.rollback()
                await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()
    return head_revision()


async def migrate(dsn: str, mongo_url: str | None = None, temporal: Client | None = None) -> str:
    """Migrate Postgres, then Mongo and Temporal where they are given. Idempotent; safe under two processes at once.

    Returns the revision of Postgres.
    """
    revision = await migrate_postgres(dsn)
    if mongo_url is not None:
        await migrate_mongo(mongo_url)
    if temporal is not None:
        await register_search_attributes(temporal)
    return revision


def migration_sql() -> None:
    """Print the SQL of every migration instead of running it: the dry run."""
    command.upgrade(alembic_config(), "head", sql=True)
