from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.errors import (
    ExecutionRevertedError,
    NodeThrottledError,
    ReplyTooLargeError,
    UnknownBlockError,
    WrongChainError,
)
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from tests.support.fake_provider import FakeProvider
from tests.unit.chain.fakes import SECRET, FakeNode, Handler, echo, error, fake_node, hang, result

CHAIN = ChainId("eip155:31337")


@asynccontextmanager
async def serving(*handlers: Handler, **options: Any) -> AsyncIterator[tuple[RpcClient, list[FakeNode]]]:
    """A client over one fake node per handler; the first has the best priority."""
    async with AsyncExitStack() as stack:
        nodes = [await stack.enter_async_context(fake_node(handler)) for handler in handlers]
        configs = [
            EndpointConfig(id=n, url=node.url, priority=n, rate_limit=options.pop("rate_limit", None))
            for n, node in enumerate(nodes)
        ]
        yield await stack.enter_async_context(RpcClient(CHAIN, configs, **options)), nodes


def status(code: int, text: str = "", **headers: str) -> Handler:
    return lambda _: web.Response(status=code, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})


BAD_NODES: dict[str, Handler] = {
    "429": status(429),
    "429_with_json": lambda _: error(-32005, "project ID request rate exceeded", status=429),
    "html": lambda _: web.Response(text="<html>It works!</html>", content_type="text/html"),
    "html_502": status(502, "<html>Bad gateway</html>"),
    "null": lambda _: web.Response(text="null", content_type="application/json"),
    "empty": lambda _: web.Response(text=""),
    "list": lambda _: web.json_response([1, 2]),
    "no_result": lambda _: web.json_response({"jsonrpc": "2.0", "id": 1}),
    "forbidden": status(403),
    "redirect": status(302, Location="http://127.0.0.1:1/elsewhere"),
    "hang": hang,
}


@pytest.mark.parametrize("name", BAD_NODES)
async def test_a_bad_node_is_unavailable_and_never_an_answer(name: str) -> None:
    async with serving(BAD_NODES[name], timeout=0.5) as (rpc, _):
        with pytest.raises(UpstreamUnavailableError) as caught:
            await rpc.call("eth_blockNumber")
    assert caught.value.retryable


@pytest.mark.parametrize("name", BAD_NODES)
async def test_a_bad_node_is_passed_over_for_the_next_endpoint(name: str) -> None:
    async with serving(BAD_NODES[name], echo, timeout=1.0) as (rpc, _):
        assert await rpc.call("echo", ["hello"]) == "hello"


@pytest.mark.parametrize("name", BAD_NODES)
async def test_no_error_names_the_address_of_a_node(name: str) -> None:
    async with serving(BAD_NODES[name], timeout=0.5) as (rpc, nodes):
        with pytest.raises(SteadymintError) as caught:
            await rpc.call("eth_blockNumber")
    told = "".join(traceback.format_exception(caught.value)) + repr(rpc) + repr(caught.value.extra)
    assert SECRET not in told
    assert nodes[0].url.split("/")[2] not in told


async def test_an_address_in_the_words_of_a_node_is_not_repeated() -> None:
    async with serving(lambda _: error(-32600, f"bad request to https://node.example/{SECRET}")) as (rpc, _):
        with pytest.raises(SteadymintError) as caught:
            await rpc.call("eth_blockNumber")
    assert SECRET not in str(caught.value)


async def test_a_dead_port_is_unavailable() -> None:
    async with RpcClient(CHAIN, [EndpointConfig(id=1, url=f"http://127.0.0.1:1/{SECRET}")]) as rpc:
        with pytest.raises(UpstreamUnavailableError) as caught:
            await rpc.call("eth_blockNumber")
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_a_chain_without_endpoints_is_unavailable() -> None:
    async with RpcClient(CHAIN, []) as rpc:
        with pytest.raises(UpstreamUnavailableError):
            await rpc.call("eth_blockNumber")


async def test_retry_after_is_kept_and_told_to_the_caller() -> None:
    async with serving(status(429, Retry_After="7")) as (rpc, (node,)):
        with pytest.raises(NodeThrottledError) as caught:
            await rpc.call("eth_blockNumber")
        assert caught.value.retry_after == 7
        hits = node.hits
        with pytest.raises(UpstreamUnavailableError) as again:
            await rpc.call("eth_blockNumber")
        assert node.hits == hits, "the node was asked before its time"
        assert again.value.retry_after is not None
        assert 0 < again.value.retry_after <= 7


