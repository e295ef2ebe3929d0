"""Limits per peer, shared through Redis and kept without it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from api.http import rate_limits
from api.http.rate_limits import REMEMBERED, RateLimiter
from steadymint.domain.errors import RateLimitedError


@pytest.fixture
async def redis(valkey: str) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey)
    yield client
    await client.aclose()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Redis:
    """A Redis that nobody answers for, at a moment that lasts: on a slow machine a bucket would leak meanwhile."""
    monkeypatch.setattr(rate_limits, "monotonic", lambda: 1000.0)
    return Redis(host="127.0.0.1", port=1)


async def taken(limiter: RateLimiter, peer: str, times: int, rate: int = 10) -> int:
    count = 0
    for _ in range(times):
        try:
            await limiter.take("test", peer, rate)
        except RateLimitedError:
            continue
        count += 1
    return count


async def test_so_many_may_come_at_once_and_no_more(redis: Redis) -> None:
    assert await taken(RateLimiter(redis), "192.0.2.1", 15) == 10


async def test_who_is_refused_hears_when_to_come_back(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    await taken(limiter, "192.0.2.1", 10)
    with pytest.raises(RateLimitedError) as refused:
        await limiter.take("test", "192.0.2.1", 10)
    assert refused.value.retry_after is not None
    assert 0 < refused.value.retry_after <= 6


async def test_processes_share_a_limit(redis: Redis) -> None:
    assert await taken(RateLimiter(redis), "192.0.2.1", 6) == 6
    assert await taken(RateLimiter(redis), "192.0.2.1", 6) == 4


async def test_peers_do_not_share_a_limit(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    assert await taken(limiter, "192.0.2.1", 15) == 10
    assert await taken(limiter, "192.0.2.2", 15) == 10


async def test_what_is_given_back_may_be_taken_again(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    for _ in range(30):
        await limiter.take("test", "192.0.2.1", 10)
        await limiter.give_back("test", "192.0.2.1", 10)
    assert await taken(limiter, "192.0.2.1", 15) == 10


async def test_giving_back_more_than_was_taken_earns_nothing(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    for _ in range(30):
        await limiter.give_back("test", "192.0.2.1", 10)
    assert await taken(limiter, "192.0.2.1", 15) == 10


async def test_buckets_empty_themselves_out_of_redis(redis: Redis) -> None:
    limiter = RateLimiter(redis)
    await limiter.take("test", "192.0.2.1", 10)
    assert 0 < await redis.pttl("limit:test:192.0.2.1") <= 6_000


async def test_without_redis_each_process_counts_by_itself(away: Redis) -> None:
    limiter = RateLimiter(away)
    assert await taken(limiter, "192.0.2.1", 15) == 10
    await limiter.give_back("test", "192.0.2.1", 10)
    assert await taken(limiter, "192.0.2.1", 15) == 1
    assert await taken(limiter, "192.0.2.2", 15) == 10


async def test_a_process_that_counts_by_itself_does_not_grow_without_end(away: Redis) -> None:
    limiter = RateLimiter(away)
    for number in range(REMEMBERED + 500):
        limiter._add_own(str(number), 1.0, 10, 1, 0.0)
    assert len(limiter._own) == REMEMBERED
