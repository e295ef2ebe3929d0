"""Reads the logs of ranges of blocks, in halves where a node does not take a range whole.

What a node refuses, fails at or leaves unanswered over many blocks is asked again in halves, whatever it says: the
words of providers are endless. A single block is read in other ways (`block_logs`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
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
"""Seconds before a range is asked again that the node does not have yet, by its words or since it refuses the logs of
the last block alone. A node that lags catches up; if it does not, the refusal means something else."""
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
        self,
        method: str,
        params: Sequence[Any] = (),
        *,
        timeout: float | None = None,
        is_large: bool = False,
        anywhere: bool = False,
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
        self._lag_passes = True
        """Whether it is worth while to wait for a node that refuses the logs of a last block. It is not after a wait
        that was in vain, until a range is answered."""
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
        waited, tried = 0, Counter[tuple[float, ...]]()  # each kind of failure has a number of tries of its own
        while True:
            try:
                piece = await self._fetch(first, last, anywhere=waited > 0)
                self._lag_passes = self._lag_passes or first < last
                return piece
            except ReplyTooLargeError as reply:
                raise _NotTakenError(reply) from None
            except NodeRefusedError as refusal:
                if narrowed:
                    raise _NotTakenError(refusal) from None
                await self._prove_well(last, refusal)
                if first == last or not await self._may_lag(last, refusal, waited):
                    raise _NotTakenError(refusal) from None
                await asyncio.sleep(LAG_PAUSES[waited])
                waited += 1
            except SteadymintError as error:
                pauses = _pauses(error, narrowed=narrowed)
                if tried[pauses] >= len(pauses):
                    await self._prove_well(last, error)
                    raise _NotTakenError(error) from None
                await asyncio.sleep(max(pauses[tried[pauses]], min(error.retry_after or 0.0, LONGEST_PAUSE)))
                tried[pauses] += 1

    async def _fetch(self, first: int, last: int, *, anywhere: bool = False) -> Piece:
        """One request. With `anywhere` each endpoint is asked before a refusal is raised, whatever it says."""
        query = [self._filter.query(fromBlock=hex(first), toBlock=hex(last))]
        options: dict[str, Any] = {"timeout": BACKGROUND_TIMEOUT, "is_large": True, "anywhere": anywhere}
        if self._answers is None:
            return Piece(first, last, Reply.of(await self._rpc.raw("eth_getLogs", query, **options), self.scanner))
        text, endpoint = await self._answers.answer("eth_getLogs", query, **options)
        return Piece(first, last, Reply.of(text, self.scanner), endpoint)

    async def _may_lag(self, last: int, refusal: NodeRefusedError, waited: int) -> bool:
        """Whether the node may have no logs of the block `last` yet: it refuses them alone, too."""
        if not self._lag_passes or (isinstance(refusal, RangeTooLargeError) and refusal.suggested is not None):
            return False
        if waited == len(LAG_PAUSES):
            self._lag_passes = False
            return False
        try:
            await self._fetch(last, last)
        except NodeRefusedError:
            return True
        except SteadymintError:
            pass
        return waited > 0

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


def _pauses(error: SteadymintError, *, narrowed: bool) -> tuple[float, ...]:
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
