"""Where logs come from: `eth_getLogs` over spans sized by the bytes of the reply, a few in flight.

Two ways to read. `spans` is for history: wide ranges, the headers of their edges only. `blocks` is for the last few
blocks: each header, and each block's logs by its hash (EIP-234), so that no fork can slip in between.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import msgspec
from eth_utils.address import is_hex_address

from steadymint.chain.nodes.errors import RangeTooLargeError, ReplyTooLargeError, UnknownBlockError
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.indexing.reading import bloom
from steadymint.indexing.reading.columns import Scanner
from steadymint.indexing.reading.logs import Header, Log
from steadymint.indexing.reading.replies import Reply
from steadymint.indexing.subjects.movements.topics import TRANSFER
from steadymint.indexing.subjects.table import FOLLOWED

TARGET_BYTES: Final = 2_500_000
"""Of one reply. Measured: 500-block replies of 32 MB are up to three times slower per log than 2-3 MB ones."""
IN_FLIGHT: Final = 3
"""Requests under way at once: the node works on the next two while we fold one."""
FIRST_WIDTH: Final = 50
MAX_WIDTH: Final = 100_000
"""Blocks. Sparse chains would otherwise ask for everything at once."""
GROWTH: Final = 4.0
"""A span is at most this many times wider than the one before, and at least a fourth of it."""


class Rpc(Protocol):
    """What is used of `steadymint.chain.nodes.rpc.RpcClient`."""

    async def raw(self, method: str, params: Sequence[Any] = (), *, timeout: float | None = None) -> bytes: ...

    async def batch(
        self, calls: Sequence[tuple[str, Sequence[Any]]], *, timeout: float | None = None
    ) -> list[Any | SteadymintError]: ...


class ForkedReplyError(UpstreamUnavailableError):
    """Two answers of the node belong to different forks, or to none. Ask again."""

    title = "The chain's node changed forks while we were reading"


class WithheldLogsError(UpstreamUnavailableError):
    """The block's own bloom filter says that logs of ours are in it, and the node returned none, twice."""

    title = "The chain's node withholds logs"


