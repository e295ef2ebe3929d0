"""Providers as they are: whatever one says when it refuses a range or a block, every log is read once, and the head is
reached in about as many requests as its limits allow. Over HTTP, with the client that the indexer has."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes import pace, rpc
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import UnknownBlockError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError
from steadymint.domain.types import ChainId
from steadymint.indexing.reading import range_logs
from steadymint.indexing.reading.source import IN_FLIGHT, LogSource, Span
from tests.support.fake_provider import CLOSED, SILENT, Calls, FakeProvider, Refusal, error, made_up, no_refusal
from tests.support.made_chain import CHAIN_NUMBER, MadeChain, blocks_of
from tests.support.refusals import WORDS

CHAIN = ChainId(f"eip155:{CHAIN_NUMBER}")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses of the reader are for nodes; a fake needs none."""
    for name in ("LAG_PAUSES", "FAILURE_PAUSES", "THROTTLE_PAUSES"):
        monkeypatch.setattr(range_logs, name, tuple(0.01 for _ in getattr(range_logs, name)))


@asynccontextmanager
async def reading(*providers: FakeProvider) -> AsyncIterator[LogSource]:
    """A source over providers of falling priority."""
    async with AsyncExitStack() as stack:
        for provider in providers:
            await stack.enter_async_context(provider.serving())
        configs = [EndpointConfig(id=n, url=provider.url, priority=n) for n, provider in enumerate(providers)]
        yield LogSource(await stack.enter_async_context(RpcClient(CHAIN, configs)))


async def read(logs: LogSource, first: int, last: int) -> list[int]:
    """The blocks whose logs came, in the order they came. The loop of the indexer goes on after an outage."""
    blocks: list[int] = []
    for _ in range(100):
        try:
            async for span in logs.spans(first + len(blocks), last):
                blocks += [int(log.block_number, 16) for log in span.logs]
            return blocks
        except SteadymintError:
            continue
    raise AssertionError(f"stands at block {first + len(blocks)}")


def ranges(calls: Calls) -> list[tuple[int, int]]:
    return [blocks_of(call["params"][0]) for call in calls if call["method"] == "eth_getLogs"]


def refusing(says: Callable[[], Refusal], when: Callable[[int, int], bool]) -> Callable[[Calls, bool], Any]:
    return lambda calls, _batched: says() if any(when(*asked) for asked in ranges(calls)) else None


def times_asked_for_logs(provider: FakeProvider) -> int:
    return sum("eth_getLogs" in methods for methods in provider.requests)