async def test_a_node_that_fails_again_and_again_is_left_alone_for_a_while() -> None:
    async with serving(status(500)) as (rpc, (node,)):
        for _ in range(5):
            with pytest.raises(UpstreamUnavailableError):
                await rpc.call("eth_blockNumber")
    assert len(node.requests) == 2


async def test_a_node_that_comes_back_serves_again() -> None:
    answers = [status(500), status(500), echo]
    async with serving(lambda request: answers.pop(0)(request)) as (rpc, _):
        for _ in range(2):
            with pytest.raises(UpstreamUnavailableError):
                await rpc.call("echo", ["x"])
        with pytest.raises(UpstreamUnavailableError) as caught:
            await rpc.call("echo", ["x"])
        assert caught.value.retry_after is not None
        await asyncio.sleep(caught.value.retry_after + 0.01)
        assert await rpc.call("echo", ["x"]) == "x"


async def test_an_endpoint_of_another_chain_is_never_believed() -> None:
    async with fake_node(echo, chain_number=1) as wrong, fake_node(echo) as right:
        first = EndpointConfig(id=1, url=wrong.url, priority=0)
        async with RpcClient(CHAIN, [first, EndpointConfig(id=2, url=right.url, priority=1)]) as rpc:
            assert await rpc.call("echo", ["x"]) == "x"
        async with RpcClient(CHAIN, [first]) as rpc:
            with pytest.raises(WrongChainError):
                await rpc.call("echo", ["x"])
    assert wrong.requests == []


async def test_a_fork_with_the_same_number_is_told_by_its_first_block() -> None:
    def handler(request: Any) -> web.Response:
        return result({"hash": "0x" + "22" * 32}) if request["method"] == "eth_getBlockByNumber" else echo(request)

    async with serving(handler, genesis_hash="0x" + "11" * 32) as (rpc, _):
        with pytest.raises(WrongChainError):
            await rpc.call("echo", ["x"])
    async with serving(handler, genesis_hash="0x" + "22" * 32) as (rpc, _):
        assert await rpc.call("echo", ["x"]) == "x"


async def test_a_development_node_that_made_itself_a_new_first_block_is_still_known() -> None:
    def handler(request: Any) -> web.Response:
        if request["method"] != "eth_getBlockByNumber":
            return echo(request)
        own = request["params"][0] == "0x0"
        return result({"hash": "0x" + ("22" if own else "33") * 32, "parentHash": "0x" + ("00" if own else "11") * 32})

    async with serving(handler, genesis_hash="0x" + "11" * 32) as (rpc, _):
        assert await rpc.call("echo", ["x"]) == "x"
    async with serving(handler, genesis_hash="0x" + "33" * 32) as (rpc, _):
        with pytest.raises(WrongChainError):
            await rpc.call("echo", ["x"])


async def test_the_chain_is_proved_once_however_many_ask_at_first() -> None:
    async with serving(echo) as (rpc, (node,)):
        await asyncio.gather(*(rpc.call("echo", [n]) for n in range(20)))
    assert node.hits == 21


async def test_slow_nodes_are_proved_in_a_first_try_and_answer_in_the_second() -> None:
    """The share of one endpoint is enough for the proof or for the call, and not for both."""

    async def slow(call: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0.2)
        return {"result": hex(31337)}

    async with FakeProvider(slow).serving() as one, FakeProvider(slow).serving() as other:
        configs = [EndpointConfig(n, provider.url) for n, provider in enumerate((one, other))]
        async with RpcClient(CHAIN, configs, timeout=0.7) as rpc:
            with pytest.raises(UpstreamUnavailableError):
                await rpc.call("echo")
            assert await rpc.call("echo") == hex(31337)


async def test_a_revert_is_an_answer_and_no_other_node_is_asked() -> None:
    async with serving(lambda _: error(3, "execution reverted", "0x08c379a0"), echo) as (rpc, (_, second)):
        with pytest.raises(ExecutionRevertedError) as caught:
            await rpc.call("eth_call", [{}])
    assert caught.value.data == bytes.fromhex("08c379a0")
    assert second.hits == 0


async def test_a_node_that_lags_behind_is_passed_over_but_stays_on_duty() -> None:
    async with serving(lambda _: error(-32000, "header not found"), echo) as (rpc, (first, _)):
        for _ in range(4):
            assert await rpc.call("echo", ["x"]) == "x"
    assert len(first.requests) == 4
    async with serving(lambda _: error(-32000, "header not found")) as (rpc, _):
        with pytest.raises(UnknownBlockError) as caught:
            await rpc.call("eth_call", [])
    assert caught.value.retryable


