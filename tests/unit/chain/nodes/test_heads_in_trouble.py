"""Nodes, sockets and databases that fail delay a follow and never end it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from aiohttp import web

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.heads import HeadTracker
from steadymint.domain.transactions import Deep, Mined
from steadymint.domain.types import ChainId
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN, CONFIRMATIONS, Connect
from tests.unit.chain.fakes import error, fake_node, hang, proxy
from tests.unit.chain.made import ALICE
from tests.unit.chain.payments import PATIENCE, kinds, nonce_of, pay, take

TROUBLES: dict[str, Callable[[Any], Any]] = {
    "errors": lambda _: error(-32603, "internal error"),
    "throttles": lambda _: error(-32005, "rate limit exceeded", status=429),
    "html": lambda _: web.Response(text="<html></html>", content_type="text/html"),
    "hangs": hang,
    "wrong_shapes": lambda _: web.json_response({"jsonrpc": "2.0", "id": 1, "result": {"number": 7}}),
}


@pytest.mark.parametrize("name", TROUBLES)
async def test_a_node_in_trouble_delays_a_follow_and_never_ends_it(
    chain: LocalChain, connect: Connect, name: str
) -> None:
    troubled = True
    async with proxy(chain, lambda request: TROUBLES[name](request) if troubled else None) as node:
        tracker = HeadTracker(await connect(chain, url=node.url, timeout=0.5), CHAIN)
        nonce = await nonce_of(chain)
        tx_hash = await pay(chain)
        async with tracker.follow(tx_hash, ALICE, nonce) as states:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(states), 1.5)
            troubled = False
            (mined,) = await take(states)
            assert isinstance(mined, Mined)
            troubled = True
            await chain.anvil.mine(CONFIRMATIONS)
            await asyncio.sleep(0.5)
            troubled = False
            assert await kinds(states) == [Deep]
        await tracker.close()


async def test_heads_come_by_websocket_without_polling(chain: LocalChain, connect: Connect) -> None:
    async with proxy(chain) as node:
        clients = await connect(chain, url=node.url, ws_url=chain.anvil.ws_url)
        tracker = HeadTracker(clients, CHAIN)
        head = await asyncio.wait_for(tracker.changed(), PATIENCE)
        node.requests.clear()
        for _ in range(5):
            waiting = asyncio.create_task(tracker.changed(head.hash))
            await asyncio.sleep(0)
            await chain.anvil.mine()
            head = await asyncio.wait_for(waiting, PATIENCE)
        assert head.number == await chain.anvil.block_number()
        assert node.requests == []
        await tracker.close()


@pytest.mark.parametrize("ws_url", ["ws://127.0.0.1:1/dead", "http-of-anvil"])
async def test_without_a_websocket_that_answers_polling_serves(
    chain: LocalChain, connect: Connect, ws_url: str
) -> None:
    async with fake_node(lambda _: web.Response(text="no websocket here")) as node:
        url = node.url.replace("http", "ws") if ws_url == "http-of-anvil" else ws_url
        tracker = HeadTracker(await connect(chain, ws_url=url), CHAIN)
        async with tracker.follow(await pay(chain), ALICE) as states:
            await chain.anvil.mine(CONFIRMATIONS)
            assert await kinds(states) == [Mined, Deep]
        await tracker.close()


async def test_heads_come_again_after_the_registrys_database_was_away(
    chain: LocalChain, clients: ChainClients, tracker: HeadTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoints, failures = clients.registry.endpoints, [asyncpg.AdminShutdownError("terminating connection")]

    async def restarted(chain_id: ChainId) -> tuple[EndpointConfig, ...]:
        if failures:
            raise failures.pop()
        return await endpoints(chain_id)

    monkeypatch.setattr(clients.registry, "endpoints", restarted)
    async with asyncio.timeout(PATIENCE):
        first = await tracker.changed()
        await chain.anvil.mine(1)
        assert (await tracker.changed(first.hash)).number == first.number + 1


async def test_a_restarted_node_is_found_again_over_its_websocket(
    new_chain: Callable[..., Awaitable[LocalChain]], connect: Connect
) -> None:
    chain = await new_chain(persist=True)
    tracker = HeadTracker(await connect(chain, ws_url=chain.anvil.ws_url, timeout=1.0), CHAIN)
    nonce = await nonce_of(chain)
    async with tracker.follow(await pay(chain), ALICE, nonce) as states:
        await take(states)
        await chain.anvil.stop()
        await asyncio.sleep(0.5)
        await chain.anvil.start()
        await chain.anvil.mine(CONFIRMATIONS)
        told = await kinds(states)
        assert told[-1] is Deep
    await tracker.close()


async def test_a_node_restarted_twice_is_still_the_chain_that_was_pinned(
    new_chain: Callable[..., Awaitable[LocalChain]], connect: Connect
) -> None:
    chain = await new_chain(persist=True)
    pinned = (await chain.anvil.rpc("eth_getBlockByNumber", "0x1", False))["parentHash"]
    client = await (await connect(chain, genesis_hash=pinned)).of(CHAIN)
    assert await client.block_number() > 0
    for _ in range(3):
        await chain.anvil.restart()
        assert await (await (await connect(chain, genesis_hash=pinned)).of(CHAIN)).block_number() > 0
