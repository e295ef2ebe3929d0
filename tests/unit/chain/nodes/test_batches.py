"""Batches on providers as they are: whatever one says to a batch, every call is answered, and what it takes is
remembered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import orjson
import pytest
from aiohttp import web

from steadymint.chain.nodes.batch_work import BatchWork
from steadymint.chain.nodes.endpoint import Endpoint, EndpointConfig
from steadymint.chain.nodes.errors import NodeThrottledError
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.types import ChainId
from tests.support.fake_provider import SILENT, Calls, FakeProvider, Refusal, made_up
from tests.support.made_chain import MadeChain
from tests.support.refusals import WORDS

CHAIN = ChainId("eip155:31337")
HEADERS = [("eth_getBlockByNumber", (hex(number), False)) for number in range(150)]
NUMBERS = [hex(number) for number in range(150)]


@asynccontextmanager
async def serving(*providers: FakeProvider, **options: Any) -> AsyncIterator[RpcClient]:
    """A client over providers of falling priority."""
    async with AsyncExitStack() as stack:
        for provider in providers:
            await stack.enter_async_context(provider.serving())
        configs = [EndpointConfig(id=n, url=provider.url, priority=n) for n, provider in enumerate(providers)]
        yield await stack.enter_async_context(RpcClient(CHAIN, configs, **options))


def taking(most: int, name: str) -> FakeProvider:
    """A provider that takes so many calls in a batch; 0 for none, not even a batch of one."""

    def refuse(calls: Calls, batched: bool) -> Refusal | None:
        return WORDS[name]() if batched and len(calls) > most else None

    return FakeProvider(made_up(MadeChain(200).answer), refuse=refuse)


async def numbers(rpc: RpcClient) -> list[str]:
    return [block["number"] for block in await rpc.batch(HEADERS)]


@pytest.mark.parametrize("most", [0, 7])
@pytest.mark.parametrize("name", WORDS)
async def test_a_batch_that_is_refused_in_any_words_is_halved_down_to_what_the_node_takes(name: str, most: int) -> None:
    provider = taking(most, name)

    async with serving(provider) as rpc:
        assert await numbers(rpc) == NUMBERS
        refused = provider.refused
        assert await numbers(rpc) == NUMBERS

    assert provider.refused - refused <= 2, "the size is remembered"
    assert provider.methods["eth_getBlockByNumber"] == 300, "no call is answered twice"


async def test_a_node_that_answers_only_a_part_of_a_batch_gets_smaller_batches() -> None:
    chain = MadeChain(200)

    class Short(FakeProvider):
        async def handle(self, request: web.Request) -> web.StreamResponse:
            body = await request.json()
            if not isinstance(body, list):
                return await super().handle(request)
            self.requests.append([call["method"] for call in body])
            return web.json_response([{"id": call["id"], **chain.answer(call)} for call in body[:10]])

    provider = Short(made_up(chain.answer))
    async with serving(provider) as rpc:
        assert await numbers(rpc) == NUMBERS
        assert await numbers(rpc) == NUMBERS
    assert max(len(methods) for methods in provider.requests[-15:]) <= 12


async def test_a_node_that_hangs_on_batches_is_asked_singly_after_two_silences_and_no_call_fails() -> None:
    provider = FakeProvider(made_up(MadeChain(200).answer), refuse=lambda _calls, batched: SILENT if batched else None)
    async with serving(provider, timeout=2) as rpc:
        assert await numbers(rpc) == NUMBERS
        hung = provider.refused
        assert hung <= 2 * 2, "two that are asked at once, two times"
        assert rpc.endpoints[0].batch.calls == 1
        assert rpc.endpoints[0].last_error is None

        assert await numbers(rpc) == NUMBERS
    assert provider.refused - hung <= 2, "it is remembered"
    assert provider.methods["eth_getBlockByNumber"] == 300, "no call is answered twice"


async def test_of_a_batch_on_which_the_node_hangs_only_the_call_that_it_answered_singly_counts_for_its_pace() -> None:
    async def post(body: bytes) -> bytes:
        if body.startswith(b"["):
            await asyncio.Event().wait()
        return orjson.dumps({"id": 1, "result": {}})

    endpoint = Endpoint(EndpointConfig(id=1, url="http://localhost"))
    assert await BatchWork(HEADERS).ask(endpoint, 100, post, 0.1) == (None, 1)
    assert await BatchWork(HEADERS[:1]).ask(endpoint, 1, post, 0.1) == (None, 1)


@pytest.mark.parametrize("slow_with", ["eth_getBlockByNumber", "},{"], ids=["everything", "batches"])
async def test_a_node_that_is_slow_keeps_its_batches(slow_with: str) -> None:
    class Slow(FakeProvider):
        async def handle(self, request: web.Request) -> web.StreamResponse:
            if slow_with in await request.text():
                await asyncio.sleep(1.2)
            return await super().handle(request)

    provider = Slow(made_up(MadeChain(200).answer))
    async with serving(provider, timeout=2) as rpc:
        assert [block["number"] for block in await rpc.batch(HEADERS[:40])] == NUMBERS[:40]
        assert rpc.endpoints[0].batch.calls == 100
    assert provider.methods["eth_getBlockByNumber"] - 40 in (0, 1), "one is asked singly at most"


async def test_a_node_that_is_down_is_not_asked_in_ever_smaller_batches() -> None:
    provider = FakeProvider(made_up(MadeChain(200).answer), refuse=lambda _calls, _batched: web.Response(status=502))
    async with serving(provider) as rpc:
        with pytest.raises(UpstreamUnavailableError):
            await rpc.batch(HEADERS)
        assert rpc.endpoints[0].batch.calls == 100
    assert len(provider.requests) <= 4


async def test_of_a_batch_that_is_throttled_in_part_only_that_part_is_asked_again() -> None:
    chain = MadeChain(200)
    throttled: set[str] = set()

    def answer(call: dict[str, Any]) -> dict[str, Any]:
        number = str(call["params"][0]) if call["params"] else "0x0"
        if int(number, 16) % 3 != 1 or number in throttled:
            return chain.answer(call)
        throttled.add(number)
        return {"error": {"code": 429, "message": "slow down"}}

    provider = FakeProvider(made_up(answer))
    async with serving(provider) as rpc:
        assert [block["number"] for block in await rpc.batch(HEADERS[:60])] == NUMBERS[:60]
    assert provider.methods["eth_getBlockByNumber"] == 60 + 20


async def test_calls_at_once_on_a_node_that_throttles_are_all_answered_and_none_twice() -> None:
    provider = FakeProvider(made_up(MadeChain(200).answer), limit=20)

    async with serving(provider, timeout=30) as rpc:
        found = await asyncio.gather(*(rpc.call(*call) for call in HEADERS[:45]))

    assert [block["number"] for block in found] == NUMBERS[:45]
    assert provider.methods == {"eth_chainId": 1, "eth_getBlockByNumber": 45}


async def test_a_batch_larger_than_what_the_node_bears_in_a_second_is_sent_in_parts() -> None:
    provider = FakeProvider(made_up(MadeChain(200).answer), limit=20)

    async with serving(provider, timeout=30) as rpc:
        assert [block["number"] for block in await rpc.batch(HEADERS[:60])] == NUMBERS[:60]
        assert rpc.endpoints[0].batch.calls == 100, "it was the number that it did not bear"

    assert provider.methods["eth_getBlockByNumber"] == 60


async def test_a_call_that_cannot_be_sent_in_its_time_is_refused_at_once_and_the_next_goes_on() -> None:
    provider = FakeProvider(made_up(MadeChain(200).answer))
    provider.retry_after = "3"
    provider.limit = 0

    async with serving(provider, timeout=2) as rpc:
        with pytest.raises(NodeThrottledError) as caught:
            await rpc.call(*HEADERS[0])
        assert caught.value.retry_after is not None
        asked = len(provider.requests)
        with pytest.raises(NodeThrottledError):
            await rpc.call(*HEADERS[0])
        assert len(provider.requests) == asked, "the node was asked before its time"
        provider.limit = None
        assert (await rpc.call(*HEADERS[0], timeout=10))["number"] == "0x0"
