"""Many calls, asked in batches as large as each endpoint takes."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from steadymint.chain.nodes.endpoint import Endpoint
from steadymint.chain.nodes.errors import (
    BatchThrottledError,
    BatchTooLargeError,
    NodeThrottledError,
    ReplyTooLargeError,
    UnknownBlockError,
)
from steadymint.chain.nodes.questions import Call, Post, body_of, single
from steadymint.chain.nodes.refusals import speaks_of_call
from steadymint.chain.nodes.transport import parse_reply, result_or_error
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError

ALONE: Final = 0.5
"""Share of a batch's time that is waited for it alone, before one of its calls is sent singly."""
HUNG: Final = 0.9
"""Share of a batch's time after which the node hangs on it, if it has answered that call."""

_Answers = dict[int, Any | SteadymintError]
"""By the number of the call."""


class BatchWork:
    """Those of many calls that have no answer yet. An answer that was given is kept; only what has none is asked again.

    A batch that is refused (by an error for all of it or for each of its calls, by fewer answers, by a closed
    connection, or by silence) is asked again in smaller ones, down to single calls. A single call tells what is at
    fault: if it is answered, it is the batch; if it fails too, it is the node; if it is refused too, it is what the
    calls ask for.
    """

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls
        self._answers: _Answers = {}
        self._open = deque(range(len(calls)))
        self._throttles = Counter[int]()
        """How often an error of each call was taken for a throttle."""

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

    async def ask(self, endpoint: Endpoint, calls: int, post: Post, seconds: float) -> tuple[None, int]:
        piece = [self._open.popleft() for _ in range(min(calls, len(self._open)))]
        try:
            if 1 < len(piece) <= endpoint.batch.apart:  # another task may have set it since the piece was cut
                await self._ask_apart(endpoint, piece, post)
            elif len(piece) > 1:
                await self._ask_many(endpoint, piece, post, seconds)
            elif piece:
                await self._ask_one(endpoint, piece[0], post)
                endpoint.batch.answered(1)
            return None, sum(index in self._answers for index in piece)
        finally:
            self._open.extendleft(index for index in reversed(piece) if index not in self._answers)

    async def _ask_one(self, endpoint: Endpoint, index: int, post: Post) -> None:
        said = result_or_error(parse_reply(await post(single(self._calls[index]))))
        answer = endpoint.meant(self._calls[index][0], said, self._throttles[index])
        self._throttles[index] += answer is not said
        if isinstance(answer, UpstreamUnavailableError) and not speaks_of_call(self._calls[index][0], answer):
            raise answer  # another endpoint may answer, or this one later
        self._answers[index] = answer

    async def _ask_apart(self, endpoint: Endpoint, piece: Sequence[int], post: Post) -> None:
        """Ask singly and at once what was throttled as a batch: which of the two is too much?"""
        ended = await asyncio.gather(*(self._ask_one(endpoint, index, post) for index in piece), return_exceptions=True)
        errors = [error for error in ended if isinstance(error, BaseException)]
        if any(isinstance(error, NodeThrottledError) for error in errors):
            endpoint.batch.paced()
        elif not errors and endpoint.batch.is_fault_of_batch(len(piece)):
            endpoint.pace.excused()
        for error in errors:
            raise error

    async def _ask_many(self, endpoint: Endpoint, piece: Sequence[int], post: Post, seconds: float) -> None:
        try:
            text = await self._reply_unless_hung(endpoint, piece, post, seconds)
            if text is None:
                endpoint.batch.hung(len(piece))
                return
            reply = parse_reply(text)
        except ReplyTooLargeError:
            raise
        except NodeThrottledError as throttle:
            await self._refused(endpoint, piece, throttle, post)
        except BatchTooLargeError:
            endpoint.batch.refused(len(piece))
        except SteadymintError:
            await self._ask_one(endpoint, piece[0], post)
            endpoint.batch.failed(len(piece))
        except (TimeoutError, asyncio.CancelledError):
            endpoint.batch.failed(len(piece))
            raise
        else:
            if isinstance(reply, list):
                await self._read(endpoint, piece, reply, post)
            else:
                await self._refused(endpoint, piece, result_or_error(reply), post)

    async def _reply_unless_hung(
        self, endpoint: Endpoint, piece: Sequence[int], post: Post, seconds: float
    ) -> bytes | None:
        """The reply to a batch. After half of the time its first call is sent singly as well, beside it. None if that
        is answered and the batch is not after nine tenths of the time. A node that is quick with one call and slow with
        many is waited for; where the single call has no answer either, the batch has all of its time."""
        batch, single_call = asyncio.ensure_future(post(self._body(piece))), None
        try:
            if not (await asyncio.wait((batch,), timeout=seconds * ALONE))[0]:
                single_call = asyncio.ensure_future(self._ask_one(endpoint, piece[0], post))
                await asyncio.wait((batch,), timeout=seconds * (HUNG - ALONE))
                if not batch.done() and single_call.done() and single_call.exception() is None:
                    return None
            return await batch
        finally:
            tasks: list[asyncio.Future[Any]] = [task for task in (batch, single_call) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _refused(self, endpoint: Endpoint, piece: Sequence[int], refusal: Any, post: Post) -> None:
        """One error came for the whole batch. A throttle that names no wait may mean the batch: a single call tells."""
        if isinstance(refusal, NodeThrottledError) and refusal.retry_after:
            raise _throttled(endpoint, piece, refusal)
        if not isinstance(refusal, BatchTooLargeError):
            await self._ask_one(endpoint, piece[0], post)
        endpoint.batch.refused(len(piece))

    async def _read(self, endpoint: Endpoint, piece: Sequence[int], items: Sequence[Any], post: Post) -> None:
        """Keep the answers of a reply. Errors that may be meant for the batch are kept once a single call has one."""
        found = _by_call(piece, items)
        throttle = next((answer for answer in found.values() if isinstance(answer, NodeThrottledError)), None)
        doubtful = self._doubtful(piece, found)
        sure = {index: answer for index, answer in found.items() if index not in doubtful}
        for index, answer in sure.items():
            self._answers[index] = endpoint.meant(self._calls[index][0], answer)
        if throttle is not None and sure:
            raise _throttled(endpoint, piece, throttle)
        if throttle is not None:
            await self._refused(endpoint, piece, throttle, post)
        elif doubtful and not await self._is_refused_singly(endpoint, doubtful, post, node_is_well=bool(sure)):
            if all(isinstance(error, UpstreamUnavailableError) for error in doubtful.values()):
                endpoint.batch.failed(len(piece))  # an outage or a lag that has passed
            else:
                endpoint.batch.refused_once(len(piece))
        elif all(index in self._answers for index in piece):
            endpoint.batch.answered(len(piece))
        else:
            if not found:
                await self._ask_one(endpoint, piece[0], post)
            endpoint.batch.refused(len(piece))

    def _doubtful(self, piece: Sequence[int], found: _Answers) -> _Answers:
        """The errors that may be meant for the batch. Blocks are seldom all unknown, so that may be meant so, too."""
        errors = {index: answer for index, answer in found.items() if isinstance(answer, SteadymintError)}
        if len(errors) == len(piece) and all(isinstance(error, UnknownBlockError) for error in errors.values()):
            return errors
        return {index: error for index, error in errors.items() if not speaks_of_call(self._calls[index][0], error)}

    async def _is_refused_singly(
        self, endpoint: Endpoint, doubtful: Mapping[int, Any], post: Post, *, node_is_well: bool
    ) -> bool:
        """Whether the first of these calls has an error by itself, too. Then all keep what they were answered."""
        first = next(iter(doubtful))
        try:
            await self._ask_one(endpoint, first, post)
        except NodeThrottledError:
            raise
        except SteadymintError:
            if not node_is_well:
                raise
        else:
            if not isinstance(self._answers[first], SteadymintError):
                return False
        self._answers = {**doubtful, **self._answers}
        return True

    def _body(self, piece: Sequence[int]) -> bytes:
        return orjson.dumps([body_of(at, self._calls[index]) for at, index in enumerate(piece)])


def _throttled(endpoint: Endpoint, piece: Sequence[int], throttle: NodeThrottledError) -> NodeThrottledError:
    """The throttle, as one of the batch if that is in doubt."""
    in_doubt = endpoint.batch.throttled(len(piece))
    return BatchThrottledError(throttle.detail, retry_after=throttle.retry_after) if in_doubt else throttle


def _by_call(piece: Sequence[int], items: Sequence[Any]) -> _Answers:
    """The answers of a reply to the calls `piece`, in its order. What belongs to none of them is left out."""
    found: _Answers = {}
    for item in items:
        at = item.get("id") if isinstance(item, dict) else None
        if isinstance(at, int) and 0 <= at < len(piece):
            found[piece[at]] = result_or_error(item)
    return found
