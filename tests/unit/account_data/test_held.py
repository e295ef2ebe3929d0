"""The list of what is held of a user names every table that holds something of one."""

from __future__ import annotations

import json
import re

import asyncpg
import pytest

from steadymint.account_data.held import HELD, WITHOUT_A_USER
from steadymint.webhooks.requests import Request
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.wanted import Wanted
from tests.support.webhooks import SEAL, a_user

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


async def test_what_the_key_of_a_webhook_is_known_by_is_not_exported_and_is_erased_also_of_a_deleted_one(
    pool: asyncpg.Pool,
) -> None:
    user_id, subscriptions = await a_user(pool), Subscriptions(pool, SEAL)
    url, request = "https://a.web.example/hook", Request.of("one", {})
    made = await subscriptions.create(user_id, url, None, Wanted(), request=request)
    (held,) = (one for one in HELD if one.table == "event_service.webhooks")
    exported = json.loads(await pool.fetchval(held.export, user_id))
    assert exported["url"] == url
    assert not {"secret", "request_key", "request_hash"} & exported.keys()
    await subscriptions.delete(user_id, made.subscription.webhook_id)
    assert held.forget is not None
    assert [await pool.execute(held.forget, user_id, 9) for _ in range(2)] == ["UPDATE 1", "UPDATE 0"]
    assert await pool.fetchval("select request_key from event_service.webhooks where user_id = $1", user_id) is None
