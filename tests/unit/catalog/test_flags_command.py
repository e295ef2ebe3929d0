"""`steadymint flag ...` as an operator types it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from steadymint.database import create_pool
from tests.support.catalog_rows import CHAIN, collection_row, contract, insert, token_row
from tests.support.command_line import at_database, steadymint

TOKEN = (CHAIN, contract(1), "7")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await create_pool(database, min_size=1, max_size=1)
    async with opened:
        await insert(opened, "catalog_service.collections", [collection_row(1)])
        await insert(opened, "catalog_service.tokens", [token_row(collection_row(1), 7)])
        yield opened


async def test_an_operator_sets_shows_and_clears_what_is_said_of_a_token(
    pool: asyncpg.Pool, database: str, valkey: str
) -> None:
    async def flag(*words: str) -> tuple[int, str]:
        return await steadymint(at_database(database) | {"STEADYMINT_REDIS__URL": valkey}, "flag", *words)

    assert await flag("show", *TOKEN) == (0, "nothing is said of it\n")
    code, said = await flag("set", *TOKEN, "--spam", "--reason", "a trap")
    assert (code, said.splitlines()[0]) == (0, "spam     yes  a trap")
    assert (await flag("show", *TOKEN))[1] == said
    assert (await flag("clear", *TOKEN, "--reason", "a mistake"))[1] == "cleared\n"
    code, said = await flag("collection", CHAIN, contract(1), "--hidden", "--reason", "imitates another")
    assert (code, said) == (0, "hidden yes, verified no\n")
    slug = collection_row(1)["slug"]
    code, said = await flag("collection", CHAIN, slug, "--shown", "--reason", "it does not")
    assert (code, said) == (0, "hidden no, verified no\n")
    assert (await flag("show", CHAIN, slug, "7"))[1] == "nothing is said of it\n"
    assert (await flag("show", CHAIN, "no-such-slug", "7"))[0] == 1
    assert (await flag("set", CHAIN, contract(1), "8", "--spam", "--reason", "x"))[0] == 1  # no such token
    assert (await flag("set", *TOKEN, "--reason", "x"))[0] == 2  # nothing to change
    assert (await flag("set", CHAIN, "0x12", "7", "--spam", "--reason", "x"))[0] == 2
    assert await pool.fetchval("SELECT count(*) FROM audit_service.security_events") == 4