async def test_a_reply_without_end_is_cut_off() -> None:
    async with serving(lambda _: result("a" * 2_000_000), max_reply=100_000) as (rpc, _):
        with pytest.raises(ReplyTooLargeError):
            await rpc.call("eth_getLogs", [{}])


async def test_endpoints_of_one_priority_share_by_weight() -> None:
    async with fake_node(echo) as light, fake_node(echo) as heavy:
        configs = [EndpointConfig(1, light.url, weight=1), EndpointConfig(2, heavy.url, weight=9)]
        async with RpcClient(CHAIN, configs) as rpc:
            for n in range(200):
                await rpc.call("echo", [n])
    assert 2 <= len(light.requests) <= 60  # 20 expected; outside with a probability below 1e-6
    assert len(light.requests) + len(heavy.requests) == 200


async def test_a_used_up_rate_limit_flows_over_to_the_next_endpoint() -> None:
    async with fake_node(echo) as small, fake_node(echo) as large:
        configs = [EndpointConfig(1, small.url, priority=0, rate_limit=3), EndpointConfig(2, large.url, priority=1)]
        async with RpcClient(CHAIN, configs) as rpc:
            for n in range(20):
                await rpc.call("echo", [n])
    assert 1 <= len(small.requests) <= 6
    assert len(large.requests) >= 14


async def test_raw_gives_the_reply_as_it_came_and_still_raises_errors() -> None:
    async with serving(echo) as (rpc, _):
        assert await rpc.raw("echo", ["x" * 100_000]) == result("x" * 100_000).body
    async with serving(lambda _: error(-32005, "query returned more than 10000 results")) as (rpc, _):
        with pytest.raises(SteadymintError) as caught:
            await rpc.raw("eth_getLogs", [{}])
    assert not caught.value.retryable


async def test_a_batch_keeps_its_order_over_chunks() -> None:
    async with serving(echo) as (rpc, (node,)):
        assert await rpc.batch([("echo", [n]) for n in range(250)]) == list(range(250))
        assert await rpc.batch([]) == []
    assert sorted(len(request) for request in node.requests) == [50, 100, 100]


def partly(refuse: Callable[[int], dict[str, Any] | None]) -> Handler:
    """A node that answers each item of a batch alone; None leaves the item out."""

    def handler(request: Any) -> web.Response:
        answers = [(item["id"], refuse(item["params"][0])) for item in request]
        return web.json_response([{"jsonrpc": "2.0", "id": id_, **answer} for id_, answer in answers if answer])

    return handler


async def test_each_call_of_a_batch_has_its_own_error() -> None:
    def answer(n: int) -> dict[str, Any] | None:
        if n == 1:
            return {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}
        return None if n == 2 else {"result": n}

    async with serving(partly(answer)) as (rpc, _):
        first, second, third, fourth = await rpc.batch([("echo", [n]) for n in range(4)])
    assert (first, fourth) == (0, 3)
    assert isinstance(second, ExecutionRevertedError)
    assert isinstance(third, UpstreamUnavailableError)


async def test_a_batch_throttled_in_part_is_asked_elsewhere_as_a_whole() -> None:
    torn = partly(lambda n: {"error": {"code": 429, "message": "slow down"}} if n else {"result": n})
    async with serving(torn, echo) as (rpc, _):
        assert await rpc.batch([("echo", [n]) for n in range(3)]) == [0, 1, 2]


async def test_a_node_that_takes_smaller_batches_gets_smaller_batches() -> None:
    def handler(request: Any) -> web.Response:
        return error(-32600, "batch too large", id_=None) if len(request) > 10 else echo(request)

    async with serving(handler) as (rpc, (node,)):
        assert await rpc.batch([("echo", [n]) for n in range(64)]) == list(range(64))
        before = len(node.requests)
        assert await rpc.batch([("echo", [n]) for n in range(16)]) == list(range(16))
    assert [len(request) for request in node.requests[before:]] == [8, 8]


async def test_a_single_error_for_a_whole_batch_is_raised() -> None:
    async with serving(lambda _: error(-32603, "internal error", id_=None)) as (rpc, _):
        with pytest.raises(UpstreamUnavailableError):
            await rpc.batch([("echo", [1]), ("echo", [2])])
