"""What is asked of an endpoint: one call, or those calls of a batch that have no answer yet."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import orjson

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.errors import (
    BatchTooLargeError,
    NodeThrottledError,
    ReplyTooLargeError,
    UnknownBlockError,
)
from steadymint.chain.nodes.transport import LONGEST_ERROR, parse_reply, result_of, result_or_error
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError

_ERROR_FIRST: Final = re.compile(rb'"error"\s*:')

Call = tuple[str, Sequence[Any]]
"""Method and parameters."""
Post = Callable[[bytes], Awaitable[bytes]]
"""Sends a body to the endpoint that is asked, and returns its reply."""


class Answer(NamedTuple):
    """A whole reply in bytes, and the number of the endpoint that gave it."""

    text: bytes
    endpoint: int


class Question(Protocol):
    """Something to ask of one endpoint or another."""

    @property
    def is_large(self) -> bool:
        """Whether it asks for so much that a failure says more of the question than of the endpoint."""
        ...

    @property
    def anywhere(self) -> bool:
        """Whether a refusal is asked at the next endpoint, too: no chain can refuse it."""
        ...

    def calls_for(self, endpoint: Endpoint) -> int:
        """How many calls go to this endpoint at once."""
        ...

    async def ask(self, endpoint: Endpoint, calls: int, post: Post) -> Any:
        """The answer. Raises what the endpoint answered instead of one."""
        ...


class OneCall:
    """One call, answered by the whole reply in bytes. A reply with an error is raised as that error."""

    def __init__(self, method: str, params: Sequence[Any], *, is_large: bool = False, anywhere: bool = False) -> None:
        self._body = _single((method, params))
        self.is_large = is_large
        self.anywhere = anywhere
        self.asked = 0
        """The number of the endpoint that was asked last: that of the answer, once there is one."""

    def calls_for(self, endpoint: Endpoint) -> int:
        return 1

    async def ask(self, endpoint: Endpoint, calls: int, post: Post) -> bytes:
        self.asked = endpoint.config.id
        reply = await post(self._body)
        if len(reply) < LONGEST_ERROR or _ERROR_FIRST.search(reply, 0, 256):
            result_of(parse_reply(reply))
        return reply


class BatchWork:
    """Many calls, asked in batches as large as each endpoint takes. An answer that was given is kept; only what has
    none is asked again.

    A batch that is refused as a whole (by an error, by fewer answers, or by a closed connection) is asked again in
    smaller ones, down to single calls. Whether the batch or the node is at fault is told by a single call: a node that
    does not answer that one either is down.
    """

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls
        self._answers: dict[int, Any | SteadymintError] = {}
        self._open = deque(range(len(calls)))

    is_large = False
    anywhere = False

    @property
    def has_open(self) -> bool:
        """Whether calls wait to be asked. Those that are being asked just now do not."""
        return bool(self._open)

    @property
    def answered(self) -> int:
        return len(self._answers)

    def answers(self, otherwise: SteadymintError | None) -> list[Any | SteadymintError]:
        """The answers in the order of the calls; `otherwise` for those that have none."""
        return [self._answers.get(index, otherwise) for index in range(len(self._calls))]

    def calls_for(self, endpoint: Endpoint) -> int:
        return max(1, min(len(self._open), endpoint.batch_calls))

    async def ask(self, endpoint: Endpoint, calls: int, post: Post) -> None:
        piece = [self._open.popleft() for _ in range(min(calls, len(self._open)))]
        try:
            if len(piece) > 1:
                await self._ask_many(endpoint, piece, post)
            elif piece:
                await self._ask_one(piece[0], post)
                endpoint.batch.answered(1)
        finally:
            self._open.extendleft(index for index in reversed(piece) if index not in self._answers)

    async def _ask_one(self, index: int, post: Post) -> None:
        answer = result_or_error(parse_reply(await post(_single(self._calls[index]))))
        if isinstance(answer, UpstreamUnavailableError) and not isinstance(answer, UnknownBlockError):
            raise answer  # another endpoint may answer, or this one later
        self._answers[index] = answer

    async def _ask_many(self, endpoint: Endpoint, piece: Sequence[int], post: Post) -> None:
        try:
            reply = parse_reply(await post(self._body(piece)))
        except ReplyTooLargeError:
            raise
        except NodeThrottledError as throttle:
            await self._refused(endpoint, piece, throttle, post)
        except BatchTooLargeError:
            endpoint.batch.refused(len(piece))
        except SteadymintError:
            await self._ask_one(piece[0], post)
            endpoint.batch.failed(len(piece))
        except (TimeoutError, asyncio.CancelledError):
            endpoint.batch.failed(len(piece))
            raise
        else:
            await self._read(endpoint, piece, reply, post)

    async def _read(self, endpoint: Endpoint, piece: Sequence[int], reply: Any, post: Post) -> None:
        if not isinstance(reply, list):
            await self._refused(endpoint, piece, result_or_error(reply), post)
            return
        throttle = self._take(piece, reply)
        missing = sum(index not in self._answers for index in piece)
        if throttle is not None:
            raise throttle
        if missing == len(piece):
            await self._ask_one(piece[0], post)
        if missing:
            endpoint.batch.refused(len(piece))
        else:
            endpoint.batch.answered(len(piece))

    async def _refused(self, endpoint: Endpoint, piece: Sequence[int], refusal: Any, post: Post) -> None:
        """One error came for the whole batch. A throttle that names no wait may mean the batch: a single call tells."""
        if isinstance(refusal, NodeThrottledError) and refusal.retry_after:
            raise refusal
        if not isinstance(refusal, BatchTooLargeError):
            await self._ask_one(piece[0], post)
        endpoint.batch.refused(len(piece))

    def _take(self, piece: Sequence[int], items: Sequence[Any]) -> NodeThrottledError | None:
        """Keep the answers of a reply. Returns the throttle if the node refused a part with one."""
        throttle: NodeThrottledError | None = None
        for item in items:
            at = item.get("id") if isinstance(item, dict) else None
            if not isinstance(at, int) or not 0 <= at < len(piece):
                continue
            answer = result_or_error(item)
            if isinstance(answer, NodeThrottledError):
                throttle = answer
            else:
                self._answers[piece[at]] = answer
        return throttle

    def _body(self, piece: Sequence[int]) -> bytes:
        return orjson.dumps([_call(at, self._calls[index]) for at, index in enumerate(piece)])


def _call(number: int, call: Call) -> dict[str, Any]:
    method, params = call
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def _single(call: Call) -> bytes:
    return orjson.dumps(_call(1, call))
