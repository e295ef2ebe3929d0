"""The registry's limit, shared by processes: what all of them send together stays below it, with Redis and without."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from steadymint.chain.nodes.budget import RETRY_REDIS, SharedBudget, TokenBucket
from tests.support.clock import Clock


@given(st.integers(1, 50), st.lists(st.tuples(st.floats(0, 3), st.integers(1, 60)), min_size=1, max_size=60))
def test_no_second_ever_sees_more_calls_than_granted_beyond_one_batch(
    rate: int, steps: list[tuple[float, int]]
) -> None:
    """Over any stretch of time at most rate x time + one bucket + one batch larger than it."""
    clock = Clock()
    bucket = TokenBucket(rate, clock)
    begun, sent, largest = clock.now, 0, 0
    for pause, count in steps:
        clock.now += pause
        while (wait := bucket.take(count)) > 0:
            clock.now += wait
        sent += count
        largest = max(largest, count)
        assert sent <= rate * (clock.now - begun) + rate + largest + 1e-6


def test_a_bucket_hands_out_a_second_at_once_and_then_by_the_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(10, clock)
    assert [bucket.take(1) for _ in range(10)] == [0.0] * 10
    assert abs(bucket.take(1) - 0.1) < 1e-9
    clock.now += 0.1
    assert bucket.take(1) < 1e-9
    assert TokenBucket(None, clock).take(10**6) == 0


async def test_processes_together_take_what_one_may(redis: Redis) -> None:
    await redis.flushdb()
    budgets = [SharedBudget(redis, 7, 0.5) for _ in range(4)]

    taken = [await budget.take(1) for budget in budgets]

    assert taken.count(0) == 1, "half a call per second: the budget holds no more than one"
    assert all(wait > 0 for wait in taken if wait)


async def test_a_large_batch_waits_for_a_whole_budget_and_leaves_a_debt_that_passes(redis: Redis) -> None:
    await redis.flushdb()
    one, other = SharedBudget(redis, 7, 200), SharedBudget(redis, 7, 200)

    assert await one.take(220) == 0
    wait = await other.take(1)
    assert wait > 0
    await asyncio.sleep(wait + 0.05)
    assert await other.take(1) == 0


async def test_the_budgets_of_two_endpoints_have_nothing_to_do_with_each_other(redis: Redis) -> None:
    await redis.flushdb()
    assert await SharedBudget(redis, 7, 1).take(1) == 0
    assert await SharedBudget(redis, 8, 1).take(1) == 0


class Gone:
    """A fake of Redis that answers, then is away: no real one goes at a stated moment of the test's own clock."""

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.away = False
        self.asked = 0

    async def eval(self, *_: Any) -> list[Any]:
        self.asked += 1
        if self.away:
            raise RedisConnectionError
        return [b"0", self.processes]


async def test_without_redis_a_process_keeps_to_its_share_and_progress_goes_on() -> None:
    clock, redis = Clock(), Gone(4)
    budget = SharedBudget(redis, 7, 40, clock)
    assert await budget.take(1) == 0
    redis.away = True

    taken = [await budget.take(1) for _ in range(20)]

    assert taken.count(0) == 10, "a quarter of forty"
    clock.now += 1
    assert await budget.take(1) == 0
    assert redis.asked == 2, "a store that is away is not asked for each call"


async def test_redis_that_comes_back_is_asked_again() -> None:
    clock, redis = Clock(), Gone(4)
    redis.away = True
    budget = SharedBudget(redis, 7, 40, clock)
    await budget.take(1)
    redis.away = False
    clock.now += RETRY_REDIS

    await budget.take(1)

    assert redis.asked == 2
