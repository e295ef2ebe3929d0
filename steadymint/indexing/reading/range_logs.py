"""Reads the logs of ranges of blocks, in halves where a node does not take a range whole.

What a node refuses, fails at or leaves unanswered over many blocks is asked again in halves, whatever it says: the
words of providers are endless. A single block is read in other ways (`block_logs`).
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from steadymint.chain.nodes.errors import (
    NoCallsLeftError,
    NodeRefusedError,
    NodeThrottledError,
    RangeTooLargeError,
    ReplyTooLargeError,
    UnknownBlockError,
)
from steadymint.chain.nodes.questions import Answer
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import SteadymintError
from steadymint.indexing.reading.block_logs import Block, BlockLogs, Filter, Rpc
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.headers import Headers
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.span_width import Reading, SpanWidth

LAG_PAUSES: Final = (0.25, 0.5, 1.0, 2.0)
"""Seconds before a range is asked again that the node says it does not have yet. A node that lags catches up; if it
has the range's last block and still says so, the words mean something else."""
FAILURE_PAUSES: Final = (0.1,)
"""Seconds before a range is asked again that got no answer: one connection may always break."""
THROTTLE_PAUSES: Final = (1.0, 2.0)
"""Seconds before a range is asked again that was throttled. If something small is answered at once and the range still
is not, the words are taken for a refusal of the range."""
OWN_PAUSES: Final = (1.0,) * 10
"""Seconds before a range is asked again that was not sent, since the endpoints bear no more calls just now."""
LONGEST_PAUSE: Final = 30.0
"""Seconds, whatever wait a node names; the indexer's own loop keeps longer ones."""


class Answers(Protocol):
    """The nodes of a chain, of which it is said which one answers."""

    async def answer(
        self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None, is_large: bool = False
    ) -> Answer: ...


class Piece(NamedTuple):
    """The logs of the blocks `first`..`last`, as one reply has them."""

    first: int
    last: int
    reply: Reply
    endpoint: int | None = None
    """The number of the endpoint that gave the reply; None if it is not known."""


class RangeLogs:
    """The logs of one chain that a filter lets through. It narrows `width` by what is refused."""

    def __init__(self, rpc: Rpc, filter_: Filter, width: SpanWidth, answers: Answers | None = None) -> None:
        """With `answers` each reply is noted with its endpoint."""
        self._rpc = rpc
        self._answers = answers
        self._filter = filter_
        self._width = width
        self._single = BlockLogs(rpc, filter_)
        self._headers = Headers(rpc)
        self.scanner: Scanner | None = None
        """Reads the replies by columns, where they allow it. None: log by log."""

    async def read(self, first: int, last: int, reading: Reading) -> list[Piece]:
        """The replies of the blocks `first`..`last`. What became of each request is noted in `reading`.

        Raises:
            UpstreamUnavailableError: the node is down, throttles us, or does not have the last block.
        """
        width = last - first + 1
        try:
            piece = await self._ask(first, last, narrowed=bool(reading.refused))
        except _NotTakenError as error:
            split = _split(first, last, error.reason)
        else:
            reading.answered.append(width)
            reading.size += len(piece.reply.text)
            return [piece]
        if first == last:
            reading.dense += 1
            return [Piece(first, last, await self._single.read(Block(first), refused=True))]
        reading.refused.append(width)
        self._width.refused(width)
        return await self.read(first, split, reading) + await self.read(split + 1, last, reading)

    async def _ask(self, first: int, last: int, *, narrowed: bool) -> Piece:
        """The reply of a range. With `narrowed` a wider one was given up before, so this one
        is tried less often.

        Raises:
            _NotTakenError: the node is well and does not take this range.
            UpstreamUnavailableError: the node is down, throttles us, or does not have the last block.
        """
        query = self._filter.query(fromBlock=hex(first), toBlock=hex(last))
        for tried in itertools.count():
            try:
                if self._answers is None:
                    text = await self._rpc.raw("eth_getLogs", [query], timeout=BACKGROUND_TIMEOUT, is_large=True)
                    return Piece(first, last, Reply.of(text, self.scanner))
                text, endpoint = await self._answers.answer(
                    "eth_getLogs", [query], timeout=BACKGROUND_TIMEOUT, is_large=True
                )
                return Piece(first, last, Reply.of(text, self.scanner), endpoint)
            except ReplyTooLargeError as reply:
                raise _NotTakenError(reply) from None
            except NodeRefusedError as refusal:
                if not narrowed:
                    await self._prove_well(last, refusal)
                raise _NotTakenError(refusal) from None
            except SteadymintError as error:
                pauses = _pauses(error, narrowed=narrowed)
                if tried == len(pauses):
                    await self._prove_well(last, error)
                    raise _NotTakenError(error) from None
                await asyncio.sleep(max(pauses[tried], min(error.retry_after or 0.0, LONGEST_PAUSE)))
        raise AssertionError

    async def _prove_well(self, last: int, error: SteadymintError) -> None:
        """Return if the node answers something easy and has the block `last`: then it is the range that it does not
        take. Raises what the node says otherwise."""
        if isinstance(error, NoCallsLeftError):
            raise error
        await self._headers.many([last])


class _NotTakenError(Exception):
    """A node that is well does not take the range; `reason` is what it said."""

    def __init__(self, reason: SteadymintError) -> None:
        super().__init__()
        self.reason = reason


def _pauses(error: SteadymintError, *, narrowed: bool) -> Sequence[float]:
    """Seconds before each further try of a range."""
    if isinstance(error, UnknownBlockError):
        return LAG_PAUSES
    if isinstance(error, NoCallsLeftError):
        return OWN_PAUSES
    if narrowed:
        return ()
    return THROTTLE_PAUSES if isinstance(error, NodeThrottledError) else FAILURE_PAUSES


def _split(first: int, last: int, reason: SteadymintError) -> int:
    """The last block of the left part: the end the provider suggests if it makes sense, else the middle."""
    suggested = reason.suggested if isinstance(reason, RangeTooLargeError) else None
    if suggested is not None and suggested[0] <= first <= suggested[1] < last:
        return suggested[1]
    return (first + last) // 2
