"""What nodes say of transactions and accounts, as far as they say it."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.errors import SteadymintError, UpstreamUnavailableError
from steadymint.domain.types import ChainId
from steadymint.indexing.reading.lookups import Lookups, Question
from tests.support.fake_provider import CLOSED, Calls, FakeProvider, Refusal, made_up

CHAIN = ChainId("eip155:31337")
SENDER = "0x" + "Ab" * 20
KNOWN = [Question("transaction", "known")]


def answer(call: dict[str, Any]) -> dict[str, Any]:
    asked = call["params"][0] if call["params"] else ""
    if call["method"] == "eth_chainId":
        return {"result": "0x7a69"}
    if asked == "refused":
        return {"error": {"code": -32602, "message": "invalid argument 0"}}
    if asked == "fails":
        return {"error": {"code": -32603, "message": "internal error"}}
    if call["method"] == "eth_getCode":
        return {"result": asked}
    return {"result": {"from": SENDER} if asked.startswith("known") else None}


async def test_what_nodes_do_not_know_or_do_not_tell_is_none_and_what_they_fail_at_is_an_error() -> None:
    provider = FakeProvider(made_up(answer))
    async with provider.serving(), RpcClient(CHAIN, [EndpointConfig(id=1, url=provider.url)]) as rpc:
        expected = {
            Question("transaction", "known"): SENDER.lower(),
            Question("account", "0x"): False,
            Question("transaction", "unknown"): None,
            Question("account", "0xef01"): True,
            Question("transaction", "refused"): None,
            Question("account", "refused"): None,
        }
        failing = Question("account", "fails")
        said = await Lookups(rpc).ask([*expected, failing])
        assert isinstance(said.pop(failing), SteadymintError)
        assert said == expected
        assert await Lookups(rpc).ask([]) == {}


@pytest.mark.parametrize("throttles", [False, True])
async def test_it_raises_only_if_the_endpoint_answers_nothing_else_or_throttles(throttles: bool) -> None:
    failing, down = Question("account", "fails"), [False]

    def refuse(calls: Calls, _batched: bool) -> Refusal | None:
        if not down[0] or (throttles and calls[0]["method"] == "eth_chainId"):
            return None
        return web.Response(status=429) if throttles else CLOSED

    provider = FakeProvider(made_up(answer), refuse=refuse)
    async with provider.serving(), RpcClient(CHAIN, [EndpointConfig(id=1, url=provider.url)]) as rpc:
        said = await Lookups(rpc).ask([failing])
        assert isinstance(said[failing], SteadymintError)
        assert len(await Lookups(rpc).ask(KNOWN)) == 1, "the endpoint is not paused"
        down[0] = True
        with pytest.raises(UpstreamUnavailableError):
            await Lookups(rpc).ask(KNOWN)


async def test_of_what_an_endpoint_has_to_spare_only_what_is_asked_is_taken() -> None:
    provider = FakeProvider(made_up(answer))
    async with provider.serving(), RpcClient(CHAIN, [EndpointConfig(id=1, url=provider.url, rate_limit=8)]) as rpc:
        assert len(await Lookups(rpc).ask(KNOWN)) == 1
        assert rpc.endpoints[0].take_spare(), "checks of what was read have the rest"


async def test_what_one_endpoint_has_to_spare_is_not_asked_of_another() -> None:
    limited, free = (FakeProvider(made_up(answer)) for _ in range(2))
    questions = [Question("transaction", f"known {nth}") for nth in range(100)]
    async with limited.serving(), free.serving():
        configs = [
            EndpointConfig(id=1, url=limited.url, priority=0, rate_limit=8),
            EndpointConfig(id=2, url=free.url, priority=1),
        ]
        async with RpcClient(CHAIN, configs) as rpc:
            while rpc.endpoints[0].take_spare():
                pass
            assert len(await Lookups(rpc).ask(questions)) == 100
    assert limited.methods["eth_getTransactionByHash"] == 0
