"""The calls per second that a provider allows, as the registry says (`chain_endpoints.rate_limit`), for all processes
together.

The budget is one number in Redis, the time at which it will be whole again (GCRA), so an endpoint's limit holds however
many processes ask it. While Redis is down each process keeps to its share: the limit divided by the processes that took
part lately.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final, Protocol
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

PATIENCE: Final = 0.25
"""Seconds for Redis to answer. It answers in less than a millisecond; without it the share is enough to go on."""
RETRY_REDIS: Final = 5.0
"""Seconds for which a process keeps to its share before it asks Redis again."""
PART_TAKEN: Final = 30
"""Seconds after its last call for which a process counts among those that share a limit."""

NOTHING: Final = 1e-6
"""Seconds. A shorter wait is an error of rounding."""

_log = structlog.get_logger(__name__)

# KEYS: the budget, and the processes that take from it. ARGV: calls per second, calls, this process.
# Answers the seconds to wait (0: the calls are taken), and the number of processes. The budget holds the calls of one
# second. Calls that are more than that wait for a whole budget and leave a debt, which later ones wait for.
_TAKE: Final = f"""
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local rate, calls = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZADD', KEYS[2], now, ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - {PART_TAKEN})
redis.call('EXPIRE', KEYS[2], {PART_TAKEN})
local processes = redis.call('ZCARD', KEYS[2])
local whole = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local wait = whole + math.min(calls / rate, 1) - now - 1
if wait > {NOTHING} then
    return {{string.format('%.6f', wait), processes}}
end
whole = whole + calls / rate
redis.call('SET', KEYS[1], string.format('%.6f', whole), 'PX', math.ceil((whole - now) * 1000) + 1000)
return {{'0', processes}}
"""


class Budget(Protocol):
    """The calls that may be sent to one endpoint."""

    def wait_for(self, calls: int) -> float:
        """Seconds until so many calls are free, as far as this process knows. Takes nothing."""
        ...

    async def take(self, calls: int) -> float:
        """Take so many calls and return 0; or take nothing and return the seconds after which to ask again."""
        ...


class TokenBucket:
    """A token bucket that holds the tokens of one second.

    Who takes more than it holds (a large batch) waits for a full bucket and leaves a debt.
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._clock = clock
        self._tokens = per_second or 0.0
        self._at = clock()

    def wait_for(self, count: int) -> float:
        """Seconds until `count` tokens are free. Takes no token."""
        if self._rate is None:
            return 0.0
        now = self._clock()
        self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate)
        self._at = now
        need = min(float(count), self._rate)
        wait = (need - self._tokens) / self._rate
        return wait if wait > NOTHING else 0.0

    def take(self, count: int) -> float:
        """Take `count` tokens and return 0, or take none and return the seconds until they are free."""
        wait = self.wait_for(count)
        if wait <= 0 and self._rate is not None:
            self._tokens -= count
        return wait


class OwnBudget:
    """The budget of a process that shares its endpoint with nobody. `per_second` of None is no limit."""

    def __init__(self, per_second: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._bucket = TokenBucket(per_second, clock)

    def wait_for(self, calls: int) -> float:
        return self._bucket.wait_for(calls)

    async def take(self, calls: int) -> float:
        return self._bucket.take(calls)


class Redis(Protocol):
    """The part of `redis.asyncio.Redis` that is used."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Any: ...


class SharedBudget:
    """The budget of one endpoint that all processes of a deployment share."""

    def __init__(
        self, redis: Redis, endpoint: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis = redis
        self._keys = (f"nodes:budget:{{{endpoint}}}", f"nodes:processes:{{{endpoint}}}")
        self._rate = per_second
        self._process = uuid4().hex
        self._clock = clock
        self._free_at = float("-inf")
        self._alone_until = float("-inf")
        self._processes = 1
        self._share = TokenBucket(per_second, clock)

    def wait_for(self, calls: int) -> float:
        if self._clock() < self._alone_until:
            return self._share.wait_for(calls)
        return max(0.0, self._free_at - self._clock())

    async def take(self, calls: int) -> float:
        if self._clock() < self._alone_until:
            return self._share.take(calls)
        try:
            async with asyncio.timeout(PATIENCE):
                wait, self._processes = await self._ask(calls)
        except (RedisError, OSError) as error:  # a timeout is an OSError
            self._go_alone(type(error).__name__)
            return self._share.take(calls)
        self._free_at = self._clock() + wait
        return wait

    async def _ask(self, calls: int) -> tuple[float, int]:
        wait, processes = await self._redis.eval(_TAKE, 2, *self._keys, self._rate, calls, self._process)
        return float(wait), max(1, int(processes))

    def _go_alone(self, reason: str) -> None:
        _log.warning("node_budget_not_shared", endpoint=self._keys[0], processes=self._processes, error=reason)
        self._alone_until = self._clock() + RETRY_REDIS
        self._share = TokenBucket(self._rate / self._processes, self._clock)
