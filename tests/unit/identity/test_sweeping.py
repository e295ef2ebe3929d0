"""What a sweep of sign-ins takes, and what it must leave."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.identity import sweeping
from steadymint.identity.sweeping import KEPT, SignInSweep
from workers.sweeping import sweep_for_ever

MAX_AGE = timedelta(days=90)
SECOND = timedelta(seconds=30)


@pytest.fixture
def sweep(pool: asyncpg.Pool) -> SignInSweep:
    return SignInSweep(pool, int(MAX_AGE.total_seconds()))


async def nonce(pool: asyncpg.Pool, ended: timedelta, *, used: bool = False) -> str:
    """A nonce whose time has been over for so long."""
    return await pool.fetchval(
        "INSERT INTO auth_service.auth_nonces (nonce, account_id, chain_id, domain, issued_at, expires_at, consumed_at)"
        " VALUES ($1, $2, 'eip155:1', 'market.example', now() - $3::interval - interval '5 minutes',"
        " now() - $3::interval, CASE WHEN $4 THEN now() - $3::interval END) RETURNING nonce",
        secrets.token_hex(16),
        "0x" + secrets.token_hex(20),
        ended,
        used,
    )


async def session(pool: asyncpg.Pool, signed_in: timedelta) -> UUID:
    """One that was opened so long ago and refreshed to its very end."""
    return await pool.fetchval(
        "INSERT INTO auth_service.sessions (session_id, user_id, family_id, nonce_hash, address, chain_id, created_at,"
        " expires_at, absolute_expires_at) VALUES ($1, $1, $1, $2, $3, 'eip155:1', now() - $4::interval,"
        " now() - $4::interval + $5::interval, now() - $4::interval + $5::interval) RETURNING session_id",
        uuid4(),
        secrets.token_hex(32),
        "0x" + secrets.token_hex(20),
        signed_in,
        MAX_AGE,
    )


async def token(pool: asyncpg.Pool, of: UUID, generation: int, ended: timedelta) -> str:
    """A used refresh token whose time has been over for so long."""
    return await pool.fetchval(
        "INSERT INTO auth_service.refresh_tokens (hash, session_id, generation, issued_at, expires_at, used_at)"
        " VALUES ($1, $2, $3, now() - $4::interval - interval '14 days', now() - $4::interval,"
        " now() - $4::interval - interval '13 days') RETURNING hash",
        secrets.token_hex(32),
        of,
        generation,
        ended,
    )


async def left(pool: asyncpg.Pool, table: str, column: str) -> set[str]:
    return {row[column] for row in await pool.fetch(f"SELECT {column} FROM auth_service.{table}")}


async def test_a_nonce_goes_a_day_after_its_time_used_or_not(pool: asyncpg.Pool, sweep: SignInSweep) -> None:
    live, late = await nonce(pool, -SECOND), await nonce(pool, KEPT - SECOND, used=True)
    for used in (True, False):
        await nonce(pool, KEPT + SECOND, used=used)
    assert await sweep.run() == 2
    assert await left(pool, "auth_nonces", "nonce") == {live, late}


async def test_a_used_token_is_kept_for_as_long_as_its_session_may_live(pool: asyncpg.Pool, sweep: SignInSweep) -> None:
    """The first token of a session of 89 days has been over for 75: whoever brings it back still ends the session."""
    old = await session(pool, MAX_AGE - timedelta(days=1))
    kept = {await token(pool, old, 0, timedelta(days=75)), await token(pool, old, 1, -SECOND)}
    over = await session(pool, 3 * MAX_AGE)
    await token(pool, over, 0, MAX_AGE + KEPT + SECOND)
    assert await sweep.run() == 1
    assert await left(pool, "refresh_tokens", "hash") == kept
    assert len(await left(pool, "sessions", "session_id")) == 2, "that a nonce has had its session is known for ever"


async def test_a_sweep_takes_all_there_is_a_few_at_a_time(
    pool: asyncpg.Pool, sweep: SignInSweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 3)
    for _ in range(8):
        await nonce(pool, 2 * KEPT)
    assert await sweep.run() == 8
    assert await sweep.run() == 0


async def test_two_sweeps_at_once_wait_for_nobody_and_take_no_row_twice(pool: asyncpg.Pool, sweep: SignInSweep) -> None:
    for _ in range(20):
        await nonce(pool, 2 * KEPT)
    assert sum(await asyncio.gather(*(sweep.run() for _ in range(4)))) == 20


class FakeSweep:
    """A store that is away at first."""

    def __init__(self) -> None:
        self.failures: list[Exception] = [asyncpg.InterfaceError("away"), TypeError()]
        self.done = asyncio.Event()

    async def run(self) -> int:
        if self.failures:
            raise self.failures.pop()
        self.done.set()
        return 1


async def test_a_round_that_fails_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.sweeping.SWEEP_EVERY", 0.01)
    fake = FakeSweep()
    task = asyncio.create_task(sweep_for_ever(cast(SignInSweep, fake)))
    try:
        async with asyncio.timeout(30):
            await fake.done.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
