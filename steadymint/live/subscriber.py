"""One Redis subscription that comes back by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PING_EVERY: Final = 10.0
"""Seconds of silence after which the connection is tried: a peer that vanished never closes it."""

PONG_WITHIN: Final = 5.0
"""Seconds for its answer."""

RECONNECT_AFTER: Final = (0.05, 0.2, 0.5, 1.0)
"""Seconds before the n-th attempt in a row; the last one repeats. Meanwhile the watchdogs read Postgres."""


CONNECT_TIMEOUT: Final = 2.0
"""Seconds."""


class Subscriber:
    """Calls `on_message` for every message of the channels matching `pattern`, on the loop, in order.

    Whatever was published while the connection was away is lost; `on_connected` is called each time a subscription
    stands, so that the owner can read what it missed. Both callbacks must not block.
    """

    def __init__(
        self,
        redis: Redis,
        pattern: str,
        on_message: Callable[[bytes], None],
        on_connected: Callable[[], None],
        *,
        ping_every: float = PING_EVERY,
        pong_within: float = PONG_WITHIN,
    ) -> None:
        self._redis = redis
        self._pattern = pattern
        self._on_message = on_message
        self._on_connected = on_connected
        self._ping_every = ping_every
        self._pong_within = pong_within
        self._task: asyncio.Task[None] | None = None
        self.connected = False

    def start(self) -> None:
        """Begin in the background; Redis need not be there yet."""
        self._task = asyncio.create_task(self._run(), name=f"subscriber {self._pattern}")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._read()
            except (RedisError, OSError, TimeoutError) as error:
                if self.connected:
                    failures = 0
                    log.warning("subscription to %s was lost: %s", self._pattern, type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)])
            failures += 1

    async def _read(self) -> None:
        client = _patient(self._redis)
        subscription: Any = client.pubsub()
        try:
            await subscription.psubscribe(self._pattern)
            pinged = False
            while True:
                message = await subscription.get_message(timeout=self._pong_within if pinged else self._ping_every)
                if message is None:
                    if pinged:
                        raise TimeoutError
                    await subscription.ping()
                    pinged = True
                    continue
                pinged = False  # whatever came is a sign of life, the answer to a ping included
                if message["type"] == "pmessage":
                    self._on_message(message["data"])
                elif message["type"] == "psubscribe":
                    self.connected = True
                    self._on_connected()
        finally:
            with suppress(RedisError, OSError, TimeoutError):
                await subscription.aclose()
            with suppress(RedisError, OSError, TimeoutError):
                await client.aclose()


def _patient(redis: Redis) -> Redis:
    """A client of the same server whose reads may wait: a socket timeout would break a subscription that is merely
    quiet (redis-py's default is 5 s)."""
    pool: Any = redis.connection_pool
    arguments: dict[str, Any] = {
        **pool.connection_kwargs,
        "socket_timeout": None,
        "socket_connect_timeout": CONNECT_TIMEOUT,
    }
    return Redis(connection_pool=ConnectionPool(connection_class=pool.connection_class, **arguments))
