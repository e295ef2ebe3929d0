"""`steadymint maintenance ...`: backs up the database, tests the backups, and examines the database."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from steadymint.cli.signals import StoppedError, StopSignals
from steadymint.cli.stores import end, open_pool
from steadymint.domain.counting import counted, form
from steadymint.maintenance import backup as copies
from steadymint.maintenance import diagnosis, vacuuming
from steadymint.maintenance.tools import ToolError
from steadymint.settings import load_settings

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The database: backup, restore-check, diagnose, vacuum."
)


@app.command()
def backup(
    directory: Annotated[Path, typer.Argument(help="The folder of the dumps. It is made if it does not exist.")],
    keep_days: Annotated[
        float | None, typer.Option(min=1, help="Delete older dumps and what was left of some, once this one is whole.")
    ] = None,
) -> None:
    """Dump Postgres as of one moment, and note beside the dump how many rows each table has.

    Needs `pg_dump` in the server's version or a newer one.
    """
    try:
        dump, manifest = _until_told(copies.back_up(_dsn(), directory))
    except ToolError as error:
        end(str(error))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        end(f"no backup was made ({type(error).__name__}); `steadymint doctor` says more")
    rows = sum(manifest.rows.values())
    typer.echo(f"{dump}: {dump.stat().st_size:,} bytes, {rows:,} {form(rows, 'row')}, revision {manifest.revision}")
    for old in [] if keep_days is None else copies.forget_old(directory, keep_days):
        typer.echo(f"deleted {old.name}")


@app.command("restore-check")
def restore_check(
    dump: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A file that `backup` made.")],
    server: Annotated[
        str | None,
        typer.Option(help="DSN of the server to test it on. The default is the server in use.", show_default=False),
    ] = None,
) -> None:
    """Restore a dump into a database of its own, compare it, migrate it to this version, and drop it.

    Exits 1 if anything is missing. Needs `pg_restore`, the right to create databases, and disk space.
    """
    try:
        found = _until_told(copies.try_restore(dump, server or _dsn()))
    except ToolError as error:
        end(str(error))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        end(f"the dump was not tried, or its data cannot be migrated: {type(error).__name__}: {error}")
    rows = sum(found.contents.rows.values())
    tables = counted(len(found.contents.rows), "table")
    typer.echo(f"restored: {rows:,} {form(rows, 'row')} in {tables}, revision {found.contents.revision}")
    if found.migrated_to is not None:
        typer.echo(f"migrated: from {found.contents.revision} to {found.migrated_to}")
    if found.manifest is None:
        end(f"there is no {copies.manifest_of(dump).name} beside it: whether anything is missing cannot be said")
    for difference in found.differences:
        typer.secho(difference, fg=typer.colors.RED, err=True)
    if found.differences:
        raise typer.Exit(1)
    typer.echo("everything is there")


@app.command()
def diagnose() -> None:
    """Show what is large, slow, unused, broken or blocking. Changes nothing."""
    console = Console()
    for query, rows in asyncio.run(_answers()):
        console.print(f"[bold]{query.title}[/]" + ("" if rows else ": none"))
        if not rows:
            continue
        table = Table(*rows[0].keys(), box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
        console.print(table)
        console.print(query.advice, style="dim", markup=False)
        console.print()


@app.command()
def vacuum() -> None:
    """Vacuum and analyze every table. Autovacuum is enough, except after millions of new rows."""

    async def run() -> None:
        async with open_pool(command_timeout=None) as pool:
            async for table in vacuuming.vacuum(pool):
                typer.echo(table)

    asyncio.run(run())


def _until_told(work: Coroutine[Any, Any, T]) -> T:
    """Its result. A signal ends the command once the work has removed what it left unfinished."""

    async def run() -> T:
        with StopSignals() as told:
            return await told.unless_told(work)

    try:
        return asyncio.run(run())
    except StoppedError as stopped:
        typer.secho(str(stopped), fg=typer.colors.RED, err=True)
        raise typer.Exit(stopped.exit_code) from None


def _dsn() -> str:
    return load_settings().postgres.dsn.get_secret_value()


async def _answers() -> list[tuple[diagnosis.DiagnosticQuery, list[asyncpg.Record]]]:
    async with open_pool() as pool:
        return [(query, await diagnosis.ask(pool, query)) for query in diagnosis.QUERIES]
