"""The modules of `migrations/models` describe exactly the database that the migrations make."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from migrations import models, versions
from migrations.metadata import metadata
from steadymint.database import create_engine
from tests.migrations.structure import tables_of

CREATED = re.compile(r"^create table if not exists \w+\.(\w+)", re.MULTILINE)
SERVICES = {table.schema for table in metadata.tables.values()}


def differences(connection: Connection) -> list[Any]:
    def ours(name: str | None, kind: str, parents: Any) -> bool:
        return kind != "schema" or name in SERVICES

    options = {
        "include_schemas": True,
        "include_name": ours,
        "compare_type": True,
        "compare_server_default": True,
    }
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


async def test_alembic_finds_nothing_to_migrate(database: str) -> None:
    engine = create_engine(database)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert len(metadata.tables) > 50
    assert found == []


async def test_a_database_made_from_the_models_equals_the_migrated_one(
    connection: asyncpg.Connection, empty_database: str
) -> None:
    # Stricter than Alembic's comparison: checks, defaults, index expressions, generated columns, order of columns.
    made = await asyncpg.connect(empty_database)
    await made.execute(importlib.import_module("migrations.versions.0001_domains").SQL)
    for service in sorted(SERVICES):
        await made.execute(f"create schema {service}")
    engine = create_engine(empty_database)
    async with engine.begin() as transaction:
        await transaction.run_sync(metadata.create_all)
    await engine.dispose()
    from_models, from_migrations = await tables_of(made), await tables_of(connection)
    await made.close()
    assert len(from_migrations) > 500
    assert from_models == from_migrations


def test_the_models_of_a_revision_are_in_the_module_of_its_name() -> None:
    revisions = {file.stem.partition("_")[2]: file for file in Path(versions.__path__[0]).glob("[0-9]*.py")}
    for module in Path(models.__path__[0]).glob("[a-z]*.py"):
        tables = re.findall(r'__tablename__ = "(\w+)"', module.read_text())
        if module.stem == "columns":
            continue
        created = CREATED.findall(revisions[module.stem].read_text())
        assert sorted(tables) == sorted(created), module.name
