"""The short way of orders from the API to a worker and back: two lists in Redis, half a millisecond.

Nothing is lost with them. An order that is not answered goes the long way, through Temporal, and the check does the
same if it is repeated. So whatever fails here is answered with None: Redis is away, no worker listens, the check itself
has failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import SteadymintError
from steadymint.domain.market.intake import HandedOrders, TakenOrders

ASKED: Final = "orders:asked"
ANSWER_WITHIN: Final = 3.0
"""Seconds. A node takes less; after them the long way has enough left of the ten that a request waits."""
MAX_WAITING: Final = 64
"""Requests in the list. If there are more, nobody listens, or not fast enough."""
LIFE: Final = 10
"""Seconds after which lists that nobody reads are gone: the request has given up by then."""
BLOCKS_FOR: Final = 0.5
"""Seconds of one wait for an entry, well below the time-out of a connection."""
REST: Final = 1.0
"""Seconds for which Redis is left alone after a failure."""
AT_ONCE: Final = 32
"""Checks of one worker, as many as it has activities of this kind."""
_ID: Final = 32
"""Hex digits at the beginning of a request."""

Take = Callable[[HandedOrders], Awaitable[TakenOrders]]

_log = structlog.get_logger(__name__)


class OrderRequests:
    """The API's side."""

    def __init__(self, redis: Redis, answer_within: float = ANSWER_WITHIN) -> None:
        self._redis = redis
        self._answer_within = answer_within
        self._rest_until = 0.0

    async def ask(self, handed: HandedOrders) -> TakenOrders | None:
        """What a worker says of the orders. None if none does in time: they may be taken nevertheless."""
        clock = asyncio.get_running_loop()
        if clock.time() < self._rest_until:
            return None
        try:
            answer = await self._answer(handed, clock.time() + self._answer_within)
            taken = TakenOrders.model_validate_json(answer) if answer else None
        except (RedisError, OSError) as error:
            self._rest_until = clock.time() + REST
            _log.warning("orders_go_the_long_way", error=type(error).__name__)
            return None
        except ValidationError:  # a worker of another version
            return None
        return taken if taken is not None and len(taken.orders) == len(handed.orders) else None

    async def _answer(self, handed: HandedOrders, deadline: float) -> bytes | None:
        request = uuid4().hex
        asked = request.encode() + handed.model_dump_json(by_alias=True).encode()
        waiting, _, found = await _together(
            self._redis,
            ("RPUSH", ASKED, asked),
            ("EXPIRE", ASKED, LIFE),
            ("BLPOP", _answered(request), min(self._answer_within, BLOCKS_FOR)),
        )
        if found is None and waiting > MAX_WAITING:
            await _together(self._redis, ("LTRIM", ASKED, 0, MAX_WAITING - 1))
            return None
        while found is None and (left := deadline - asyncio.get_running_loop().time()) > 0:
            (found,) = await _together(self._redis, ("BLPOP", _answered(request), min(left, BLOCKS_FOR)))
        return None if found is None else found[1]


@asynccontextmanager
async def answering(redis: Redis, take: Take) -> AsyncGenerator[None]:
    """A worker's side: checks orders for as long as the block runs."""
    async with asyncio.TaskGroup() as checks:
        listening = checks.create_task(_listen(redis, take, checks), name="orders of the API")
        try:
            yield
        finally:
            listening.cancel()


async def _listen(redis: Redis, take: Take, checks: asyncio.TaskGroup) -> None:
    free = asyncio.Semaphore(AT_ONCE)
    while True:
        await free.acquire()
        try:
            (request,) = await _together(redis, ("BLPOP", ASKED, BLOCKS_FOR))
        except (RedisError, OSError):
            request = None
            await asyncio.sleep(REST)
        if request is None:
            free.release()
            continue
        check = checks.create_task(_check(redis, take, request[1]))
        check.add_done_callback(lambda _: free.release())


async def _check(redis: Redis, take: Take, request: bytes) -> None:
    """One request. A failure is answered with nothing, so that the long way tells what it is."""
    answer = b""
    try:
        answer = (await take(HandedOrders.model_validate_json(request[_ID:]))).model_dump_json(by_alias=True).encode()
    except (SteadymintError, ValidationError):
        pass
    except Exception as error:  # it is repeated as an activity, whose failure is seen in Temporal
        _log.warning("orders_not_checked", error=type(error).__name__)
    try:
        key = _answered(request[:_ID].decode(errors="replace"))
        await _together(redis, ("RPUSH", key, answer), ("EXPIRE", key, LIFE))
    except (RedisError, OSError):
        _log.warning("orders_not_answered")


async def _together(redis: Redis, *commands: tuple[Any, ...]) -> list[Any]:
    """The answers to commands that are sent in one piece, the last of which may wait. By pipelines of `redis-py` an
    order's way to a worker and back takes a quarter longer."""
    connection = await redis.connection_pool.get_connection()
    try:
        await connection.send_packed_command(connection.pack_commands(commands))
        return [await connection.read_response() for _ in commands]
    except BaseException:
        await connection.disconnect(nowait=True)  # some of the answers are still to come
        raise
    finally:
        await redis.connection_pool.release(connection)


def _answered(request: str) -> str:
    return f"orders:answered:{request}"
