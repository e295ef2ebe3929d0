"""How a migration runs its SQL: as one readable script, inside the migration's own transaction."""

from __future__ import annotations

from typing import Any

import asyncpg
from alembic import context, op
from sqlalchemy import text


def run_script(sql: str) -> None:
    """Run many statements in the transaction Alembic opened for this migration.

    SQLAlchemy prepares each statement, and a prepared statement may hold only one command; the driver's own
    `execute` speaks the simple protocol and takes the whole script.

    Raises:
        asyncpg.PostgresError: what the server refused; the migration's transaction is rolled back.
    """
    if context.is_offline_mode():
        op.get_context().impl.static_output(sql)
        return
    connection = op.get_bind()
    # SQLAlchemy begins its transaction with the first statement it sees, and it does not see the driver's.
    connection.execute(text("select 1"))
    raw: Any = connection.connection.dbapi_connection

    async def execute(driver: asyncpg.Connection) -> None:
        await driver.execute(sql)

    raw.run_async(execute)
