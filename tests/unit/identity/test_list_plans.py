"""What the lists of a user's own sessions and wallets cost: rows in proportion to the page, wherever it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.query import Query
from steadymint.database import NEWEST, create_pool
from steadymint.identity.sessions import store
from steadymint.identity.wallets import reads

ROWS = 2_000
LIMIT = 21
USER, WALLET, ALICE, CHAIN = UUID(int=1), UUID(int=2), "0x" + "a1" * 20, "eip155:1"
START = datetime(2026, 1, 1, tzinfo=UTC)
MIDDLE = (START + timedelta(seconds=ROWS // 2), UUID(int=7))
OF_USER, OF_WALLET = (USER,), (USER, ALICE)
AT = "$2::timestamptz + n * interval '1 second' from generate_series(1, $3::integer) n"


@pytest.fixture(scope="module")
async def pool(module_database: str) -> AsyncIterator[asyncpg.Pool]:
    """A user who has signed in thousands of times, and done as much with one wallet."""
    async with await create_pool(module_database, min_size=1, max_size=1) as opened:
        link = "insert into wallet_service.wallet_links (wallet_id, user_id, address, chain_id) values ($1, $2, $3, $4)"
        await opened.execute(link, WALLET, USER, ALICE, CHAIN)
        for table, said in (("activity", "action"), ("verifications", "verification_type")):
            made = (
                f"insert into wallet_service.wallet_{table} (wallet_id, {said}, created_at) select $1, 'verified', {AT}"
            )
            await opened.execute(made, WALLET, START, ROWS)
        later = "'2100-01-01'::timestamptz"
        await opened.execute(
            "insert into auth_service.sessions (user_id, family_id, nonce_hash, address, chain_id, expires_at,"
            " absolute_expires_at, created_at) select $1, gen_random_uuid(), encode(sha256(n::text::bytea), 'hex'),"
            f" $4, $5, {later}, {later}, {AT}",
            *(USER, START, ROWS, ALICE, CHAIN),
        )
        await opened.execute("vacuum analyze")
        yield opened


@pytest.mark.parametrize("after", [NEWEST, MIDDLE], ids=["the first page", "one in the middle"])
@pytest.mark.parametrize(
    ("statement", "of"),
    [(store._LIST, OF_USER), (reads._ACTIVITY, OF_WALLET), (reads._VERIFICATIONS, OF_WALLET)],
    ids=["sessions", "activity", "verifications"],
)
async def test_a_page_of_a_users_own_list_reads_its_own_rows(
    pool: asyncpg.Pool, statement: str, of: tuple[Any, ...], after: tuple[datetime, UUID]
) -> None:
    plan = await kept_plan_of(pool, Query(tuple, statement, (*of, *after, LIMIT)))
    assert plan.scanned == ()
    assert LIMIT <= plan.touched <= 4 * LIMIT
