"""Where logs come from: `eth_getLogs` over spans sized by the bytes of the reply, a few in flight.

Two ways to read. `spans` is for history: wide ranges, the headers of their edges only. `blocks` is for the last few
blocks: each header, and each block's logs by its hash (EIP-234), so that no fork can slip in between.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import Counter, deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from steadymint.chain.nodes.errors import ExecutionTooLongError, NodeRefusedError, UnknownBlockError
from steadymint.chain.nodes.rpc import BACKGROUND_TIMEOUT
from steadymint.domain.errors import CallRevertedError, SteadymintError, UpstreamUnavailableError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.block_logs import Block, BlockLogs, Filter, ForkedReplyError, Rpc
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.headers import Headers
from steadymint.indexing.reading.history_check import Checked, HistoryCheck, HistoryNodes
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.lookups import Lookups
from steadymint.indexing.reading.range_logs import Piece, RangeLogs
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.reading.span_width import Reading, SpanWidth
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.table import FOLLOWED

TARGET_BYTES: Final = 2_500_000
"""Of one reply. Measured: 500-block replies of 32 MB are up to three times slower per log than 2-3 MB ones."""
IN_FLIGHT: Final = 3
"""Requests under way at once: the node works on the next two while we fold one."""
RANGES_AT_ONCE: Final = 10
"""Logs of one span that move a range of tokens at once (EIP-2309). Each may make 10,000 rows, which are a tenth of a
second and 6 MB while they are folded; anybody can emit thousands of them for a few thousand gas each."""
SUPPLY_GAS: Final = 500_000
"""Of the question how many tokens there are: a counter is read through a proxy or two."""
_TOTAL_SUPPLY: Final = "0x18160ddd"
_WORD: Final = re.compile("0x[0-9a-fA-F]{64}")
RANGE_WEIGHT: Final = 1_500
"""How many plain logs such a log stands for, when it is decided what goes into one transaction."""


class WithheldLogsError(UpstreamUnavailableError):
    """The block's own bloom filter says that logs of ours are in it, and the node returned none, twice."""

    title = "The chain's node withholds logs"


@dataclass(frozen=True)
class Span:
    """The logs of the blocks `first`..`last`, in order, and what is known of those blocks."""

    first: Header
    last: Header
    replies: Sequence[Reply]
    headers: Sequence[Header]
    """All blocks for `blocks`, the edges for `spans`."""
    times: Mapping[str, int] = field(default_factory=dict[str, int])
    """Block number (hex) -> Unix seconds, for nodes whose logs carry no `blockTimestamp`."""
    differed: Mapping[int, int] = field(default_factory=dict[int, int])
    """The number of an endpoint -> how many of these logs it had left out or made up (`history_check`)."""

    @property
    def logs(self) -> Sequence[Log]:
        """Those that were not read by columns."""
        return self.replies[0].logs if len(self.replies) == 1 else [log for one in self.replies for log in one.logs]

    @property
    def number(self) -> int:
        """Of all logs."""
        return sum(map(len, self.replies))

    @cached_property
    def ranges(self) -> int:
        """How many of the logs move a range of tokens at once. It takes a pass over the text, so it is kept."""
        return sum(reply.ranges() for reply in self.replies)

    @property
    def weight(self) -> int:
        """What it costs to write, in logs of one row each."""
        return self.number + RANGE_WEIGHT * self.ranges

    def parts(self, weight: int) -> Iterator[Span]:
        """Of what `blocks` has read: consecutive blocks of at most this weight together; a heavier block is alone."""
        if self.weight <= weight:
            yield self
            return
        first, together = 0, 0
        for nth, reply in enumerate(self.replies):
            one = len(reply) + RANGE_WEIGHT * reply.ranges()
            if first < nth and together + one > weight:
                yield self._part(first, nth)
                first, together = nth, 0
            together += one
        yield self._part(first, len(self.replies))

    def _part(self, first: int, end: int) -> Span:
        headers = self.headers[first:end]
        return Span(headers[0], headers[-1], self.replies[first:end], headers, self.times)


