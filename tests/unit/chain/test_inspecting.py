"""What an operator is told of a chain's nodes: where each is, how far, and why one does not answer."""

from __future__ import annotations

import asyncio
import math
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from steadymint.chain import inspecting
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

    assert (behind(1), behind(2)) == (0, 60)
    assert math.isnan(behind(3) or 0)


def behind(endpoint: int) -> float | None:
    return REGISTRY.get_sample_value("steadymint_rpc_behind_blocks", {"chain": CHAIN, "endpoint": str(endpoint)})


async def test_an_endpoint_is_in_the_metric_for_as_long_as_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that lagged and was replaced, and those of a chain that another process reads now, alarm nobody."""
    heads = {1: 700, 2: 640}

    async def asked(**_: float) -> dict[int, int]:
        return heads

    async def of(_: ChainId) -> SimpleNamespace:
        return SimpleNamespace(heads=asked)

    async def registered(_: ChainId) -> list[EndpointConfig]:
        return []

    clients: Any = SimpleNamespace(of=of, registry=SimpleNamespace(endpoints=registered))
    inspector = ChainInspector(clients)
    await inspector.nodes_and_heads(CHAIN)
    assert behind(2) == 60
    heads = {1: 700, 3: 700}
    monkeypatch.setattr(inspecting, "SHOWN_FOR", 0)
    await inspector.nodes_and_heads(CHAIN)
    assert (behind(1), behind(2), behind(3)) == (0, None, 0)
    await asyncio.sleep(0.001)  # timers run in their order
    assert (behind(1), behind(3)) == (None, None)


@pytest.mark.parametrize(("public_only", "seldom"), [([True, False], False), ([True], False), ([False, False], True)])
async def test_a_chain_mines_seldom_where_all_of_its_nodes_are_local(public_only: list[bool], seldom: bool) -> None:
    async def registered(_: ChainId) -> list[EndpointConfig]:
        return [EndpointConfig(id=n, url="http://x.example", public_only=one) for n, one in enumerate(public_only)]

    async def get(_: ChainId) -> SimpleNamespace:
        return SimpleNamespace(confirmations=3, block_time_seconds=12.0)

    clients: Any = SimpleNamespace(registry=SimpleNamespace(endpoints=registered, get=get))

    pace = await ChainInspector(clients).pace(CHAIN)

    assert (pace.mines_seldom, pace.is_stale(361), pace.is_stale(359)) == (seldom, not seldom, False)
