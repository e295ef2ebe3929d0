"""The short way of questions from the API to a worker and back: two lists in Redis, half a millisecond.

Nothing is lost with them, since whoever asks knows what to do without an answer. So whatever fails here is answered
with None: Redis is away, no worker listens, the work itself has failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import uuid4

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.errors import SteadymintError
from steadymint.domain.record import Record

MAX_WAITING: Final = 64
"""Requests in the list. If there are more, nobody listens, or not fast enough."""
LIFE: Final = 10
"""Seconds after which lists that nobody reads are gone: the request has given up by then."""
BLOCKS_FOR: Final = 0.5
"""Seconds of one wait for an entry, well below the time-out of a connection."""
REST: Final = 1.0
"""Seconds for which Redis is left alone after a failure."""
AT_ONCE: Final = 32
"""Questions of one kind that one worker answers at a time, as many as it has activities of this kind."""
_ID: Final = 32
"""Hex digits at the beginning of a request."""

Q = TypeVar("Q", bound=Record)
A = TypeVar("A", bound=Record)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Line(Generic[Q, A]):
    """One kind of questions, and of answers."""

    name: str
    question: type[Q]
    answer: type[A]

    @property
    def asked(self) -> str:
        """The list of requests."""
        return f"{self.name}:asked"

    def answered(self, request: str) -> str:
        """The list of the one answer to a request."""
        return f"{self.name}:answered:{request}"


@dataclass(frozen=True, slots=True)
class Answered(Generic[A]):
    """An answer, and the keys in Redis that are deleted before it is given: what they name is not true any more. So a
    writer need not wait for Redis twice."""

    answer: A
    outdated: Sequence[str]


class Asking(Generic[Q, A]):
    """The API's side. Share one per process."""

    def __init__(self, redis: Redis, line: Line[Q, A], answer_within: float) -> None:
        """`answer_within` is in seconds."""
        self._redis = redis
        self._line = line
        self._answer_within = answer_within
        self._rest_until = 0.0

    async def ask(self, question: Q) -> A | None:
        """What a worker answers. None if none does in time: the work may be done nevertheless."""
        clock = asyncio.get_running_loop()
        if clock.time() < self._rest_until:
            return None
        try:
            answer = await self._answer(question, clock.time() + self._answer_within)
            return self._line.answer.model_validate_json(answer) if answer else None
        except (RedisError, OSError) as error:
            self._rest_until = clock.time() + REST
            _log.warning("short_way_failed", line=self._line.name, error=type(error).__name__)
            return None
        except ValidationError:  # a worker of another version
            return None

    async def _answer(self, question: Q, deadline: float) -> bytes | None:
        request, line = uuid4().hex, self._line
        asked = request.encode() + question.model_dump_json(by_alias=True).encode()
        waiting, _, found = await _together(
            self._redis,
            ("RPUSH", line.asked, asked),
            ("EXPIRE", line.asked, LIFE),
            ("BLPOP", line.answered(request), min(self._answer_within, BLOCKS_FOR)),
        )
        if found is None and waiting > MAX_WAITING:
            await _together(self._redis, ("LTRIM", line.asked, 0, MAX_WAITING - 1))
            return None
        while found is None and (left := deadline - asyncio.get_running_loop().time()) > 0:
            (found,) = await _together(self._redis, ("BLPOP", line.answered(request), min(left, BLOCKS_FOR)))
        return None if found is None else found[1]


Answers = Callable[[Q], Awaitable[A | Answered[A]]]


@asynccontextmanager
async def answering(redis: Redis, line: Line[Q, A], answer: Answers[Q, A]) -> AsyncGenerator[None]:
    """A worker's side: answers questions for as long as the block runs."""
    closing = asyncio.Event()
    async with asyncio.TaskGroup() as answers:
        listens = _listen(redis, line, answer, answers, closing)
        listening = answers.create_task(listens, name=f"{line.name} of the API")
        try:
            yield
        finally:
            closing.set()  # a cancellation that meets a time-out of the connection is taken for one
            listening.cancel()


async def _listen(
    redis: Redis, line: Line[Q, A], answer: Answers[Q, A], answers: asyncio.TaskGroup, closing: asyncio.Event
) -> None:
    free = asyncio.Semaphore(AT_ONCE)
    while not closing.is_set():
        await free.acquire()
        try:
            (request,) = await _together(redis, ("BLPOP", line.asked, BLOCKS_FOR))
        except (RedisError, OSError):
            request = None
            if not closing.is_set():
                await asyncio.sleep(REST)
        if request is None:
            free.release()
            continue
        task = answers.create_task(_reply(redis, line, answer, request[1]))
        task.add_done_callback(lambda _: free.release())
        await asyncio.sleep(0)  # the work begins before the next request is waited for


async def _reply(redis: Redis, line: Line[Q, A], answer: Answers[Q, A], request: bytes) -> None:
    """One request. A failure is answered with nothing."""
    text, outdated = b"", ()
    try:
        given = await answer(line.question.model_validate_json(request[_ID:]))
        answered = given if isinstance(given, Answered) else Answered(given, ())
        text, outdated = answered.answer.model_dump_json(by_alias=True).encode(), answered.outdated
    except (SteadymintError, ValidationError):
        pass
    except Exception as error:
        _log.warning("short_way_not_done", line=line.name, error=type(error).__name__)
    key = line.answered(request[:_ID].decode(errors="replace"))
    forget = [("UNLINK", *outdated)] if outdated else []
    try:
        await _together(redis, *forget, ("RPUSH", key, text), ("EXPIRE", key, LIFE))
    except (RedisError, OSError):
        _log.warning("short_way_not_answered", line=line.name)


async def _together(redis: Redis, *commands: tuple[Any, ...]) -> list[Any]:
    """The answers to commands that are sent in one piece, the last of which may wait. By pipelines of `redis-py` a
    request's way to a worker and back takes a quarter longer."""
    connection = await redis.connection_pool.get_connection()
    try:
        await connection.send_packed_command(connection.pack_commands(commands))
        return [await connection.read_response() for _ in commands]
    except BaseException:
        await connection.disconnect(nowait=True)  # some of the answers are still to come
        raise
    finally:
        await redis.connection_pool.release(connection)
