"""The list of what is held of a user names every table that holds something of one."""

from __future__ import annotations

import re

import asyncpg
import pytest

from steadymint.account_data.held import HELD, WITHOUT_A_USER

PERSONAL = re.compile(
    r".*user_id|created_by|changed_by|auth_session_id|session_id|wallet_id|account_id|.*(follower|following|blocker|blocked)_id"
    r"|ip|ip_address|ua|user_agent|username|wallet_address|email|phone"
)
"""Columns that lead to a person."""


@pytest.fixture(scope="module")
def database(module_database: str) -> str:
    return module_database


async def test_a_table_that_names_a_user_a_wallet_or_an_ip_address_is_listed(pool: asyncpg.Pool) -> None:
    columns = await pool.fetch(
        """
        SELECT table_schema || '.' || table_name AS table, column_name
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_type = 'BASE TABLE' AND table_schema LIKE '%\\_service'
        """
    )
    personal = {row["table"] for row in columns if PERSONAL.fullmatch(row["column_name"])}
    listed = {held.table for held in HELD}
    assert personal <= listed | WITHOUT_A_USER.keys(), "say in account_data/held.py what becomes of these rows"
    assert listed <= {row["table"] for row in columns}


async def test_every_statement_of_the_list_is_one_that_postgres_takes(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        for held in HELD:
            await connection.prepare(held.export)
            for statement in (held.lock, held.forget):
                if statement is not None:
                    await connection.prepare(statement)


def test_what_is_kept_has_a_reason_and_what_is_not_exported_is_deleted() -> None:
    for held in HELD:
        assert held.forget is not None or held.kept, held.table
        assert held.exported or (held.forget or "").startswith("DELETE"), held.table