@dataclass(frozen=True, slots=True)
class Span:
    """The logs of the blocks `first`..`last`, in order, and what is known of those blocks."""

    first: Header
    last: Header
    replies: Sequence[Reply]
    headers: Sequence[Header]
    """All blocks for `blocks`, the edges for `spans`."""
    times: Mapping[str, int] = field(default_factory=dict[str, int])
    """Block number (hex) -> Unix seconds, for nodes whose logs carry no `blockTimestamp`."""
    size: int = 0
    """Bytes of the largest reply."""

    @property
    def logs(self) -> Sequence[Log]:
        """Those that were not read by columns."""
        return self.replies[0].logs if len(self.replies) == 1 else [log for one in self.replies for log in one.logs]

    @property
    def number(self) -> int:
        """Of all logs."""
        return sum(map(len, self.replies))


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
    ) -> None:
        self._rpc = rpc
        self._target = target_bytes
        self._in_flight = in_flight
        self._filter: dict[str, Any] = {"topics": [list(topics)]}
        self._topics = topics
        self._contract = contract
        if contract is not None:
            self._filter["address"] = contract
        self._width = float(FIRST_WIDTH)
        self._ceiling = MAX_WIDTH
        self._scanner: Scanner | None = None

    def of_contract(self, contract: str, topics: Sequence[str]) -> LogSource:
        """A source of one contract's logs, from the same nodes, with a width of its own."""
        return LogSource(
            self._rpc, target_bytes=self._target, in_flight=self._in_flight, topics=topics, contract=contract
        )

    async def head_and(self, number: int) -> tuple[Header, Header | None]:
        """The newest block, and the one of this number if the chain has come so far, in one round trip."""
        calls = [("eth_getBlockByNumber", (tag, False)) for tag in ("latest", hex(number))]
        head, other = await self._rpc.batch(calls)
        found = _as_headers([head, None if isinstance(other, UnknownBlockError) else other], missing=True)
        if found[0] is None:
            raise UnknownBlockError
        return found[0], found[1]

    async def header(self, number: int) -> Header | None:
        """The block of this number on the node's present chain; None if it has none."""
        try:
            return (await self._headers([hex(number)]))[0]
        except UnknownBlockError:
            return None

    async def headers(self, numbers: Iterable[int]) -> list[Header]:
        """Raises UnknownBlockError if the node lacks one of them."""
        return await self._headers([hex(number) for number in numbers])

    async def senders(self, hashes: Sequence[str]) -> dict[str, str]:
        """Who sent each of these transactions, in one round trip; without those that the node does not know."""
        answers = await self._rpc.batch([("eth_getTransactionByHash", (hash_,)) for hash_ in hashes])
        found: dict[str, str] = {}
        for hash_, answer in zip(hashes, answers, strict=True):
            if isinstance(answer, SteadymintError):
                raise answer
            sender = answer.get("from") if isinstance(answer, dict) else None
            if isinstance(sender, str) and is_hex_address(sender):
                found[hash_] = sender.lower()
        return found

    async def spans(self, first: int, last: int, *, by_columns: bool = False) -> AsyncGenerator[Span, None]:
        """The blocks `first`..`last` in consecutive spans. Close the generator to cancel what is in flight.

        With `by_columns` plain transfers are read that way, where a reply allows it.

        Raises:
            ForkedReplyError: the chain changed under a span.
            UpstreamUnavailableError: the node does not answer.
        """
        self._scanner = Scanner(TRANSFER) if by_columns else None
        ahead: deque[asyncio.Task[Span]] = deque()
        following = first
        try:
            while following <= last or ahead:
                while len(ahead) < self._in_flight and following <= last:
                    end = min(following + int(self._width) - 1, last)
                    ahead.append(asyncio.create_task(self._span(following, end)))
                    following = end + 1
                span = await ahead.popleft()
                self._adapt(span)
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
        headers += await self.headers(range(first + len(headers), last + 1))
        for before, after in itertools.pairwise(headers):
            if after.parent_hash != before.hash:
                raise ForkedReplyError
        replies = await asyncio.gather(*(self._reply_of_block(header, ours) for header in headers))
        times = {header.number: header.time for header in headers}
        return Span(headers[0], headers[-1], replies, headers, times)

    # -- inside ------------------------------------------------------------------------------------------------------

    async def _span(self, first: int, last: int) -> Span:
        """The edges are read before and after: equal hashes prove that nothing between them was exchanged."""
        edges = [first, last] if first != last else [first]
        before = await self.headers(edges)
        replies, size = await self._replies(first, last)
        after = await self.headers(edges)
        if [header.hash for header in before] != [header.hash for header in after]:
            raise ForkedReplyError
        latest = replies[-1].last()
        if latest is not None and latest[0] == last and latest[1] != after[-1].hash:
            raise ForkedReplyError
        return Span(before[0], before[-1], replies, before, await self._times(replies), size)

    async def _replies(self, first: int, last: int) -> tuple[list[Reply], int]:
        params = [{**self._filter, "fromBlock": hex(first), "toBlock": hex(last)}]
        try:
            reply = await self._rpc.raw("eth_getLogs", params)
        except (RangeTooLargeError, ReplyTooLargeError) as error:
            if first == last:
                logs, size = await self._logs_from_receipts(first)
                return [Reply(logs)], size
            split = self._split(first, last, error)
        else:
            return [Reply.of(reply, self._scanner)], len(reply)
        left, left_size = await self._replies(first, split)
        right, right_size = await self._replies(split + 1, last)
        # Parts that overlap are found where they are put in order, which takes all logs.
        return [reply.decoded() for reply in left + right], max(left_size, right_size)

    def _split(self, first: int, last: int, error: SteadymintError) -> int:
        """The last block of the left part: the end the provider suggests if it makes sense, else the middle."""
        suggested = error.suggested if isinstance(error, RangeTooLargeError) else None
        split = (first + last) // 2
        if suggested is not None and suggested[0] <= first <= suggested[1] < last:
            split = suggested[1]
        self._ceiling = max(1, min(self._ceiling, split - first + 1))
        self._width = min(self._width, self._ceiling)
        return split

    def _adapt(self, span: Span) -> None:
        width = span.last.height - span.first.height + 1
        factor = min(GROWTH, max(1 / GROWTH, self._target / max(span.size, 1)))
        self._width = max(1.0, min(width * factor, self._ceiling))

    async def _reply_of_block(self, header: Header, ours: bloom.Watch | None) -> Reply:
        reply = Reply.of(await self._rpc.raw("eth_getLogs", [{**self._filter, "blockHash": header.hash}]))
        if any(log.block_hash != header.hash for log in reply.logs):
            raise ForkedReplyError
        if ours is not None and ours.misses(header.logs_bloom, {log.address for log in reply.logs}):
            return await self._checked_with_receipts(header, reply)
        return reply

    async def _checked_with_receipts(self, header: Header, reply: Reply) -> Reply:
        """The receipts are another index of the node: an empty or cut page does not repeat itself there.

        A bloom filter has false positives, so most checks find nothing. Where the node serves no receipts by block the
        logs are asked for again, which with several endpoints usually means another one.
        """
        try:
            logs, _ = await self._logs_from_receipts(header.height)
            found = Reply(logs)
        except SteadymintError:
            found = Reply.of(await self._rpc.raw("eth_getLogs", [{**self._filter, "blockHash": header.hash}]))
        if any(log.block_hash != header.hash for log in found.logs):
            raise ForkedReplyError
        if len(found.logs) < len(reply.logs):
            raise WithheldLogsError
        return found

    async def _logs_from_receipts(self, number: int) -> tuple[list[Log], int]:
        reply = await self._rpc.raw("eth_getBlockReceipts", [hex(number)])
        try:
            receipts = _receipts.decode(reply).result or []
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise UpstreamUnavailableError("The chain's node answered with something that are no receipts") from None
        wanted = set(self._topics)
        logs = [log for receipt in receipts for log in receipt.logs if log.topics and log.topics[0] in wanted]
        if self._contract is not None:
            logs = [log for log in logs if log.address == self._contract]
        return logs, len(reply)

    async def _times(self, replies: Sequence[Reply]) -> dict[str, int]:
        numbers = sorted(set[str]().union(*(reply.timeless() for reply in replies)))
        return {header.number: header.time for header in await self._headers(numbers)}

    async def _headers(self, tags: Sequence[str]) -> list[Header]:
        if not tags:
            return []
        answers = await self._rpc.batch([("eth_getBlockByNumber", (tag, False)) for tag in tags])
        return [header for header in _as_headers(answers) if header is not None]


class _Receipt(msgspec.Struct, gc=False):
    logs: list[Log]


class _ReceiptsReply(msgspec.Struct):
    result: list[_Receipt] | None = None


_receipts: Final = msgspec.json.Decoder(_ReceiptsReply)


def _as_headers(answers: Sequence[Any], *, missing: bool = False) -> list[Header | None]:
    """The answers as headers. Raises what the node refused, and UnknownBlockError for None unless `missing` is fine."""
    for answer in answers:
        if isinstance(answer, SteadymintError):
            raise answer
        if answer is None and not missing:
            raise UnknownBlockError
    try:
        return msgspec.convert(answers, list[Header | None])
    except msgspec.ValidationError:
        raise UpstreamUnavailableError("The chain's node answered with something that is no header") from None
