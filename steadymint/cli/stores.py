"""Opens the database for a command. A fault of the database becomes a sentence instead of a stack trace."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import NoReturn

import asyncpg
import typer

from steadymint.database import create_pool
from steadymint.settings import Settings, load_settings


@asynccontextmanager
async def open_pool(
    settings: Settings | None = None, *, max_size: int = 1, command_timeout: float | None = 30.0
) -> AsyncGenerator[asyncpg.Pool]:
    """A pool on the configured database. Ends the command if it cannot be reached or was not migrated."""
    dsn = (settings or load_settings()).postgres.dsn.get_secret_value()
    try:
        pool = await create_pool(dsn, min_size=1, max_size=max_size, command_timeout=command_timeout)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        end("Postgres cannot be reached; `steadymint doctor` says more")
    try:
        yield pool
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.UndefinedColumnError):
        end("the database has not the schema of this version: run `steadymint migrate`")
    except asyncpg.PostgresConnectionError:
        end("Postgres went away; `steadymint doctor` says more")
    finally:
        await pool.close()


def end(message: str) -> NoReturn:
    """Print why the command failed, and exit with 1."""
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1) from None
