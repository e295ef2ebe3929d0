"""Backups of Postgres that can be checked: a dump, and beside it the number of rows that each table held.

`pg_dump` and the counting read the same snapshot, so writers are not stopped and the two agree. The file with the
counts is written before the dump gets its name, so a file called `*.dump` is complete.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg
from pydantic import BaseModel, ConfigDict

from steadymint.domain.counting import counted
from steadymint.maintenance.tools import find_tool, of_database, run_tool

PREFIX: Final = "steadymint-"
SUFFIX: Final = ".dump"
DRAFT: Final = ".draft"
DRAFT_DAYS: Final = 1
"""Nobody writes to a draft for so long: its process was killed."""
COPY: Final = "steadymint_restore_check_"
"""What the names of copies begin with."""

# The session that has made a copy bears its name, and a killed check may leave a `pg_restore` that still fills one.
_ABANDONED: Final = """
select quote_ident(datname) from pg_database d where starts_with(datname, $1) and not exists (
    select from pg_stat_activity a where d.datname in (a.application_name, a.datname))"""

_TABLES: Final = """
select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
where schemaname like '%\\_service' or (schemaname, tablename) = ('public', 'alembic_version') order by 1"""


class Contents(BaseModel):
    """The contents of a database at one moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: str | None
    """The revision of the migrations; None if there are none."""
    rows: dict[str, int]
    """Table -> number of rows."""


class Manifest(Contents):
    """The file beside a dump."""

    taken_at: datetime
    server: int
    """Major version."""


class Restored(NamedTuple):
    """The result of testing a dump."""

    manifest: Manifest | None
    """None if the file beside the dump is missing. Then nothing is compared."""
    contents: Contents
    differences: tuple[str, ...]
    migrated_to: str | None
    """The revision that this version's migrations brought the copy to; None if it was there already."""


def manifest_of(dump: Path) -> Path:
    return dump.with_suffix(".json")


async def back_up(dsn: str, directory: Path) -> tuple[Path, Manifest]:
    """Dump the database into a new file in `directory`, readable by its owner only.

    Raises ToolError if there is no suitable `pg_dump` or it fails. Then no file has the dump's name.
    """
    now = datetime.now(UTC)
    dump = directory / f"{PREFIX}{now:%Y%m%d-%H%M%S}{SUFFIX}"
    draft = dump.with_suffix(DRAFT)
    connection = await asyncpg.connect(dsn)
    try:
        server = connection.get_server_version().major
        tool = await find_tool("pg_dump", server)
        _create(draft)
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await connection.fetchval("select pg_export_snapshot()")
            arguments = ["--format=custom", f"--snapshot={snapshot}", f"--file={draft}"]
            dumping = asyncio.create_task(run_tool(tool, arguments, dsn))
            try:
                contents = await contents_of(connection)
                await dumping
            finally:  # the snapshot ends with the transaction
                dumping.cancel()
                await asyncio.wait([dumping])
        manifest = Manifest(**contents.model_dump(), taken_at=now, server=server)
        _publish(draft, dump, manifest)
    finally:
        draft.unlink(missing_ok=True)
        await connection.close()
    return dump, manifest


def forget_old(directory: Path, days: float) -> list[Path]:
    """Delete the dumps older than so many days and the drafts that were left, with the files beside them. Returns the
    dumps and drafts."""
    now, day = time.time(), timedelta(days=1).total_seconds()
    old = [
        file
        for suffix, oldest in ((SUFFIX, days), (DRAFT, DRAFT_DAYS))
        for file in sorted(directory.glob(f"{PREFIX}*{suffix}"))
        if now - file.stat().st_mtime > oldest * day
    ]
    for file in old:
        file.unlink()
        manifest_of(file).unlink(missing_ok=True)
    return old


async def try_restore(dump: Path, dsn: str) -> Restored:
    """Restore the dump into a database of its own on the server of `dsn`, compare, migrate it, and drop it again.

    Migrating the copy rehearses a deploy: the migrations of this version run on real data.

    Raises:
        ToolError: there is no suitable `pg_restore`, or the dump cannot be restored.
        asyncpg.PostgresError: the user may not create databases, or a migration fails on the data.
    """
    from migrations.runner import head_revision, migrate_postgres

    beside = manifest_of(dump)
    manifest = Manifest.model_validate_json(beside.read_bytes()) if beside.exists() else None
    async with _scratch_database(dsn) as scratch:
        connection = await asyncpg.connect(scratch)
        try:
            tool = await find_tool("pg_restore", connection.get_server_version().major)
            await run_tool(tool, ["--exit-on-error", "--no-owner", "--no-acl", str(dump)], scratch)
            contents = await contents_of(connection)
        finally:
            await connection.close()
        behind = contents.revision != head_revision()
        migrated_to = await migrate_postgres(scratch) if behind else None
    return Restored(manifest, contents, _differences(manifest, contents), migrated_to)


async def contents_of(connection: asyncpg.Connection) -> Contents:
    """The number of rows of each table, counted exactly. The planner's estimates would not show a loss."""
    tables = [row[0] for row in await connection.fetch(_TABLES)]
    rows: dict[str, int] = {}
    for table in tables:
        count: int | None = await connection.fetchval(f"select count(*) from {table}")  # noqa: S608
        rows[table] = count or 0
    known = "public.alembic_version" in rows
    revision = await connection.fetchval("select version_num from public.alembic_version") if known else None
    return Contents(revision=revision, rows=rows)


def _create(draft: Path) -> None:
    """Create a file that only its owner may read, because it will hold all data."""
    draft.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))


def _publish(draft: Path, dump: Path, manifest: Manifest) -> None:
    manifest_of(dump).write_text(manifest.model_dump_json(indent=2) + "\n")
    draft.rename(dump)


def _differences(manifest: Manifest | None, contents: Contents) -> tuple[str, ...]:
    if manifest is None:
        return ()
    tables = sorted(manifest.rows.keys() | contents.rows.keys())
    found = [(table, manifest.rows.get(table), contents.rows.get(table)) for table in tables]
    told = [
        f"{table}: {counted(was or 0, 'row')} in the backup, {now or 0} restored"
        for table, was, now in found
        if was != now
    ]
    if manifest.revision != contents.revision:
        told.append(f"revision {manifest.revision} in the backup, {contents.revision} restored")
    return tuple(told)


@asynccontextmanager
async def _scratch_database(dsn: str) -> AsyncGenerator[str]:
    """The DSN of a new, empty database. It is dropped at the end, even if somebody is still connected. Databases that
    killed processes have left are dropped first."""
    name = f"{COPY}{secrets.token_hex(8)}"
    server = await asyncpg.connect(dsn, server_settings={"application_name": name})
    try:
        for abandoned in await server.fetch(_ABANDONED, COPY):
            with suppress(asyncpg.InsufficientPrivilegeError, asyncpg.ObjectInUseError):
                await server.execute(f"drop database if exists {abandoned[0]}")
        try:
            await server.execute(f"create database {name} template template0")
            yield of_database(dsn, name)
        finally:
            await server.execute(f"drop database if exists {name} with (force)")
    finally:
        await server.close()