class LogSource:
    """Reads one chain. Not for concurrent use: one reader adapts the width of its spans."""

    def __init__(
        self,
        rpc: Rpc,
        *,
        target_bytes: int = TARGET_BYTES,
        in_flight: int = IN_FLIGHT,
        topics: Sequence[str] = FOLLOWED,
        contract: str | None = None,
        nodes: HistoryNodes | None = None,
    ) -> None:
        """With `nodes` history is checked against a second source."""
        self._rpc = rpc
        self._nodes = nodes
        self._target = target_bytes
        self._in_flight = in_flight
        self._filter = Filter(topics, contract)
        self._headers = Headers(rpc)
        self.lookups = Lookups(rpc)
        """Who sent what."""
        self._single = BlockLogs(rpc, self._filter)
        self._width = SpanWidth(target_bytes)
        self._check = None if nodes is None else HistoryCheck(nodes, self._filter)
        self._ranges = RangeLogs(rpc, self._filter, self._width, self._check)
        self._ours = None if contract is None else bloom.Watch(topics, [contract])
        self._answered: dict[str, Reply] = {}
        """Block hash -> reply of the newest blocks, kept until all blocks of one call of `blocks` are there."""

    def of_contract(self, contract: str, topics: Sequence[str]) -> LogSource:
        """A source of one contract's logs, from the same nodes, with a width of its own."""
        return LogSource(
            self._rpc,
            target_bytes=self._target,
            in_flight=self._in_flight,
            topics=topics,
            contract=contract,
            nodes=self._nodes,
        )

    async def head_and(self, number: int) -> tuple[Header, Header | None]:
        """The newest block, and the one of this number if the chain has come so far, in one round trip."""
        return await self._headers.head_and(number)

    async def header(self, number: int) -> Header | None:
        """The block of this number on the node's present chain; None if it has none."""
        return await self._headers.one(number)

    async def headers(self, numbers: Iterable[int]) -> list[Header]:
        """Raises UnknownBlockError if the node lacks one of them."""
        return await self._headers.many(numbers)

    async def total_supply(self, contract: str, block: int) -> int | None:
        """What `totalSupply()` answers at this block. None if the contract does not say it, or the node no longer has
        the state of the block."""
        request = {"to": contract, "data": _TOTAL_SUPPLY, "gas": hex(SUPPLY_GAS)}
        (answer,) = await self._rpc.batch([("eth_call", (request, hex(block)))], timeout=BACKGROUND_TIMEOUT)
        if isinstance(answer, CallRevertedError | NodeRefusedError | UnknownBlockError | ExecutionTooLongError):
            return None
        if isinstance(answer, SteadymintError):
            raise answer
        return int(answer, 16) if isinstance(answer, str) and _WORD.fullmatch(answer) else None

    async def spans(
        self, first: int, last: int, *, by_columns: bool = False, ours: bloom.Watch | None = None
    ) -> AsyncGenerator[Span, None]:
        """The blocks `first`..`last` in consecutive spans. Close the generator to cancel what is in flight.

        With `by_columns` plain transfers are read that way, where a reply allows it. `ours` is what blocks are looked
        through for where the chain has one endpoint only.

        Raises:
            ForkedReplyError: the chain changed under a span.
            NodesDisagreeError: two endpoints contradict each other.
            UpstreamUnavailableError: the node does not answer.
        """
        self._ranges.scanner = Scanner(TRANSFER) if by_columns else None
        self._ours = ours or self._ours
        ahead: deque[asyncio.Task[list[Span]]] = deque()
        following = first
        try:
            while following <= last or ahead:
                while len(ahead) < self._in_flight and following <= last:
                    end = min(following + self._width.blocks - 1, last)
                    ahead.append(asyncio.create_task(self._spans_of(following, end)))
                    following = end + 1
                for span in await ahead.popleft():
                    yield span
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def blocks(self, first: int, last: int, ours: bloom.Watch | None = None, known: Header | None = None) -> Span:
        """The blocks `first`..`last`, each by its hash. Meant for a handful. `known` is the first, if it was read.

        With `ours` an empty reply is compared with the header's bloom filter, and the block's receipts are read where
        the two disagree.

        Raises:
            ForkedReplyError: the headers are not linked.
            UnknownBlockError: the node does not have one of the blocks yet.
            WithheldLogsError: see there.
        """
        headers = [known] if known is not None else []
        headers += await self._headers.consecutive(range(first + len(headers), last + 1))
        for before, after in itertools.pairwise(headers):
            if after.parent_hash != before.hash:
                raise ForkedReplyError
        replies = await self._replies_of_blocks(headers, ours)
        times = {header.number: header.time for header in headers}
        return Span(headers[0], headers[-1], replies, headers, times)

    # -- a span ------------------------------------------------------------------------------------------------------

    async def _spans_of(self, first: int, last: int) -> list[Span]:
        """The range as one span, or in halves where its logs would make too many rows at once."""
        span = await self._span(first, last)
        if first == last or span.ranges <= RANGES_AT_ONCE:
            return [span]
        middle = (first + last) // 2
        return await self._spans_of(first, middle) + await self._spans_of(middle + 1, last)

    async def _span(self, first: int, last: int) -> Span:
        """The last block is read before and after: an equal hash proves that nothing before it was exchanged."""
        before = await self.headers([first, last] if first != last else [first])
        reading = Reading(last - first + 1)
        pieces = await self._ranges.read(first, last, reading)
        checked = [await self._checked(piece, before) for piece in pieces]
        replies = [one.reply for one in checked]
        if len(replies) > 1:
            # Parts that overlap are found where they are put in order, which takes all logs.
            replies = [reply.decoded() for reply in replies]
        (after,) = await self.headers([last])
        if before[-1].hash != after.hash:
            raise ForkedReplyError
        latest = replies[-1].last()
        if latest is not None and latest[0] == last and latest[1] != after.hash:
            raise ForkedReplyError
        times = await self._times(replies)
        self._width.read(reading)
        differed = sum((Counter(one.differed) for one in checked), Counter[int]())
        return Span(before[0], before[-1], replies, before, times, differed)

    async def _checked(self, piece: Piece, edges: Sequence[Header]) -> Checked:
        return Checked(piece.reply) if self._check is None else await self._check.checked(piece, edges, self._ours)

    async def _times(self, replies: Sequence[Reply]) -> dict[str, int]:
        numbers = sorted(set[str]().union(*(reply.timeless() for reply in replies)))
        return {header.number: header.time for header in await self._headers.numbered(numbers)}

    # -- the newest blocks -------------------------------------------------------------------------------------------

    async def _replies_of_blocks(self, headers: Sequence[Header], ours: bloom.Watch | None) -> list[Reply]:
        """The reply of each block. If some cannot be read, the others are kept for the next call."""
        replies = await asyncio.gather(
            *(self._reply_of_block(header, ours) for header in headers), return_exceptions=True
        )
        for header, reply in zip(headers, replies, strict=True):
            if not isinstance(reply, BaseException):
                self._answered[header.hash] = reply
        for reply in replies:
            if isinstance(reply, BaseException):
                raise reply
        found = [self._answered[header.hash] for header in headers]
        self._answered.clear()
        return found

    async def _reply_of_block(self, header: Header, ours: bloom.Watch | None) -> Reply:
        if header.hash in self._answered:
            return self._answered[header.hash]
        block = Block(header.height, header.hash)
        reply = await self._single.read(block)
        if ours is not None and ours.misses(header.logs_bloom, {log.address for log in reply.logs}):
            return await self._checked_with_receipts(block, reply)
        return reply

    async def _checked_with_receipts(self, block: Block, reply: Reply) -> Reply:
        """The receipts are another index of the node: an empty or cut page does not repeat itself there.

        A bloom filter has false positives, so most checks find nothing. Where the node serves no receipts by block the
        logs are asked for again, which with several endpoints usually means another one.
        """
        try:
            found = await self._single.from_receipts(block)
        except ForkedReplyError:
            raise
        except SteadymintError:
            found = await self._single.read(block)
        if len(found.logs) < len(reply.logs):
            raise WithheldLogsError
        return found
