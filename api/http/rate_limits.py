"""How often one peer or user may do what costs us something: a leaky bucket of each, in Redis, shared by all API
processes.

The bucket is one number, the time at which it will be empty (GCRA). With Redis down each process counts by itself:
the limits then hold per process, which is several times too generous and still bounds everything they are there to
bound. An IPv6 /64 is one peer.
"""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from typing import Final
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import RateLimitedError
from steadymint.domain.peers import bucket_of

MINUTE: Final = 60.0
REMEMBERED: Final = 100_000
"""Peers that one process counts by itself while Redis is down; some 20 MB."""
REST: Final = 5.0
"""Seconds for which Redis is left alone after a failure, lest every request waits for it in vain."""

_log = structlog.get_logger(__name__)

# KEYS[1]: the bucket. ARGV: seconds per drop, drops that fit, drops to add (negative takes some back).
# Returns the seconds to wait until one fits, 0 if it did.
_SCRIPT: Final = """
local now = redis.call('TIME')
now = tonumber(now[1]) + tonumber(now[2]) / 1e6
local empty = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local after = empty + ARGV[1] * ARGV[3]
local wait = after - now - ARGV[1] * ARGV[2]
if wait > 0 then return tostring(wait) end
if after <= now then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000)) end
return '0'
"""


class RateLimiter:
    """`take` before the work, `give_back` where only failures are to count."""

    def __init__(self, redis: Redis) -> None:
        self._script = redis.register_script(_SCRIPT)
        self._own: OrderedDict[str, float] = OrderedDict()
        self._rest_until = 0.0

    async def take(self, limit: str, peer: str | None, per_minute: int) -> None:
        """Counts one; up to `per_minute` may come at once. Raises RateLimitedError with the seconds to wait."""
        await self._take(limit, bucket_of(peer), per_minute)

    async def take_of_user(self, limit: str, user_id: UUID, per_minute: int) -> None:
        """The same for somebody who has signed in, wherever they come from."""
        await self._take(limit, str(user_id), per_minute)

    async def take_of_subject(self, limit: str, subject_id: UUID, per_minute: int) -> None:
        """The same for what it is done to, whoever does it."""
        await self._take(limit, str(subject_id), per_minute)

    async def give_back(self, limit: str, peer: str | None, per_minute: int) -> None:
        """Uncounts one."""
        await self._add(f"limit:{limit}:{bucket_of(peer)}", per_minute, -1)

    async def _take(self, limit: str, whose: str, per_minute: int) -> None:
        wait = await self._add(f"limit:{limit}:{whose}", per_minute, 1)
        if wait > 0:
            raise RateLimitedError(retry_after=wait, limit=limit)

    async def _add(self, key: str, per_minute: int, drops: int) -> float:
        now = monotonic()
        if now >= self._rest_until:
            try:
                return float(await self._script(keys=[key], args=[MINUTE / per_minute, per_minute, drops]))
            except (RedisError, OSError) as error:
                self._rest_until = now + REST
                _log.warning("limits_per_process", error=type(error).__name__)
        return self._add_own(key, MINUTE / per_minute, per_minute, drops, now)

    def _add_own(self, key: str, seconds: float, fits: int, drops: int, now: float) -> float:
        after = max(self._own.pop(key, 0.0), now) + seconds * drops
        wait = after - now - seconds * fits
        if wait > 0:
            after -= seconds * drops
        self._own[key] = after
        while len(self._own) > REMEMBERED:
            self._own.popitem(last=False)
        return max(wait, 0.0)
