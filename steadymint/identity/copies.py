"""Copies in Redis of rows in Postgres. They only save time, so nobody waits for a Redis that is known not to answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

REST: Final = 5.0
"""Seconds for which Redis is left alone after a failure. It is longer than a command takes to fail."""

_log = structlog.get_logger(__name__)


class Copies:
    """Asks Redis for copies, and tells it of them. It never raises for Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rests_until: float | None = None
        """None if the last command was answered."""

    async def ask(self, command: Callable[[Redis], Awaitable[Any]]) -> Any:
        """What Redis answers to the command. None if it does not answer, or did not a moment ago."""
        if self._rests_until is not None:
            if monotonic() < self._rests_until:
                return None
            self._rests_until = monotonic() + REST  # the others do not wait for this one to find out
        try:
            answer = await command(self._redis)
        except (RedisError, OSError) as error:
            self._rests_until = monotonic() + REST
            _log.warning("copies_unavailable", error=type(error).__name__)
            return None
        self._rests_until = None
        return answer
