"""What an operator is told of a chain's nodes: where each is, how far, and why one does not answer."""

from __future__ import annotations

import math
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from steadymint.chain.inspecting import ChainInspector
from steadymint.chain.nodes.client import EvmClient
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from tests.support.fake_provider import Calls, FakeProvider, Refusal, error, made_up
from tests.support.made_chain import CHAIN_NUMBER, MadeChain

CHAIN = ChainId(f"eip155:{CHAIN_NUMBER}")


def refuses(calls: Calls, _batched: bool) -> Refusal | None:
    """Whether it serves the chain is all that it tells."""
    return error(-32603, "out of order") if calls[0]["method"] == "eth_blockNumber" else None


async def test_each_endpoint_is_asked_for_its_own_head_and_shown_with_what_it_lacks() -> None:
    providers = [FakeProvider(made_up(MadeChain(blocks).answer)) for blocks in (700, 640)]
    providers.append(FakeProvider(made_up(MadeChain(700).answer), refuse=refuses))
    async with AsyncExitStack() as stack:
        for provider in providers:
            await stack.enter_async_context(provider.serving())
        endpoints = [EndpointConfig(id=n, url=one.url, priority=n) for n, one in enumerate(providers, 1)]
        rpc = await stack.enter_async_context(RpcClient(CHAIN, endpoints))

        async def of(_: ChainId) -> EvmClient:
            return EvmClient(rpc)

        async def registered(_: ChainId) -> list[EndpointConfig]:
            return endpoints

        clients: Any = SimpleNamespace(of=of, registry=SimpleNamespace(endpoints=registered))
        first, second, third = (await ChainInspector(clients).nodes_and_heads(CHAIN)).split("; ")

    assert first == f"endpoint 1 at `{providers[0].url}`, at block 700"
    assert second == f"endpoint 2 at `{providers[1].url}`, at block 640, 60 behind"
    assert third.startswith(f"endpoint 3 at `{providers[2].url}`, no answer: ")

    def behind(endpoint: int) -> float:
        labels = {"chain": CHAIN, "endpoint": str(endpoint)}
        value = REGISTRY.get_sample_value("steadymint_rpc_behind_blocks", labels)
        assert value is not None
        return value

    assert (behind(1), behind(2)) == (0, 60)
    assert math.isnan(behind(3))


@pytest.mark.parametrize(("public_only", "seldom"), [([True, False], False), ([True], False), ([False, False], True)])
async def test_a_chain_mines_seldom_where_all_of_its_nodes_are_local(public_only: list[bool], seldom: bool) -> None:
    async def registered(_: ChainId) -> list[EndpointConfig]:
        return [EndpointConfig(id=n, url="http://x.example", public_only=one) for n, one in enumerate(public_only)]

    async def get(_: ChainId) -> SimpleNamespace:
        return SimpleNamespace(confirmations=3, block_time_seconds=12.0)

    clients: Any = SimpleNamespace(registry=SimpleNamespace(endpoints=registered, get=get))

    pace = await ChainInspector(clients).pace(CHAIN)

    assert (pace.mines_seldom, pace.is_stale(361), pace.is_stale(359)) == (seldom, not seldom, False)
