"""PostgreSQL for tests: one server per run, one migrated template, a clean database for each test that asks."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

import asyncpg
import pytest
from filelock import AsyncFileLock
from yarl import URL

from tests.support import emptying, run, writable_views
from tests.support.keeper import shared

MIGRATED = "migrated"
"""What the migrations make."""
TEMPLATE = "writable"
"""The same with views that tests can write to, and with what it takes to empty a copy of it."""

_numbers = itertools.count(1)


@dataclass
class _Copy:
    """A copy of the template, for one test after another.

    Each test has a user of its own for it, so that nothing that the last one has left behind can log in. What empties
    it between them keeps its connection: a new one would read the whole catalog of the database first.
    """

    server: str
    name: str
    user: str
    connection: asyncpg.Connection[Any]

    @classmethod
    async def made(cls, server: str) -> Self:
        name = _name()
        await _execute(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        await _execute(server, f"CREATE ROLE {name} SUPERUSER LOGIN PASSWORD '{URL(server).password}'")
        return cls(server, name, name, await asyncpg.connect(at(server, name)))

    async def address(self) -> str:
        """Its address for the next test."""
        before, self.user = self.user, _name()
        await self.connection.execute(f"ALTER ROLE {before} RENAME TO {self.user}")
        return str(URL(at(self.server, self.name)).with_user(self.user))


_empty: list[_Copy] = []
"""Those that no test has."""


def at(server: str, database: str) -> str:
    """The address of another database of the same server."""
    return f"{server.rpartition('/')[0]}/{database}"


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address (database `postgres`) of the server that all workers share. Never stop it."""
    return shared("postgres")


@pytest.fixture
async def empty_database(postgres: str) -> AsyncIterator[str]:
    """The address of a database with nothing in it."""
    async for dsn in _fresh(postgres, "template0"):
        yield dsn


@pytest.fixture
async def database(postgres: str) -> AsyncIterator[str]:
    """The address of a freshly migrated database of this test's own."""
    async for dsn in fresh_database(postgres):
        yield dsn


@pytest.fixture(scope="module")
async def module_database(postgres: str) -> AsyncIterator[str]:
    """The address of a freshly migrated database that the tests of a module share. For those that look only at rows of
    their own: a module says so with a fixture `database` of its scope that returns this one."""
    async for dsn in fresh_database(postgres):
        yield dsn


async def fresh_database(server: str, template: str = TEMPLATE) -> AsyncIterator[str]:
    """The address of one more migrated database on the shared server; dropped when the generator is closed."""
    await _template(server)
    async for dsn in _copy_of_template(server) if template == TEMPLATE else _fresh(server, template):
        yield dsn


async def _fresh(server: str, template: str) -> AsyncIterator[str]:
    name = _name()
    await _execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        yield at(server, name)
    finally:
        await _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _copy_of_template(server: str) -> AsyncIterator[str]:
    copy = _empty.pop() if _empty else await _Copy.made(server)
    try:
        yield await copy.address()
    finally:
        if await emptying.empty(copy.connection):
            _empty.append(copy)
        else:
            await copy.connection.close()
            await _execute(server, f"DROP DATABASE {copy.name} WITH (FORCE)")


def _name() -> str:
    return f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{next(_numbers)}"


async def _template(server: str) -> None:
    """Migrate the template once per run."""
    done = run.directory() / "postgres.migrated"
    if done.exists():
        return
    async with AsyncFileLock(run.directory() / "postgres.migrated.lock"):
        if done.exists():
            return
        from migrations.runner import migrate_postgres

        await _execute(server, f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
        await migrate_postgres(at(server, MIGRATED))
        await _execute(server, f"CREATE DATABASE {TEMPLATE} TEMPLATE {MIGRATED} STRATEGY FILE_COPY")
        await _execute(at(server, TEMPLATE), writable_views.SQL + emptying.SQL)
        for template in (MIGRATED, TEMPLATE):
            await _execute(server, f"ALTER DATABASE {template} ALLOW_CONNECTIONS false")
        done.touch()


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
