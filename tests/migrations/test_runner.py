"""`migrate` may be run by anyone, any number of times, at the same time, from anywhere."""

from __future__ import annotations

import ast
import asyncio
import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from migrations import versions
from migrations.runner import (
    MIGRATION_LOCK,
    alembic_config,
    current_revision,
    head_revision,
    migrate_postgres,
    migration_sql,
)
from steadymint.database import create_engine
from tests.migrations.structure import everything_of
from tests.support.migrating import revision_before
from tests.support.syntax import nodes_of

ROOT = Path(__file__).parents[2]
VERSIONS = sorted(Path(versions.__path__[0]).glob("[0-9]*.py"))
MIGRATE = (
    "import asyncio, sys; from migrations.runner import migrate_postgres; asyncio.run(migrate_postgres(sys.argv[1]))"
)


async def structure_at(dsn: str) -> dict[str, str]:
    connection = await asyncpg.connect(dsn)
    try:
        return await everything_of(connection)
    finally:
        await connection.close()


async def forget_revision(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("delete from public.alembic_version")
    await connection.close()


async def test_migrating_twice_changes_nothing(database: str) -> None:
    before = await structure_at(database)
    assert await migrate_postgres(database) == head_revision()
    assert await structure_at(database) == before


async def test_every_migration_may_meet_its_own_work(database: str) -> None:
    # As after a restore of the tables without Alembic's own.
    before = await structure_at(database)
    await forget_revision(database)
    await migrate_postgres(database)
    assert await structure_at(database) == before


async def test_two_processes_at_once_migrate_once(database: str, empty_database: str, tmp_path: Path) -> None:
    # From another directory: nothing is looked up in the current one.
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, empty_database, cwd=tmp_path, env=environment, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    outcomes = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outcomes
    assert await structure_at(empty_database) == await structure_at(database)


async def test_a_migration_waits_for_the_one_that_runs(empty_database: str) -> None:
    other = await asyncpg.connect(empty_database)
    await other.execute("select pg_advisory_lock($1)", MIGRATION_LOCK)
    waiting = asyncio.create_task(migrate_postgres(empty_database))
    while not await other.fetchval("select count(*) from pg_locks where locktype = 'advisory' and not granted"):
        assert not waiting.done(), "it did not wait"
        await asyncio.sleep(0.02)
    assert await other.fetchval("select to_regclass('public.alembic_version')") is None
    await other.close()
    assert await waiting == head_revision()


async def test_a_migration_that_fails_leaves_no_trace_and_the_next_run_ends_it(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(sql: str) -> None:
        if "token_service" in sql:
            sql += "select no_such_function();"
        run_script(sql)

    from migrations.script import run_script

    with monkeypatch.context() as patched:
        patched.setattr("migrations.script.run_script", broken)
        with pytest.raises(Exception, match="no_such_function"):
            await migrate_postgres(empty_database)
    engine = create_engine(empty_database)
    async with engine.connect() as connection:
        stopped_at = await current_revision(connection)
    await engine.dispose()
    tables = await structure_at(empty_database)
    assert stopped_at == revision_before("token")
    assert any("catalog_service" in name for name in tables)
    assert not any("token_service" in name for name in tables)
    assert await migrate_postgres(empty_database) == head_revision()


def test_there_is_no_way_back() -> None:
    assert len(VERSIONS) > 10
    for file in VERSIONS:
        names = {node.name for node in nodes_of(file) if isinstance(node, ast.FunctionDef)}
        assert "upgrade" in names, file.name
        assert "downgrade" not in names, file.name


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) == len(VERSIONS)


async def test_the_dry_run_prints_what_a_run_does(database: str, empty_database: str) -> None:
    printed = io.StringIO()
    with redirect_stdout(printed):
        migration_sql()
    connection = await asyncpg.connect(empty_database)
    await connection.execute(printed.getvalue())
    await connection.close()
    assert await structure_at(empty_database) == await structure_at(database)
