"""The histories of a user are found by rows, each of which is read once, however many strangers have left."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.accounts import Leaving
from benchmarks.plans import plan_of
from steadymint.account_data import attempts, histories
from steadymint.account_data.histories import AT_ONCE, UserHistories
from steadymint.catalog.reads.query import Query
from steadymint.database import NEWEST
from steadymint.domain.accounts import DeletionOrder, HistoriesPlace
from steadymint.domain.sign_in import workflow_id_of_nonce
from steadymint.domain.types import UserId
from steadymint.identity.wallets.links import Wallets
from tests.unit.identity.test_granting import account, attempt

REFUSED = 40 * AT_ONCE + 7
SOME = "n, encode(sha256(n::text::bytea), 'hex') AS hash FROM generate_series(1, $1::integer) n"


@pytest.fixture
async def user(pool: asyncpg.Pool) -> UserId:
    """A user with three sessions, on whose wallet strangers have tried thousands of nonces."""
    who = account()
    user_id = UserId((await Wallets(pool).link(attempt(who, "00" * 32))).user_id)
    await pool.execute(
        "INSERT INTO auth_service.login_events (attempt_id, account_id, nonce_hash, result, ts)"
        f" SELECT gen_random_uuid(), $2, hash, 'invalid_nonce', now() - n / 3 * interval '1 s' FROM (SELECT {SOME}) x",
        REFUSED,
        who,
    )
    await pool.execute(
        "INSERT INTO auth_service.sessions (user_id, family_id, nonce_hash, address, chain_id, expires_at,"
        " absolute_expires_at) SELECT $2, $2, reverse(hash), $3, 'eip155:1', 'infinity', 'infinity'"
        f" FROM (SELECT {SOME}) x",
        3,
        user_id,
        who,
    )
    await pool.execute("ANALYZE auth_service.login_events")
    return user_id


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries for histories."""
    queries: list[str] = []

    async def delete_runs(_: Client, query: str) -> int:
        queries.append(query)
        return 1

    monkeypatch.setattr(histories, "delete_runs", delete_runs)
    return queries


async def test_every_flow_is_asked_for_once_also_by_a_try_that_goes_on_in_the_middle(
    pool: asyncpg.Pool, user: UserId, asked: list[str]
) -> None:
    found = UserHistories(pool, cast(Client, None))
    places = [place async for place in found.forget(user, HistoriesPlace())]
    whole = list(asked)
    hashes = [row["hash"] for row in await pool.fetch(f"SELECT {SOME}", REFUSED)]
    wanted = {workflow_id_of_nonce(one) for one in (*hashes, *(one[::-1] for one in hashes[:3]))}
    assert sum(query.count("sign-in:") for query in whole) == len(wanted)
    assert all(any(one in query for query in whole) for one in wanted)
    asked.clear()
    rest = [place async for place in found.forget(user, places[20])]
    assert asked == [*whole[:2], *whole[22:]]
    assert rest[-1].deleted == places[-1].deleted + 2, "those that were deleted before count"


async def test_a_page_of_attempts_and_a_batch_of_the_erasure_read_no_more_rows_than_they_take(
    pool: asyncpg.Pool, user: UserId
) -> None:
    who = await pool.fetchval("SELECT address FROM wallet_service.wallet_links WHERE user_id = $1", user)
    page = await plan_of(pool, Query(tuple, attempts.HASHES, (user, who, *NEWEST, AT_ONCE)))
    assert page.scanned == ()
    assert page.touched < 6 * AT_ONCE
    batch = await plan_of(pool, Query(tuple, attempts.FORGET, (user, AT_ONCE)))
    assert batch.scanned == ()
    assert batch.touched < 8 * AT_ONCE


class EndlessHistories:
    """Notes from where it is asked to go on, and is cut off."""

    def __init__(self) -> None:
        self.begun_at: list[HistoriesPlace] = []

    async def forget(self, user_id: UserId, place: HistoriesPlace) -> AsyncIterator[HistoriesPlace]:
        self.begun_at.append(place)
        await asyncio.sleep(0)  # lets the heartbeats begin
        yield HistoriesPlace(deleted=place.deleted + 1, walk="sessions", after=(NEWEST[0], UUID(int=place.deleted)))
        if len(self.begun_at) == 1:
            raise TimeoutError


async def test_a_try_goes_on_where_the_heartbeats_of_the_one_before_it_have_ended() -> None:
    kept, nothing = EndlessHistories(), cast(Any, None)
    leaving = Leaving(nothing, nothing, kept, nothing)
    environment, order, beats = ActivityEnvironment(), DeletionOrder(user_id=uuid4()), list[HistoriesPlace]()
    environment.on_heartbeat = beats.append
    place = HistoriesPlace(deleted=7, walk="sessions", after=(NEWEST[0], UUID(int=7)))
    said = place.model_dump(mode="json")
    environment.info = dataclasses.replace(environment.info, heartbeat_details=[said])
    with pytest.raises(TimeoutError):
        await environment.run(leaving.forget_histories, order)
    assert beats[0] == kept.begun_at[0] == place
    assert await environment.run(leaving.forget_histories, order) == 8
