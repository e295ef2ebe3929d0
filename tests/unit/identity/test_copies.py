"""A Redis that does not answer costs one request its time, and the others nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from steadymint.domain.types import SessionId
from steadymint.identity import copies
from steadymint.identity.messages.nonces import Nonces
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from tests.unit.identity.test_granting import CHAIN, DAY, account, attempt, granted, issued


class Silent(Redis):
    """A Redis that does not answer within its time, until it is `back`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.back = False

    async def execute_command(self, *_: Any, **__: Any) -> int:
        self.asked += 1
        await asyncio.sleep(0.01)
        if not self.back:
            raise RedisTimeoutError
        return 0


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds."""
    now = [1000.0]
    monkeypatch.setattr(copies, "monotonic", lambda: now[0])
    return now


async def test_sessions_are_read_without_a_redis_that_does_not_answer_and_one_request_tries_it_again(
    pool: asyncpg.Pool, moment: list[float]
) -> None:
    who, redis = account(), Silent()
    _, grant = await granted(pool, attempt(who, await issued(pool, who)))
    revocation = Revocation(Sessions(pool, 14 * DAY, 90 * DAY, DAY), redis, 900)

    async def commands_of(requests: int) -> int:
        before = redis.asked
        live = await asyncio.gather(*(revocation.live(SessionId(grant.session_id)) for _ in range(requests)))
        assert None not in live
        return redis.asked - before

    assert await commands_of(1) == 1
    assert await commands_of(9) == 0
    moment[0] += copies.REST
    assert await commands_of(9) == 1
    moment[0] += copies.REST
    redis.back = True
    assert await commands_of(1) == 1
    assert await commands_of(9) == 9


async def test_a_nonce_waits_for_such_a_redis_once(pool: asyncpg.Pool, moment: list[float]) -> None:
    who, redis = account(), Silent()
    nonces = Nonces(pool, redis, 300)
    nonce = (await nonces.issue(who, CHAIN, "market.example", ip=None, user_agent=None)).nonce
    await nonces.check(nonce, who, CHAIN, "market.example")
    await nonces.forget(nonce)
    assert redis.asked == 1
