"""Attack case X08 in history: what a node leaves out of a wide range is noticed by a second source, and read there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from steadymint.indexing.reading import bloom, history_check, range_logs, sample_check
from steadymint.indexing.reading.settling import NodesDisagreeError
from steadymint.indexing.reading.source import IN_FLIGHT, LogSource
from steadymint.indexing.subjects.table import FOLLOWED
from tests.support.fake_provider import CLOSED, Answer, Calls, FakeProvider, error, made_up
from tests.support.forged_logs import BOB, CATS, EDITIONS, ZERO, transfer
from tests.support.made_chain import CHAIN_NUMBER, MadeChain, blocks_of, hash_of
from tests.support.nodes import FixedNodes

CHAIN = ChainId(f"eip155:{CHAIN_NUMBER}")
HEIGHT = 700
ALL = list(range(1, HEIGHT + 1))
Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LAG_PAUSES", "FAILURE_PAUSES", "THROTTLE_PAUSES"):
        monkeypatch.setattr(range_logs, name, tuple(0.01 for _ in getattr(range_logs, name)))
    monkeypatch.setattr(sample_check, "LOOK_EVERY", 0.0)


class BloomedChain(MadeChain):
    """Its headers have the bloom filters of their logs."""

    def _block(self, number: int) -> dict[str, Any] | None:
        block = super()._block(number)
        mask = 0
        for log in self.logs(number):
            for item in (log.address, *log.topics):
                mask |= bloom.mask_of(item)
        return block and block | {"logsBloom": f"0x{mask:0512x}"}


def changed(change: Change, *methods: str, chain: MadeChain | None = None) -> Answer:
    """The answers of a chain of which one method or another is changed: the logs of `eth_getLogs`, or of receipts."""
    chain = chain or BloomedChain(HEIGHT)

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        reply = chain.answer(call)
        if call["method"] not in methods:
            return reply
        if call["method"] == "eth_getLogs":
            return {"result": change(reply["result"])}
        return {"result": [receipt | {"logs": change(receipt["logs"])} for receipt in reply["result"]]}

    return made_up(answer)


def without(first: int, last: int) -> Change:
    return lambda logs: [log for log in logs if not first <= int(log["blockNumber"], 16) <= last]


def cut(most: int) -> Change:
    """Silently, at so many logs."""
    return lambda logs: logs[:most]


def honest() -> FakeProvider:
    return FakeProvider(made_up(BloomedChain(HEIGHT).answer))


def lying(change: Change, *methods: str) -> FakeProvider:
    return FakeProvider(changed(change, *(methods or ("eth_getLogs",))))


@asynccontextmanager
async def reading(*providers: FakeProvider, share: float = 1.0) -> AsyncIterator[LogSource]:
    """A source over providers of falling priority, whose history is checked."""
    async with AsyncExitStack() as stack:
        for provider in providers:
            await stack.enter_async_context(provider.serving())
        configs = [EndpointConfig(id=n, url=provider.url, priority=n) for n, provider in enumerate(providers)]
        rpc = await stack.enter_async_context(RpcClient(CHAIN, configs))
        yield LogSource(rpc, nodes=FixedNodes(rpc, share))


async def read(logs: LogSource) -> tuple[list[int], Counter[int]]:
    """The blocks whose logs came, in the order they came, and what is said of the endpoints."""
    blocks: list[int] = []
    differed = Counter[int]()
    async for span in logs.spans(1, HEIGHT, ours=bloom.Watch(FOLLOWED, [CATS])):
        blocks += [int(log.block_number, 16) for log in span.logs]
        differed.update(span.differed)
    return blocks, differed


LIES: dict[str, tuple[Change, int]] = {
    "a cut page": (cut(40), 0),
    "nothing at all": (cut(0), HEIGHT),
    "a gap in the middle": (without(333, 335), 3),
}


@pytest.mark.parametrize("name", LIES)
async def test_x08_what_the_reader_leaves_out_of_history_is_read_from_a_second_endpoint(name: str) -> None:
    change, missing = LIES[name]
    async with reading(lying(change), honest()) as logs:
        blocks, differed = await read(logs)
    assert blocks == ALL
    assert set(differed) == {0}
    assert differed[0] == (missing or differed[0])


@pytest.mark.parametrize("name", LIES)
async def test_a_second_endpoint_that_leaves_out_logs_is_named_and_costs_none(name: str) -> None:
    async with reading(honest(), lying(LIES[name][0])) as logs:
        blocks, differed = await read(logs)
    assert blocks == ALL
    assert set(differed) == {1}


async def test_endpoints_that_agree_cost_one_call_for_each_span() -> None:
    first, second = honest(), honest()
    async with reading(first, second) as logs:
        assert await read(logs) == (ALL, {})
    assert second.methods["eth_getLogs"] == first.methods["eth_getLogs"]
    assert set(second.methods) == {"eth_chainId", "eth_getLogs"}
    assert first.methods["eth_getBlockReceipts"] == 0


async def test_logs_that_are_numbered_in_each_transaction_anew_are_no_difference() -> None:
    def renumbered(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [log | {"logIndex": "0x0"} for log in logs]

    chain = BloomedChain(HEIGHT, per_block=2)
    first, second = FakeProvider(made_up(chain.answer)), FakeProvider(changed(renumbered, "eth_getLogs", chain=chain))
    async with reading(first, second) as logs:
        blocks, differed = await read(logs)
    assert (blocks, differed) == (sorted(ALL * 2), {})


async def test_a_log_that_one_endpoint_makes_up_and_the_bloom_filter_rules_out_is_not_taken() -> None:
    def with_more(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made = transfer(ZERO, BOB, 1, contract=EDITIONS, block=50, index=7, block_hash=hash_of(50))
        template = [log for log in logs if int(log["blockNumber"], 16) == 50]
        extra = [log | {"address": made.address, "topics": made.topics, "logIndex": "0x7"} for log in template]
        return [one for log in logs for one in ([log, *extra] if log in template else [log])]

    async with reading(lying(with_more), honest()) as logs:
        blocks, differed = await read(logs)
    assert (blocks, differed) == (ALL, {0: 1})


async def test_two_endpoints_that_contradict_each_other_to_the_last_are_not_believed_either() -> None:
    both = ("eth_getLogs", "eth_getBlockReceipts")
    async with reading(lying(without(30, 30), *both), honest()) as logs:
        with pytest.raises(
            NodesDisagreeError, match=r"Endpoints 0 and 1 contradict each other about the logs of block 30"
        ):
            await read(logs)


async def test_without_receipts_the_bloom_filter_decides_that_a_log_is_there() -> None:
    first, second = lying(without(30, 40)), honest()
    for provider in (first, second):
        provider.refuse = lambda calls, _: (
            error(-32601, "unheard of") if calls[0]["method"] == "eth_getBlockReceipts" else None
        )
    async with reading(first, second) as logs:
        assert await read(logs) == (ALL, {0: 11})


async def test_a_second_endpoint_on_another_fork_is_not_asked_what_is_true() -> None:
    def forked(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [log | {"blockHash": "0x" + "ee" * 32} for log in logs]

    async with reading(honest(), lying(forked)) as logs:
        assert await read(logs) == (ALL, {})


@pytest.mark.parametrize("refusal", [CLOSED, error(-32000, "no"), None], ids=["closes", "refuses", "hangs"])
async def test_a_second_endpoint_that_does_not_answer_holds_up_one_span_and_no_more(
    refusal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_check, "PATIENCE", 0.3)

    async def hangs(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(60 if call["method"] == "eth_getLogs" else 0)
        return BloomedChain(HEIGHT).answer(call)

    def refuses(calls: Calls, _batched: bool) -> Any:
        return refusal if any(call["method"] == "eth_getLogs" for call in calls) else None

    second = (
        FakeProvider(hangs) if refusal is None else FakeProvider(made_up(BloomedChain(HEIGHT).answer), refuse=refuses)
    )
    async with reading(honest(), second) as logs:
        assert await read(logs) == (ALL, {})
    assert sum("eth_getLogs" in methods for methods in second.requests) <= IN_FLIGHT * history_check.REFUSALS


async def test_a_second_endpoint_that_takes_less_at_once_is_asked_in_parts() -> None:
    def narrow(calls: Calls, _batched: bool) -> Any:
        wide = [call for call in calls if call["method"] == "eth_getLogs" and _width(call) > 20]
        return error(-32000, "too many") if wide else None

    second = FakeProvider(made_up(BloomedChain(HEIGHT).answer), refuse=narrow)
    async with reading(lying(without(500, 500)), second) as logs:
        assert await read(logs) == (ALL, {0: 1})


def _width(call: dict[str, Any]) -> int:
    first, last = blocks_of(call["params"][0])
    return last - first + 1


async def test_a_chain_that_checks_nothing_asks_one_endpoint() -> None:
    second = honest()
    async with reading(lying(cut(0)), second, share=0.0) as logs:
        assert await read(logs) == ([], {})
    assert second.answered == 0


@pytest.mark.parametrize("name", ["a cut page", "nothing at all"])
async def test_x08_with_one_endpoint_the_blooms_of_a_spans_edges_show_that_it_lacks_logs(name: str) -> None:
    def of_ranges(logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return logs if len(logs) == 1 else LIES[name][0](logs)  # by its hash a block is read from its receipts

    async with reading(lying(of_ranges)) as logs:
        blocks, differed = await read(logs)
    assert blocks == ALL
    assert set(differed) == {0}


async def test_with_one_honest_endpoint_a_check_costs_a_header_for_each_span() -> None:
    provider = honest()
    async with reading(provider) as logs:
        spans = [span async for span in logs.spans(1, HEIGHT, ours=bloom.Watch(FOLLOWED, [CATS]))]
    assert provider.methods["eth_getBlockByNumber"] <= 4 * len(spans)
    assert provider.methods["eth_getLogs"] == len(spans)
    assert provider.methods["eth_getBlockReceipts"] == 0