@pytest.mark.parametrize("name", WORDS)
async def test_a_range_that_is_refused_in_any_words_is_narrowed_and_the_head_reached(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(range_logs, "LAG_PAUSES", (1_000.0,))  # nobody waits for a node that answers for the last block
    provider = FakeProvider(made_up(MadeChain(700).answer), refuse=refusing(WORDS[name], lambda a, b: b - a >= 40))

    async with reading(provider) as logs:
        assert await read(logs, 1, 700) == list(range(1, 701))

    assert times_asked_for_logs(provider) <= 2 * 700 / 40 + 10


@pytest.mark.parametrize("name", WORDS)
async def test_a_block_that_is_refused_in_any_words_costs_a_bisection_and_is_read_from_its_receipts(name: str) -> None:
    dense = 333
    provider = FakeProvider(made_up(MadeChain(700).answer), refuse=refusing(WORDS[name], lambda a, b: a <= dense <= b))

    async with reading(provider) as logs:
        assert await read(logs, 1, 700) == list(range(1, 701))

    assert times_asked_for_logs(provider) <= 28
    assert provider.methods["eth_getBlockReceipts"] == 1


@pytest.mark.parametrize(
    ("when", "requests"),
    [(lambda first, last: last - first >= 20, 24), (lambda first, last: first <= 33 <= last, 24)],
    ids=["wide", "dense"],
)
async def test_a_range_or_a_block_that_gets_no_answer_is_narrowed_and_read_in_other_ways(
    when: Callable[[int, int], bool], requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rpc, "LONGEST_ATTEMPT", 0.2)
    provider = FakeProvider(made_up(MadeChain(80).answer), refuse=refusing(lambda: SILENT, when))

    async with reading(provider) as logs:
        assert await read(logs, 1, 80) == list(range(1, 81))

    assert times_asked_for_logs(provider) <= requests


async def test_blocks_after_a_dense_one_are_read_as_widely_as_before() -> None:
    refuse = refusing(WORDS["please"], lambda a, b: a <= 500 <= b)
    provider = FakeProvider(made_up(MadeChain(7_264, 0).answer), refuse=refuse)
    clean = FakeProvider(made_up(MadeChain(7_264, 0).answer))

    async with reading(provider) as logs, reading(clean) as others:
        await read(logs, 1, 7_264)
        await read(others, 1, 7_264)

    assert times_asked_for_logs(provider) - times_asked_for_logs(clean) <= 25


async def test_a_block_that_one_provider_refuses_is_asked_of_another() -> None:
    chain = MadeChain(100)
    strict = FakeProvider(made_up(chain.answer), refuse=refusing(WORDS["sorry"], lambda a, b: a <= 33 <= b))
    other = FakeProvider(made_up(chain.answer))

    async with reading(strict, other) as logs:
        assert await read(logs, 1, 100) == list(range(1, 101))

    assert other.methods == {"eth_chainId": 1, "eth_getLogs": 1}


async def test_a_dense_block_is_read_from_each_receipt_where_no_more_is_served() -> None:
    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        if calls[0]["method"] == "eth_getBlockReceipts":
            return error(-32601, "unheard of")
        return error(-32000, "no") if any(a <= 7 <= b for a, b in ranges(calls)) else None

    provider = FakeProvider(made_up(MadeChain(10, per_block=3).answer), refuse=refuse)

    async with reading(provider) as logs:
        assert await read(logs, 1, 10) == [block for block in range(1, 11) for _ in range(3)]
    assert provider.methods["eth_getTransactionReceipt"] == 3


LAGS = [
    "beyond the current head",
    "header not found",
    "unknown block",
    "logs are indexed up to 300",
    "toBlock is in the future",
    "the range exceeds what is synced",
    "来日方长",
]


@pytest.mark.parametrize("words", LAGS)
async def test_a_node_that_lags_is_waited_for_and_its_ranges_stay_as_wide(words: str) -> None:
    asked: list[tuple[int, int]] = []

    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        asked.extend(ranges(calls))
        return error(-32000, words) if any(b > 300 for _, b in ranges(calls)) and len(asked) < 10 else None

    provider = FakeProvider(made_up(MadeChain(700).answer), refuse=refuse)

    async with reading(provider) as logs:
        assert await read(logs, 1, 700) == list(range(1, 701))

    assert len({(first, last) for first, last in asked if first < last}) <= 8, "nothing was cut"


async def test_a_connection_that_breaks_after_a_lag_costs_no_width() -> None:
    asked: list[tuple[int, int]] = []

    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        asked.extend(ranges(calls))
        says = {5: CLOSED} | dict.fromkeys(range(1, 5), WORDS["sorry"]())
        return says.get(len(asked)) if ranges(calls) else None

    async with reading(FakeProvider(made_up(MadeChain(40).answer), refuse=refuse)) as logs:
        assert [span.number async for span in logs.spans(1, 40)] == [40]

    assert asked == [(1, 40), (40, 40)] * 2 + [(1, 40)] * 2


@pytest.mark.parametrize("words", LAGS)
async def test_what_one_node_does_not_have_yet_is_read_from_another_as_widely_as_before(words: str) -> None:
    chain = MadeChain(2_000)
    late = FakeProvider(made_up(chain.answer), refuse=refusing(lambda: error(-32000, words), lambda _, b: b > 300))
    other = FakeProvider(made_up(chain.answer))

    async with reading(late, other) as logs:
        assert await read(logs, 1, 2_000) == list(range(1, 2_001))

    assert other.methods["eth_getLogs"] <= 12


async def test_a_node_whose_index_of_logs_stands_is_waited_for_once_and_then_read_by_receipts() -> None:
    asked = Counter[tuple[int, int]]()

    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        asked.update((first, last) for first, last in ranges(calls) if first < last)
        return error(-32000, "logs are indexed up to 300") if any(b > 300 for _, b in ranges(calls)) else None

    provider = FakeProvider(made_up(MadeChain(360).answer), refuse=refuse)

    async with reading(provider) as logs:
        assert await read(logs, 1, 360) == list(range(1, 361))

    repeated = asked.total() - len(asked)
    assert 1 <= repeated <= IN_FLIGHT * len(range_logs.LAG_PAUSES)


async def test_a_node_that_does_not_have_the_last_block_is_not_asked_for_less() -> None:
    provider = FakeProvider(made_up(MadeChain(20).answer))
    async with reading(provider) as logs:
        with pytest.raises(UnknownBlockError):
            [span async for span in logs.spans(10, 30)]
    assert times_asked_for_logs(provider) == 0


@pytest.mark.parametrize("name", ["sorry", "closed", "500", "null"])
async def test_the_newest_blocks_are_read_by_number_or_receipts_where_a_filter_by_hash_is_refused(name: str) -> None:
    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        return WORDS[name]() if "blockHash" in str(calls) else None

    provider = FakeProvider(made_up(MadeChain(50).answer), refuse=refuse)

    async with reading(provider) as logs:
        span = await logs.blocks(21, 36)

    assert [int(log.block_number, 16) for log in span.logs] == list(range(21, 37))


async def test_of_the_newest_blocks_what_was_answered_is_kept_and_only_the_rest_asked_again() -> None:
    refused: set[str] = set()

    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        key = str(calls[0]["params"])
        if calls[0]["method"] != "eth_getLogs" or len(refused) >= 6 or "blockHash" not in key or key in refused:
            return None
        refused.add(key)
        return web.Response(status=429)

    provider = FakeProvider(made_up(MadeChain(50).answer), refuse=refuse)

    async with reading(provider) as logs:
        span = await _newest(logs, tries=10)

    assert [int(log.block_number, 16) for log in span.logs] == list(range(21, 37))
    assert provider.methods["eth_getLogs"] == 16


async def _newest(logs: LogSource, tries: int) -> Span:
    """The blocks 21 to 36, asked for again as the indexer does."""
    for _ in range(tries - 1):
        with suppress(SteadymintError):
            return await logs.blocks(21, 36)
    return await logs.blocks(21, 36)


async def test_receipts_that_the_node_does_not_have_are_no_empty_block() -> None:
    class Pruned(MadeChain):
        def answer(self, call: dict[str, Any]) -> dict[str, Any]:
            return super().answer(call) if "Receipt" not in call["method"] else {"result": None}

    refuse = refusing(WORDS["sorry"], lambda a, b: a <= 7 <= b)
    async with reading(FakeProvider(made_up(Pruned(10).answer), refuse=refuse)) as logs:
        with pytest.raises(SteadymintError):
            [span async for span in logs.spans(1, 10)]


@pytest.mark.parametrize("takes_batches", [True, False])
@pytest.mark.parametrize("status", [200, 503])
async def test_the_newest_blocks_are_read_from_a_node_that_throttles_in_other_words(
    status: int, takes_batches: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "WINDOW", 0.1)
    refuse = no_refusal if takes_batches else lambda _calls, batched: error(-32600, "no") if batched else None
    provider = FakeProvider(made_up(MadeChain(50).answer), refuse=refuse, limit=10)
    provider.window = 0.1

    def slow_down() -> web.Response:
        says = error(-32000, "slow down", status=status)
        says.headers.update({"Retry-After": "0.05"} if status != 200 else {})
        return says

    provider.throttle = slow_down
    async with reading(provider) as logs:
        span = await _newest(logs, tries=3)

    assert [int(log.block_number, 16) for log in span.logs] == list(range(21, 37))
