"""A Redis subscription that reconnects by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import hiredis
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PING_EVERY: Final = 10.0
"""Seconds of silence after which the connection is tested with a ping: a peer that vanished does not close it."""

PONG_WITHIN: Final = 5.0
"""Seconds for the answer to a ping."""

RECONNECT_AFTER: Final = (0.05, 0.2, 0.5, 1.0)
"""Seconds before the n-th attempt in a row; the last value repeats. Meanwhile the watchdogs read Postgres."""

CONNECT_TIMEOUT: Final = 2.0
"""Seconds."""

_PING: Final = b"*1\r\n$4\r\nPING\r\n"


class Subscriber:
    """Calls `on_message` on the loop for every message of the channels that match `pattern`, in order.

    Messages are lost while there is no connection. `on_connected` is called after each subscription, so the owner can
    read what it missed. Neither callback may block.
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
        """Start in the background. Redis may still be down."""
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
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                failures = 0 if self.connected else failures
                if failures == 0:
                    log.warning("no subscription to %s: %s", self._pattern, type(error).__name__)
            finally:
                self.connected = False
            await asyncio.sleep(RECONNECT_AFTER[min(failures, len(RECONNECT_AFTER) - 1)])
            failures += 1

    async def _listen(self) -> None:
        """Connect, subscribe, and watch the connection. Raises when it is lost."""
        connection: Any = await _pool_like(self._redis).get_connection()
        wire = _Wire(self._on_message)
        try:
            await connection.send_command("PSUBSCRIBE", self._pattern)
            await connection.read_response(timeout=self._pong_within, push_request=True)
            # redis-py has connected, authenticated and subscribed. From here on we read the socket ourselves, because
            # its layers take 70 us per message instead of 5 us. Messages that came in between are lost, and
            # `on_connected` makes the owner read again.
            transport = connection._writer.transport
            transport.set_protocol(wire)
            self.connected = True
            self._on_connected()
            while True:
                if await wire.silent_for(self._ping_every):
                    transport.write(_PING)
                    if await wire.silent_for(self._pong_within):
                        raise TimeoutError
        finally:
            await connection.disconnect(nowait=True)


class _Wire(asyncio.Protocol):
    """Parses the bytes of a subscription. A message is a list in RESP2 and a push, also a list, in RESP3."""

    def __init__(self, on_message: Callable[[bytes], None]) -> None:
        self._on_message = on_message
        self._replies = hiredis.Reader()
        self._lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard = False

    def data_received(self, data: bytes) -> None:
        self._heard = True
        self._replies.feed(data)
        while (reply := self._replies.gets()) is not False:
            if isinstance(reply, list) and reply[0] == b"pmessage":
                self._on_message(reply[3])

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    async def silent_for(self, seconds: float) -> bool:
        """Whether no byte came in that time. Raises ConnectionError when the connection is lost."""
        self._heard = False
        await asyncio.wait((self._lost,), timeout=seconds)
        if self._lost.done():
            raise ConnectionError("the server has closed the connection")
        return not self._heard


def _pool_like(redis: Redis) -> ConnectionPool:
    """Connections to the same server without a read timeout. The default timeout of redis-py breaks a quiet
    connection."""
    pool: Any = redis.connection_pool
    arguments: dict[str, Any] = {
        **pool.connection_kwargs,
        "socket_timeout": None,
        "socket_connect_timeout": CONNECT_TIMEOUT,
    }
    return ConnectionPool(connection_class=pool.connection_class, **arguments)
