"""What a list of users costs: an index, and rows in proportion to the page, whoever has how many followers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from benchmarks.plans import kept_plan_of
from steadymint.catalog.reads.query import Query
from steadymint.database import create_pool
from steadymint.domain.types import UserId
from steadymint.identity.users import lists

PEOPLE = 2_000
LIMIT = 21
PROPORTIONAL = 4 * LIMIT
"""Rows: of each user the follow, the user, the profile, and whether they have blocked the reader."""
STAR = UUID(int=PEOPLE + 1)
MIDDLE = UUID(int=PEOPLE // 2)
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
async def pool(module_database: str) -> AsyncIterator[asyncpg.Pool]:
    """A star who follows everybody, is followed by everybody and has blocked everybody."""
    opened = await create_pool(module_database, min_size=1, max_size=1)
    async with opened:
        numbered = "SELECT lpad(to_hex(n), 32, '0')::uuid FROM generate_series(1, $1::integer) n"
        await opened.execute(f"INSERT INTO user_service.users (user_id) {numbered}", PEOPLE + 1)
        await opened.execute("UPDATE user_service.profiles SET username = 'mint_' || right(user_id::text, 6)")
        # Without the trigger that counts follows: it would write the star's row thousands of times in one transaction.
        await opened.execute("ALTER TABLE user_service.user_follows DISABLE TRIGGER user_follows_count")
        at = "$2::timestamptz + ('x' || right(user_id::text, 6))::bit(24)::integer * interval '1 second'"
        for table in ("user_follows", "user_blocks"):
            for pair in ("$1, user_id", "user_id, $1") if table == "user_follows" else ("$1, user_id",):
                await opened.execute(
                    f"INSERT INTO user_service.{table} SELECT {pair}, {at} FROM user_service.users WHERE user_id <> $1",
                    STAR,
                    START,
                )
        await opened.execute("ANALYZE")
        yield opened


@pytest.mark.parametrize(
    "walk", [lists.FOLLOWERS, lists.FOLLOWING, lists.BLOCKED], ids=["followers", "following", "blocked"]
)
async def test_a_page_in_the_middle_of_a_list_reads_its_own_rows(pool: asyncpg.Pool, walk: lists.Walk) -> None:
    since = START + timedelta(seconds=PEOPLE // 2)
    plan = await kept_plan_of(pool, Query(tuple, walk.page, (STAR, since, MIDDLE, MIDDLE, LIMIT)))
    assert plan.scanned == ()
    assert LIMIT < plan.touched <= PROPORTIONAL


async def test_a_search_in_the_middle_of_a_prefix_reads_its_own_rows(pool: asyncpg.Pool) -> None:
    arguments = ("mint_", "mint_~", f"mint_{PEOPLE // 2:06x}", MIDDLE, LIMIT)
    plan = await kept_plan_of(pool, Query(tuple, lists.BY_PREFIX.page, arguments))
    assert plan.scanned == ()
    assert LIMIT < plan.touched <= PROPORTIONAL


async def test_a_page_ends_short_where_too_many_in_a_row_are_left_out(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among 100 followers of whom all but the oldest are banned, with a bound of 40."""
    monkeypatch.setattr(lists, "LOOKED_AT", 40)
    bounded = lists._list("user_follows", "following_id", "follower_id")
    fan, oldest = UserId(UUID(int=7)), UserId(UUID(int=1))
    await pool.execute(
        "INSERT INTO user_service.user_follows SELECT user_id, $1 FROM user_service.users"
        " WHERE user_id <> $1 AND right(user_id::text, 6)::text <= '000064'",
        fan,
    )
    await pool.execute(
        "UPDATE user_service.user_follows SET created_at = $2 WHERE following_id = $1 AND follower_id = $3",
        fan, START, oldest,
    )  # fmt: skip
    await pool.execute(
        "UPDATE user_service.users SET status = 'banned' WHERE user_id IN"
        " (SELECT follower_id FROM user_service.user_follows WHERE following_id = $1 AND follower_id <> $2)",
        fan, oldest,
    )  # fmt: skip
    pages = [await lists.related_users(pool, bounded, fan, viewer=None, after=None, limit=LIMIT)]
    while (after := pages[-1].resume) is not None:
        pages.append(await lists.related_users(pool, bounded, fan, viewer=None, after=after, limit=LIMIT))
    assert [len(page.rows) for page in pages] == [0, 0, 1]
