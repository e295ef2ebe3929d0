"""Reading logs: spans that fit the node, and refusals and forks that cost a retry and never a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from steadymint.chain.nodes.errors import NodeThrottledError, RangeTooLargeError, UnknownBlockError
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.indexing.history import LOGS_PER_TRANSACTION
from steadymint.indexing.importing.pieces import LOGS_PER_PIECE
from steadymint.indexing.reading.block_logs import ForkedReplyError
from steadymint.indexing.reading.logs import Log
from steadymint.indexing.reading.source import RANGE_WEIGHT, RANGES_AT_ONCE, LogSource
from steadymint.indexing.subjects.movements.topics import CONSECUTIVE_TRANSFER
from tests.support.forged_logs import ALICE, CATS, ZERO, log, topic, transfer, words


class Node:
    """A chain of `height` blocks with `per_block` transfers each; refuses spans wider than `widest`."""

    def __init__(self, height: int, per_block: int = 1, *, widest: int | None = None, stamped: bool = True) -> None:
        self.height = height
        self.per_block = per_block
        self.widest = widest
        self.stamped = stamped
        self.spans: list[tuple[int, int]] = []
        self.headers = 0
        self.fork = 0
        self.suggests: tuple[int, int] | None = None
        self.rubbish: bytes | None = None

    async def raw(self, method: str, params: Sequence[Any] = (), **_: Any) -> bytes:
        if self.rubbish is not None:
            return self.rubbish
        assert method == "eth_getLogs"
        query = params[0]
        if "blockHash" in query:
            first = last = int(query["blockHash"][4:], 16)
        else:
            first, last = int(query["fromBlock"], 16), int(query["toBlock"], 16)
        if self.widest is not None and last - first + 1 > self.widest:
            error = RangeTooLargeError()
            error.suggested = self.suggests and (first, first + self.widest - 1)
            raise error
        self.spans.append((first, last))
        return msgspec.json.encode({"result": [log for block in range(first, last + 1) for log in self._logs(block)]})

    async def batch(self, calls: Sequence[Any], *, timeout: float | None = None) -> list[Any]:
        self.headers += len(calls)
        return [self._header(params[0]) for _, params in calls]

    async def spare(self, calls: int) -> tuple[Node, int]:
        return self, calls

    def _logs(self, block: int) -> list[Log]:
        changes: dict[str, Any] = {"block_hash": self._hash(block)} | (
            {} if self.stamped else {"block_timestamp": None}
        )
        return [transfer(ZERO, ALICE, block, block=block, index=index, **changes) for index in range(self.per_block)]

    def _hash(self, block: int) -> str:
        return f"0x{self.fork:02x}{block:062x}"

    def _header(self, tag: str) -> dict[str, str] | None:
        block = self.height if tag == "latest" else int(tag, 16)
        if block > self.height:
            return None
        parent = self._hash(block - 1)
        return {"number": hex(block), "hash": self._hash(block), "parentHash": parent, "timestamp": hex(block * 12)}


async def read(source: LogSource, first: int, last: int) -> list[int]:
    """The blocks whose logs came, in the order they came."""
    blocks: list[int] = []
    async for span in source.spans(first, last):
        assert (span.first.height, span.last.height) == (span.headers[0].height, span.headers[-1].height)
        blocks += [int(log.block_number, 16) for log in span.logs]
    return blocks


async def test_every_block_is_read_once_and_in_order() -> None:
    node = Node(2000)

    assert await read(LogSource(node), 1, 1777) == list(range(1, 1778))
    assert sorted(node.spans) == node.spans


async def test_spans_grow_on_a_sparse_chain_and_shrink_on_a_dense_one() -> None:
    sparse, dense = Node(100_000, 0), Node(600, 60)

    await read(LogSource(sparse), 1, 100_000)
    await read(LogSource(dense, target_bytes=100_000), 1, 600)

    assert len(sparse.spans) < 20
    widths = [last - first + 1 for first, last in dense.spans]
    assert max(widths) == widths[0] == 50
    assert max(widths[9:]) <= 4  # 60 logs are some 35 kB


class Ranges(Node):
    """From block 600 on, each block mints a range of tokens at once (EIP-2309)."""

    def _logs(self, block: int) -> list[Log]:
        if block < 600:
            return []
        topics = [CONSECUTIVE_TRANSFER, topic(10_000 * block), topic(ZERO), topic(ALICE)]
        return [log(CATS, topics, words(10_000 * block + 9_999), block=block, block_hash=self._hash(block))]


async def test_no_span_has_more_ranges_than_can_be_held_as_rows() -> None:
    """An import once read a thousand of them in one span: ten million rows in memory."""
    spans = [span async for span in LogSource(Ranges(1_000)).spans(0, 999)]
    assert [int(log.block_number, 16) for span in spans for log in span.logs] == list(range(600, 1_000))
    assert max(span.ranges for span in spans) <= RANGES_AT_ONCE
    widest = max(span.last.height - span.first.height + 1 for span in spans)
    assert widest > 10 * RANGES_AT_ONCE  # where there are none, spans are as wide as ever
    fullest = max(span.weight for span in spans)
    assert fullest > LOGS_PER_PIECE  # it is written before the next is folded
    assert 2 * fullest > LOGS_PER_TRANSACTION


@pytest.mark.parametrize(
    ("weight", "sizes"),
    [(10**6, [13]), (3 * (RANGE_WEIGHT + 1), [6, 3, 3, 1]), (RANGE_WEIGHT, [3] + [1] * 10)],
)
async def test_the_newest_blocks_are_cut_where_they_weigh_too_much_and_a_heavier_block_is_alone(
    weight: int, sizes: list[int]
) -> None:
    node = Ranges(620)
    span = await LogSource(node).blocks(597, 609)

    parts = list(span.parts(weight))

    assert [len(part.headers) for part in parts] == sizes
    assert [header for part in parts for header in part.headers] == span.headers
    assert [log for part in parts for log in part.logs] == span.logs
    assert [(part.first, part.last) for part in parts] == [(part.headers[0], part.headers[-1]) for part in parts]


@pytest.mark.parametrize("suggests", [None, (1, 1)])
async def test_a_span_that_the_provider_refuses_is_halved_or_cut_as_suggested_and_no_block_is_lost(
    suggests: tuple[int, int] | None,
) -> None:
    node = Node(500, widest=7)
    node.suggests = suggests

    assert await read(LogSource(node), 1, 500) == list(range(1, 501))
    assert all(last - first < 7 for first, last in node.spans)


async def test_a_provider_that_refuses_once_is_not_asked_for_so_much_again() -> None:
    node = Node(3000, 0, widest=10)
    source = LogSource(node)
    await read(source, 1, 600)
    asked = len(node.spans)

    await read(source, 601, 1200)

    assert len(node.spans) - asked <= 600 / 6 + 2


@pytest.mark.parametrize("by_columns", [False, True])
async def test_times_come_from_headers_where_logs_carry_none(by_columns: bool) -> None:
    node = Node(100, stamped=False)

    spans = [span async for span in LogSource(node).spans(1, 100, by_columns=by_columns)]
    assert any(reply.columns for span in spans for reply in span.replies) == by_columns

    times = {number: at for span in spans for number, at in span.times.items()}
    assert times == {hex(block): block * 12 for block in range(1, 101)}


async def test_no_header_is_asked_for_but_those_of_the_edges_where_logs_carry_their_time() -> None:
    node = Node(2000)

    spans = [span async for span in LogSource(node).spans(1, 2000)]

    assert node.headers == 3 * len(spans)  # first and last before, last after


async def test_a_fork_under_a_span_is_noticed() -> None:
    node = Node(100)
    answer = node.raw

    async def fork_meanwhile(*arguments: Any, **options: Any) -> bytes:
        reply = await answer(*arguments, **options)
        node.fork += 1
        return reply

    node.raw = fork_meanwhile  # type: ignore[method-assign]
    with pytest.raises(ForkedReplyError):
        await read(LogSource(node), 1, 10)


async def test_blocks_are_read_by_hash_and_must_be_linked() -> None:
    node = Node(20, 2)

    span = await LogSource(node).blocks(5, 8)

    assert [header.height for header in span.headers] == [5, 6, 7, 8]
    assert [int(log.block_number, 16) for log in span.logs] == [5, 5, 6, 6, 7, 7, 8, 8]
    headers = node._header

    def unlinked(tag: str) -> dict[str, str] | None:
        header = headers(tag)
        return header and header | {"parentHash": "0x00"}

    node._header = unlinked  # type: ignore[method-assign]
    with pytest.raises(ForkedReplyError):
        await LogSource(node).blocks(5, 8)


async def test_headers_that_were_answered_are_kept_if_others_of_the_same_blocks_were_not() -> None:
    node = Node(20)
    answer, source = node.batch, LogSource(node)

    async def in_part(calls: Sequence[Any], **_: Any) -> list[Any]:
        return [NodeThrottledError() if at >= 5 else found for at, found in enumerate(await answer(calls))]

    node.batch = in_part  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(NodeThrottledError):
            await source.blocks(1, 16)
    node.batch = answer  # type: ignore[method-assign]
    node.headers = 0
    assert [header.height for header in (await source.blocks(1, 16)).headers] == list(range(1, 17))
    assert node.headers == 6
    await source.blocks(1, 16)
    assert node.headers == 6 + 16, "they are kept for that only"


async def test_headers_that_were_kept_over_a_fork_are_asked_again() -> None:
    node = Node(20)
    answer, source = node.batch, LogSource(node)

    async def in_part(calls: Sequence[Any], **_: Any) -> list[Any]:
        return [*(await answer(calls))[:-1], UpstreamUnavailableError()]

    node.batch = in_part  # type: ignore[method-assign]
    with pytest.raises(UpstreamUnavailableError):
        await source.blocks(1, 4)
    node.batch, node.fork = answer, 1  # type: ignore[method-assign]
    with pytest.raises(ForkedReplyError):
        await source.blocks(1, 4)
    assert {header.hash[:4] for header in (await source.blocks(1, 4)).headers} == {"0x01"}


async def test_a_block_that_the_node_does_not_have_is_an_error_and_not_an_empty_block() -> None:
    with pytest.raises(UnknownBlockError):
        await LogSource(Node(20)).blocks(19, 21)
    assert await LogSource(Node(20)).header(21) is None


@pytest.mark.parametrize("rubbish", [b'{"result": [{"address": 7}]}', b'{"result": ["\xff"]}', b""])
async def test_rubbish_is_an_outage_and_not_an_empty_reply(rubbish: bytes) -> None:
    node = Node(20)
    node.rubbish = rubbish

    with pytest.raises(UpstreamUnavailableError):
        await read(LogSource(node), 1, 20)
