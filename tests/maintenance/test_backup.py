"""A backup is one that was restored, and whatever is missing from it is noticed."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from migrations.runner import head_revision
from steadymint.database import create_pool
from steadymint.maintenance import backup
from steadymint.maintenance.backup import back_up, contents_of, forget_old, manifest_of, try_restore
from steadymint.maintenance.tools import ToolError, find_tool, of_database, without_password
from tests.migrations.rows import fill
from tests.support import writable_views
from tests.support.market import fill_market
from tests.support.migrating import migrate_to, revision_before


@pytest.fixture(autouse=True)
def _own_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others restore on the same server."""
    monkeypatch.setattr(backup, "COPY", f"steadymint_test_{uuid4().hex[:12]}_")


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def scratch_databases(dsn: str) -> int:
    async with connected(dsn) as connection:
        return await connection.fetchval("select count(*) from pg_database where starts_with(datname, $1)", backup.COPY)


async def fill_everything(dsn: str) -> None:
    """A row in every table."""
    pool = await create_pool(dsn, min_size=1, max_size=1)
    async with pool, pool.acquire() as connection:
        await fill(connection)


async def test_every_row_of_every_table_comes_back(database: str, tmp_path: Path) -> None:
    await fill_everything(database)
    dump, manifest = await back_up(database, tmp_path / "backups")
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600
    async with connected(database) as connection:
        assert (await contents_of(connection)).rows == manifest.rows
    assert all(manifest.rows.values())
    found = await try_restore(dump, database)
    assert (found.differences, found.migrated_to, found.contents.revision) == ((), None, head_revision())
    assert found.contents.rows == manifest.rows
    assert await scratch_databases(database) == 0


async def test_a_backup_is_of_one_moment_while_others_write(database: str, tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        async with connected(database) as connection:
            while True:
                await connection.execute("insert into user_service.users default values")
                begun.set()

    writing = asyncio.create_task(write())
    await begun.wait()
    dump, manifest = await back_up(database, tmp_path)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    assert manifest.rows["user_service.users"] == manifest.rows["user_service.profiles"] > 0
    assert (await try_restore(dump, database)).differences == ()


async def test_a_row_that_is_missing_is_named_with_its_table(database: str, tmp_path: Path) -> None:
    dump, _ = await back_up(database, tmp_path)
    async with connected(database) as connection:
        await connection.execute("insert into user_service.users default values")
    later, _ = await back_up(database, tmp_path / "later")
    later.replace(dump)
    assert (await try_restore(dump, database)).differences == tuple(
        f"user_service.{table}: 0 rows in the backup, 1 restored"
        for table in ("profiles", "user_preferences", "user_stats", "users")
    )
    manifest_of(dump).unlink()
    assert (await try_restore(dump, database)).manifest is None


async def test_a_dump_of_an_older_version_is_migrated_as_the_real_one_will_be(
    empty_database: str, tmp_path: Path
) -> None:
    older = revision_before("catalog_words")
    await migrate_to(empty_database, older)
    pool = await create_pool(empty_database, min_size=1, max_size=1)
    async with pool:
        await pool.execute(writable_views.SQL)
        await fill_market(pool)
    dump, _ = await back_up(empty_database, tmp_path)
    found = await try_restore(dump, empty_database)
    assert (found.contents.revision, found.differences, found.migrated_to) == (older, (), head_revision())
    async with connected(empty_database) as connection:  # the original was left alone
        assert (await contents_of(connection)).revision == older


async def test_data_that_a_migration_cannot_bear_is_found_before_the_deploy(
    empty_database: str, tmp_path: Path
) -> None:
    await migrate_to(empty_database, revision_before("catalog_words"))
    async with connected(empty_database) as connection:
        await connection.execute("create table catalog_service.token_words (nothing_of_ours int)")
    dump, _ = await back_up(empty_database, tmp_path)
    with pytest.raises(asyncpg.PostgresError):
        await try_restore(dump, empty_database)
    assert await scratch_databases(empty_database) == 0


async def test_a_damaged_dump_is_refused_and_leaves_nothing(database: str, tmp_path: Path) -> None:
    dump, _ = await back_up(database, tmp_path)
    dump.write_bytes(dump.read_bytes()[:-5000])
    with pytest.raises(ToolError, match="pg_restore has failed"):
        await try_restore(dump, database)
    assert await scratch_databases(database) == 0


async def test_a_copy_that_a_killed_check_has_left_goes_with_the_next_check_and_one_in_use_stays(
    database: str, tmp_path: Path
) -> None:
    dump, _ = await back_up(database, tmp_path)
    left, in_use, filled = (f"{backup.COPY}{name}" for name in ("left", "in_use", "filled"))
    checking = await asyncpg.connect(database, server_settings={"application_name": in_use})
    for name in (left, in_use, filled):
        await checking.execute(f"create database {name} template template0")
    filling = await asyncpg.connect(of_database(database, filled))
    await try_restore(dump, database)
    copies = await checking.fetch("select datname from pg_database where starts_with(datname, $1)", backup.COPY)
    assert {row["datname"] for row in copies} == {in_use, filled}
    await filling.close()
    await checking.close()
    await try_restore(dump, database)
    assert await scratch_databases(database) == 0


async def test_a_backup_that_fails_leaves_no_dump(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise ToolError("no room")

    monkeypatch.setattr(backup, "run_tool", fail)
    with pytest.raises(ToolError):
        await back_up(database, tmp_path)
    assert os.listdir(tmp_path) == []


def test_old_dumps_go_with_what_is_beside_them_and_nothing_else(tmp_path: Path) -> None:
    gone = ["steadymint-20200101-000000.dump", "steadymint-20210101-000000.draft"]
    names = [*gone, "steadymint-20200101-000000.json", "other.dump"]
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (0, 0))
    stay = ["steadymint-20300101-000000.draft", "steadymint-20300101-000000.dump"]
    for name in stay:
        (tmp_path / name).touch()
    assert [old.name for old in forget_old(tmp_path, 30)] == gone
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.dump", *stay]


async def test_a_program_older_than_the_server_is_not_used() -> None:
    with pytest.raises(ToolError, match="needs pg_dump of PostgreSQL 999 or newer"):
        await find_tool("pg_dump", 999)


@pytest.mark.parametrize(
    ("dsn", "shown", "password"),
    [
        ("postgresql://a:p%40ss@db:5432/x?sslmode=require", "postgresql://a@db:5432/x?sslmode=require", "p@ss"),
        ("postgresql://a@db/x", "postgresql://a@db/x", None),
        ("postgresql:///x?host=/run/postgresql", "postgresql:///x?host=/run/postgresql", None),
    ],
)
def test_no_password_stands_on_a_command_line(dsn: str, shown: str, password: str | None) -> None:
    assert without_password(dsn) == (shown, {} if password is None else {"PGPASSWORD": password})


def test_another_database_is_reached_the_same_way() -> None:
    assert of_database("postgresql://a:b@db:1/x?sslmode=require", "y") == "postgresql://a:b@db:1/y?sslmode=require"
