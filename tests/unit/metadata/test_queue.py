"""The queue: requests that outlive their causes, ranges that cost one row, progress, and what nobody works on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from steadymint.catalog.ranking import Ranking
from steadymint.database import create_pool
from steadymint.domain.types import UINT256_MAX
from steadymint.metadata import entries as entries_module
from steadymint.metadata import queue
from steadymint.metadata.entries import Entries
from steadymint.metadata.overdue import Overdue
from steadymint.metadata.queue import TokenRange
from steadymint.metadata.requests import RefreshRequests
from tests.support.traits import Drop

LATER = "update catalog_service.metadata_queue set due_at = now() + interval '1 hour', attempts = 3, last_error = 'x'"
WAITS = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


@pytest.fixture
async def pool(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await create_pool(database, min_size=1, max_size=4)
    yield pool
    await pool.close()


@pytest.fixture
async def drop(pool: asyncpg.Pool) -> Drop:
    return await Drop.of(pool, 250)


async def ask(pool: asyncpg.Pool, drop: Drop, *numbers: int, reason: queue.Reason = "mint") -> None:
    async with pool.acquire() as connection:
        await queue.enqueue_tokens(connection, [(drop.tokens[number], drop.id, number) for number in numbers], reason)


async def ask_range(pool: asyncpg.Pool, *ranges: TokenRange, reason: queue.Reason = "event") -> None:
    async with pool.acquire() as connection:
        await queue.enqueue_ranges(connection, ranges, reason)


async def queued(pool: asyncpg.Pool) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch("select * from catalog_service.metadata_queue order by subject_id")]


async def cursor(pool: asyncpg.Pool) -> str | None:
    return await pool.fetchval("select cursor from catalog_service.sync_state where source = 'metadata'")


async def test_asking_again_raises_the_generation_and_is_due_at_once(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask(pool, drop, 1, 1)
    (first,) = await queued(pool)
    await pool.execute(LATER)
    await ask(pool, drop, 1, reason="event")
    (again,) = await queued(pool)
    assert (first["generation"], again["generation"]) == (1, 2)
    assert (again["attempts"], again["last_error"], again["reason"]) == (0, None, "event")
    assert len(await Entries(pool).take(drop.id, 10)) == 1


async def test_asking_again_does_not_put_back_what_is_next(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask(pool, drop, 2)
    await ask(pool, drop, 1)
    await ask(pool, drop, 2)
    taken = await Entries(pool).take(drop.id, 1)
    assert [entry.token_number for entry in taken] == [2]


async def test_what_a_person_asked_for_is_not_taken_for_an_event(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask(pool, drop, 1, reason="request")
    await ask(pool, drop, 1, reason="event")
    (entry,) = await queued(pool)
    assert entry["reason"] == "request"


async def test_an_event_of_its_mint_leaves_a_mint_what_it_is_and_further_ones_do_not(
    pool: asyncpg.Pool, drop: Drop
) -> None:
    """What is minted does not wait for the budget of what a contract announces, and no contract passes it by that."""
    await ask(pool, drop, 1)
    await ask_range(pool, TokenRange(drop.id, 1, 1))
    assert [entry["reason"] for entry in await queued(pool)] == ["mint"]
    await ask_range(pool, TokenRange(drop.id, 1, 1))
    assert [entry["reason"] for entry in await queued(pool)] == ["event"]


async def test_a_narrow_range_is_entries_at_once_of_tokens_that_exist(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask_range(pool, TokenRange(drop.id, 240, 260), TokenRange(drop.id, 245, 249), TokenRange(drop.id, 900, 901))
    assert len(await queued(pool)) == 10
    assert await cursor(pool) is None


async def test_a_range_of_everything_costs_one_row_however_often(pool: asyncpg.Pool, drop: Drop) -> None:
    for _ in range(3):
        await ask_range(pool, TokenRange(drop.id, 0, UINT256_MAX), TokenRange(drop.id, 7, 10**30))
    assert await queued(pool) == []
    assert await cursor(pool) == f"event:0:{UINT256_MAX}"


async def test_two_ranges_become_the_one_that_holds_both(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask_range(pool, TokenRange(drop.id, 0, 109))
    await ask_range(pool, TokenRange(drop.id, 100, 210), reason="request")
    assert await cursor(pool) == "event:0:210" or await cursor(pool) == "request:0:210"
    await Entries(pool).begin(drop.id)
    assert len(await queued(pool)) == 211


async def test_a_person_who_joins_a_range_of_an_event_is_heard(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask_range(pool, queue.whole(drop.id))
    await ask_range(pool, queue.whole(drop.id), reason="request")
    await ask_range(pool, queue.whole(drop.id))
    await Entries(pool).begin(drop.id)
    assert {entry["reason"] for entry in await queued(pool)} == {"request"}


async def test_a_range_is_unfolded_in_parts_and_every_token_once(
    pool: asyncpg.Pool, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries_module, "UNFOLDED_AT_ONCE", 50)
    await ask_range(pool, queue.whole(drop.id))
    await Entries(pool).begin(drop.id)
    found = await queued(pool)
    assert {entry["subject_id"] for entry in found} == set(drop.tokens)
    assert {entry["generation"] for entry in found} == {1}
    assert await cursor(pool) is None


async def test_a_range_that_is_widened_while_it_unfolds_is_unfolded_whole(
    pool: asyncpg.Pool, drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries_module, "UNFOLDED_AT_ONCE", 50)
    await ask_range(pool, TokenRange(drop.id, 100, 249))
    entries = Entries(pool)
    await entries._unfold(drop.id, f"event:{100}:{249}")
    assert await cursor(pool) == "event:150:249"
    await ask_range(pool, TokenRange(drop.id, 0, 149))
    await entries._unfold(drop.id, "event:150:249")  # by somebody who has not seen it
    assert await cursor(pool) == "event:0:249"
    await entries.begin(drop.id)
    assert {entry["subject_id"] for entry in await queued(pool)} == set(drop.tokens)


async def test_progress_counts_from_the_beginning_of_a_refresh(pool: asyncpg.Pool, drop: Drop) -> None:
    entries = Entries(pool)
    await ask(pool, drop, *range(10))
    await entries.begin(drop.id)
    look = await entries.look(drop.id, 30)
    assert (look.done, look.total, look.due) == (0, 10, 10)
    await pool.execute("delete from catalog_service.metadata_queue")
    await pool.execute("update catalog_service.sync_state set done = 10, failed = 1")
    done = await entries.look(drop.id, 30)
    assert (done.done, done.total, done.failed) == (10, 10, 1)
    assert await pool.fetchval("select status from catalog_service.sync_state") == "done"

    await ask(pool, drop, 1)
    await entries.begin(drop.id)
    again = await entries.look(drop.id, 30)
    assert (again.done, again.total, again.failed) == (0, 1, 0)


async def test_what_falls_due_together_is_waited_for_together(pool: asyncpg.Pool, drop: Drop) -> None:
    await ask(pool, drop, 1, 2, 3)
    for number, seconds in ((1, 100), (2, 120), (3, 900)):
        await pool.execute(
            "update catalog_service.metadata_queue set due_at = now() + $1::int * interval '1 s' where subject_id = $2",
            seconds,
            drop.tokens[number],
        )
    look = await Entries(pool).look(drop.id, 30)
    assert (look.due, look.waiting) == (0, 3)
    assert look.next_due_in is not None
    assert 110 < look.next_due_in <= 120


async def test_a_queue_that_nobody_works_on_is_found(pool: asyncpg.Pool, drop: Drop) -> None:
    other, third = await Drop.of(pool, 3, number=2), await Drop.of(pool, 3, number=3)
    quiet = await Drop.of(pool, 3, number=4)
    for each in (drop, other, third):
        await ask(pool, each, 1, 2)
    overdue = Overdue(pool)
    assert await overdue.collections(60) == []
    await pool.execute("update catalog_service.metadata_queue set due_at = now() - interval '2 minutes'")
    await Entries(pool).begin(other.id)  # somebody is at it
    await pool.execute(f"{LATER} where collection_id = $1", third.id)
    await ask_range(pool, queue.whole(quiet.id))
    found = {each.contract for each in await overdue.collections(60)}
    assert found == {drop.row["contract_address"], quiet.row["contract_address"]}


async def test_a_collection_whose_ranks_nobody_computed_is_found(pool: asyncpg.Pool, drop: Drop) -> None:
    await drop.write({1: {"Hat": "Red"}, 2: {"Hat": "Blue"}})
    assert [each.contract for each in await Overdue(pool).collections(60)] == [drop.row["contract_address"]]
    await Ranking(pool).rank(drop.id)
    assert await Overdue(pool).collections(60) == []
    await pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[1])  # as a reorg would
    assert len(await Overdue(pool).collections(60)) == 1


@pytest.mark.parametrize("statement", [queue.ENQUEUE_TOKENS, queue.ENQUEUE_NARROW], ids=["tokens", "narrow"])
def test_entries_are_locked_in_one_order_by_all_who_write_them(statement: str) -> None:
    assert "order by" in statement


async def test_whoever_asks_for_a_collection_waits_for_its_refresh_with_nothing_in_hand(
    pool: asyncpg.Pool, drop: Drop
) -> None:
    await ask_range(pool, queue.whole(drop.id))
    async with pool.acquire() as leased:
        other: Any = leased
        async with other.transaction():
            await other.execute("select from catalog_service.sync_state for no key update")
            asking = asyncio.create_task(RefreshRequests(pool).ask_for_collection(drop.id))
            async with asyncio.timeout(30):
                while not await pool.fetchval(WAITS):  # noqa: ASYNC110 - Postgres tells nobody
                    await asyncio.sleep(0.01)
            await queue.enqueue_contracts(other, [drop.id], "event")  # as the indexer does
        await asking
    assert [row["reason"] for row in await queued(pool)] == ["request"]
