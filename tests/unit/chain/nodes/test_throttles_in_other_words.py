"""A node that throttles in words that nobody has said before: what no chain can refuse was too much at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes import pace
from steadymint.chain.nodes.error_table import from_json_rpc
from steadymint.chain.nodes.errors import NodeRefusedError, NodeThrottledError, NotIndexedError
from steadymint.chain.nodes.refusals import Refusals
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from tests.support.fake_provider import Calls, FakeProvider, Refusal, made_up
from tests.support.made_chain import MadeChain
from tests.support.refusals import ERRORS
from tests.unit.chain.nodes.test_batches import HEADERS, NUMBERS, serving

WINDOW = 0.3
"""Seconds. The pace leaves a twentieth between two windows: longer than the loop of all these nodes lags."""
REFUSALS = [name for name, error in ERRORS.items() if not isinstance(from_json_rpc(error), UpstreamUnavailableError)]
"""Words that mean neither an outage nor a throttle."""


@pytest.fixture(autouse=True)
def _short_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "WINDOW", WINDOW)


def throttling(error: Any, *, takes_batches: bool) -> FakeProvider:
    """A node that bears ten calls in a window, and says this to more."""

    def refuse(_calls: Calls, batched: bool) -> Refusal | None:
        return web.Response(status=413) if batched and not takes_batches else None

    provider = FakeProvider(made_up(MadeChain(200).answer), refuse=refuse, limit=10)
    provider.window = WINDOW
    provider.throttle = lambda: web.json_response({"jsonrpc": "2.0", "id": 1, "error": error})
    return provider


@pytest.mark.parametrize("takes_batches", [False, True])
async def test_calls_that_no_chain_can_refuse_are_asked_again_at_a_pace_that_the_node_bears(
    takes_batches: bool,
) -> None:
    async def read(name: str) -> None:
        async with serving(throttling(ERRORS[name], takes_batches=takes_batches)) as rpc:
            for _ in range(2):
                answers = await rpc.batch(HEADERS[:25])
                assert all(isinstance(answer, dict) for answer in answers), (name, answers)
            assert [block["number"] for block in answers] == NUMBERS[:25]
            alone = await asyncio.gather(*(rpc.call(*call) for call in HEADERS[:12]))
            assert [block["number"] for block in alone] == NUMBERS[:12], name
            assert rpc.endpoints[0].rate is not None, name

    await asyncio.gather(*map(read, REFUSALS))


async def test_what_is_refused_again_and_again_is_refused() -> None:
    """A node that keeps no old blocks answers others of the same method."""

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        if call["params"] and call["params"][0] == "0x5":
            return {"error": {"code": -32000, "message": "sorry"}}
        return MadeChain(200).answer(call)

    provider = FakeProvider(made_up(answer), refuse=throttling({}, takes_batches=False).refuse)
    async with serving(provider) as rpc:
        answers = await rpc.batch(HEADERS[:12])
        assert [type(answer) for answer in answers] == [NodeRefusedError if n == 5 else dict for n in range(12)]
        await asyncio.sleep(WINDOW)
        asked = len(provider.requests)
        with pytest.raises(NodeRefusedError):
            await rpc.call(*HEADERS[5])
        assert len(provider.requests) == asked + 1, "one call at a time is not too much"


@pytest.mark.parametrize(("method", "times"), [("eth_getTransactionReceipt", 1), ("eth_getBlockByNumber", 2)])
def test_a_refusal_among_many_calls_is_believed_sooner_where_it_may_be_meant_for_a_transaction(
    method: str, times: int
) -> None:
    refusals, refusal = Refusals(), NodeRefusedError()
    refusals.meant(method, {}, crowded=True, times=0)

    meant = [refusals.meant(method, refusal, crowded=True, times=tried) for tried in range(3)]

    assert [isinstance(one, NodeThrottledError) for one in meant] == [True] * times + [False] * (3 - times)


async def test_a_node_that_still_indexes_its_transactions_keeps_its_pace() -> None:
    chain = MadeChain(200)
    known = [("eth_getTransactionReceipt", (log.transaction_hash,)) for n in range(40) for log in chain.logs(n)]
    lacks = ("eth_getTransactionReceipt", ("0x" + "ee" * 32,))
    indexing = {"code": -32000, "message": "transaction indexing is in progress"}

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        found = chain.answer(call)
        return found if found.get("result") else {"error": indexing}

    provider = FakeProvider(made_up(answer))
    async with serving(provider) as rpc:
        await asyncio.gather(*(rpc.call(*call) for call in known))
        endpoint, asked = rpc.endpoints[0], len(provider.requests)
        for _ in range(3):
            with pytest.raises(NotIndexedError):
                await rpc.call(*lacks)
        assert len(provider.requests) == asked + 3
        assert endpoint.rate is None
        assert not endpoint.cooling()


@pytest.mark.parametrize("status", [403, 429, 503])
async def test_the_wait_that_a_node_names_is_kept_whatever_it_says_beside(status: int) -> None:
    def refuse(_calls: Calls, _batched: bool) -> Refusal | None:
        error = {"jsonrpc": "2.0", "id": 1, "error": {"code": -32000, "message": "slow down"}}
        return web.json_response(error, status=status, headers={"Retry-After": "7"})

    provider = FakeProvider(made_up(MadeChain(200).answer))
    async with serving(provider) as rpc:
        await rpc.call(*HEADERS[0])
        provider.refuse = refuse
        with pytest.raises(SteadymintError) as caught:
            await rpc.call(*HEADERS[1])
    assert isinstance(caught.value, NodeThrottledError)
    assert caught.value.retry_after == 7
