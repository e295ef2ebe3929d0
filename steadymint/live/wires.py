"""Connections to Redis on which a few commands are sent in one piece, and their answers read.

They are those of a client's pool, but stay taken from it. The pool and its connections do much for a command: a lock
and three awaits to take one and to give it back, a task for the time limit of what is sent, one more limit for each
answer. Here a piece has one limit for all of it. What is sent is written by the library that reads the answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from typing import Any, Final

from hiredis import pack_command
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import NoScriptError

KEPT: Final = 16
"""Connections that stay taken. A client has a hundred for everything; a burst gives back what is more."""


class Wires:
    """Connections of one client. They are closed with it."""

    def __init__(self, redis: Redis) -> None:
        self._pool = redis.connection_pool
        self._resting: list[AbstractConnection] = []
        self._usual: float | None = None
        """The time limit of the pool's connections."""

    async def ask(self, *commands: tuple[Any, ...], within: float) -> list[Any]:
        """The answers to the commands, of which the last may wait. `within` is in seconds, for all of it. Raises
        RedisError and OSError, of which a TimeoutError is one."""
        sent = b"".join(map(pack_command, commands))
        async with asyncio.timeout(within):
            connection = await self._taken()
            try:
                await connection.send_packed_command(sent)
                answers = [await connection.read_response(timeout=math.inf) for _ in commands]
            except BaseException:
                await connection.disconnect(nowait=True)  # some of the answers are still to come
                raise
            finally:
                await self._rest(connection)
            return answers

    async def run(self, script: str, key: str, *arguments: Any, within: float) -> Any:
        """What a script answers that has one key. The server keeps it from its first call on. Raises as `ask` does."""
        named = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()
        try:
            (answer,) = await self.ask(("EVALSHA", named, 1, key, *arguments), within=within)
        except NoScriptError:
            (answer,) = await self.ask(("EVAL", script, 1, key, *arguments), within=within)
        return answer

    async def _taken(self) -> AbstractConnection:
        """A connection on which nothing is to come. One that its server has closed is opened again as it is used."""
        if not self._resting:
            connection = await self._pool.get_connection()
            self._usual, connection.socket_timeout = connection.socket_timeout, None
            return connection
        connection = self._resting.pop()
        if connection.is_connected and await connection.can_read():
            await connection.disconnect(nowait=True)
        return connection

    async def _rest(self, connection: AbstractConnection) -> None:
        if len(self._resting) < KEPT:
            self._resting.append(connection)
        else:
            connection.socket_timeout = self._usual
            await self._pool.release(connection)
