from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest
from aiohttp import web

from steadymint.chain.nodes.client import ChainClients
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.heads import HeadTracker
from steadymint.domain.transactions import Deep, Mined, NonceUsed, Pending, Reorged, TxState
from steadymint.domain.types import Address, ChainId, TxHash
from steadymint.stack.anvil import DEV_ACCOUNTS
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN, CONFIRMATIONS, Connect
from tests.unit.chain.fakes import FakeNode, error, fake_node, hang
from tests.unit.chain.made import sent

ALICE = Address(DEV_ACCOUNTS[0].address.lower())
BOB = Address(DEV_ACCOUNTS[1].address.lower())
NOBODY = Address("0x" + "ee" * 20)

PATIENCE = 30.0
"""Seconds a test waits for what must come; far more than it takes."""


@pytest.fixture
async def tracker(clients: ChainClients, chain: LocalChain) -> AsyncIterator[HeadTracker]:
    tracker = HeadTracker(clients, CHAIN)
    yield tracker
    await tracker.close()


async def pay(chain: LocalChain, **options: Any) -> TxHash:
    """Sends a payment of Alice's; mined at once unless automine is off."""
    request = {"from": ALICE, "to": BOB, "value": "0x1", "gas": hex(21_000), **options}
    return await sent(chain, "eth_sendTransaction", request)


async def nonce_of(chain: LocalChain, account: Address = ALICE) -> int:
    return int(await chain.anvil.rpc("eth_getTransactionCount", account, "latest"), 16)


async def take(states: AsyncIterator[TxState], count: int = 1) -> list[TxState]:
    async with asyncio.timeout(PATIENCE):
        return [await anext(states) for _ in range(count)]


async def kinds(states: AsyncIterator[TxState]) -> list[type[TxState]]:
    """All that is told until the end."""
    async with asyncio.timeout(PATIENCE):
        return [type(state) async for state in states]


async def test_a_transaction_is_pending_then_mined_then_deep(chain: LocalChain, tracker: HeadTracker) -> None:
    await chain.anvil.rpc("anvil_setAutomine", False)
    nonce = await nonce_of(chain)
    tx_hash = await pay(chain)
    async with tracker.follow(tx_hash, ALICE, nonce) as states:
        assert await take(states) == [Pending()]
        await chain.anvil.mine()
        (mined,) = await take(states)
        assert isinstance(mined, Mined)
        assert mined.succeeded
        assert mined.confirmations == 1
        assert mined.block_number == await chain.anvil.block_number()
        await chain.anvil.mine(CONFIRMATIONS - 1)
        assert await take(states) == [Deep(mined.block_number, mined.block_hash, True)]
        assert await kinds(states) == [], "it has ended"


async def test_a_state_is_told_once_however_many_blocks_come(chain: LocalChain, tracker: HeadTracker) -> None:
    await chain.anvil.rpc("anvil_setAutomine", False)
    async with tracker.follow(await pay(chain), ALICE, await nonce_of(chain)) as states:
        await take(states)
        for _ in range(CONFIRMATIONS):
            await chain.anvil.mine()
            await asyncio.sleep(0.15)
        assert await kinds(states) == [Mined, Deep]


async def test_a_transaction_long_since_deep_is_told_at_once(chain: LocalChain, tracker: HeadTracker) -> None:
    tx_hash = await pay(chain)
    await chain.anvil.mine(CONFIRMATIONS + 5)
    async with tracker.follow(tx_hash, ALICE) as states:
        mined, deep = await take(states, 2)
    assert isinstance(mined, Mined)
    assert mined.confirmations == CONFIRMATIONS + 6
    assert isinstance(deep, Deep)


async def test_a_reverted_transaction_is_mined_without_success(chain: LocalChain, tracker: HeadTracker) -> None:
    nonce = await nonce_of(chain)
    tx_hash = await pay(chain, to=chain.contracts.factory, data="0xdeadbeef", gas=hex(100_000), value="0x0")
    await chain.anvil.mine(CONFIRMATIONS)
    async with tracker.follow(tx_hash, ALICE, nonce) as states:
        mined, deep = await take(states, 2)
    assert isinstance(mined, Mined)
    assert isinstance(deep, Deep)
    assert not mined.succeeded
    assert not deep.succeeded


async def test_a_used_nonce_is_told_only_when_it_is_deep(chain: LocalChain, tracker: HeadTracker) -> None:
    await chain.anvil.rpc("anvil_setAutomine", False)
    nonce = await nonce_of(chain)
    replaced = await pay(chain, gasPrice=hex(2 * 10**9))
    async with tracker.follow(replaced, ALICE, nonce) as states:
        assert await take(states) == [Pending()]
        await pay(chain, nonce=hex(nonce), value="0x2", gasPrice=hex(20 * 10**9))
        await chain.anvil.mine()
        used_in = await chain.anvil.block_number()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(states), 0.5)
        await chain.anvil.mine(CONFIRMATIONS - 1)
        assert await take(states) == [NonceUsed(nonce, used_in)]
        assert await kinds(states) == []


async def test_a_nonce_nobody_knew_is_learnt_from_the_node(chain: LocalChain, tracker: HeadTracker) -> None:
    """The sender that was named is wrong too: a relayer sent it."""
    await chain.anvil.rpc("anvil_setAutomine", False)
    nonce = await nonce_of(chain)
    replaced = await pay(chain, gasPrice=hex(2 * 10**9))
    async with tracker.follow(replaced, NOBODY) as states:
        assert await take(states) == [Pending()]
        await asyncio.sleep(0.3)
        await pay(chain, nonce=hex(nonce), value="0x2", gasPrice=hex(20 * 10**9))
        await chain.anvil.mine(CONFIRMATIONS)
        (used,) = await take(states)
    assert isinstance(used, NonceUsed)
    assert used.nonce == nonce


async def test_an_unknown_hash_stays_pending(chain: LocalChain, tracker: HeadTracker) -> None:
    async with tracker.follow(TxHash("0x" + "77" * 32), NOBODY) as states:
        assert await take(states) == [Pending()]
        await chain.anvil.mine(5)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(states), 0.5)


async def test_a_transaction_that_a_reorg_drops_is_told_and_found_again(
    chain: LocalChain, tracker: HeadTracker
) -> None:
    snapshot = await chain.anvil.rpc("evm_snapshot")
    nonce = await nonce_of(chain)
    raw = await signed_payment(chain, nonce)
    tx_hash = await sent(chain, "eth_sendRawTransaction", raw)
    async with tracker.follow(tx_hash, ALICE, nonce) as states:
        (mined,) = await take(states)
        assert isinstance(mined, Mined)
        await chain.anvil.rpc("evm_revert", snapshot)
        await chain.anvil.rpc("evm_increaseTime", 7)
        await chain.anvil.mine(2)
        assert await take(states) == [Reorged(mined.block_number, mined.block_hash)]
        await chain.anvil.rpc("eth_sendRawTransaction", raw)
        (again,) = await take(states)
        assert isinstance(again, Mined)
        assert again.block_number > mined.block_number
        await chain.anvil.mine(CONFIRMATIONS)
        assert await kinds(states) == [Deep]


async def test_a_chain_wound_back_and_left_there_is_noticed(chain: LocalChain, tracker: HeadTracker) -> None:
    snapshot = await chain.anvil.rpc("evm_snapshot")
    nonce = await nonce_of(chain)
    async with tracker.follow(await pay(chain), ALICE, nonce) as states:
        (mined,) = await take(states)
        assert isinstance(mined, Mined)
        await chain.anvil.rpc("evm_revert", snapshot)
        assert await take(states) == [Reorged(mined.block_number, mined.block_hash)]


@pytest.mark.parametrize("depth", [1, 2])
async def test_a_transaction_that_a_reorg_moves_is_told_in_its_new_block(
    chain: LocalChain, tracker: HeadTracker, depth: int
) -> None:
    nonce = await nonce_of(chain)
    raw = await signed_payment(chain, nonce)
    tx_hash = await sent(chain, "eth_sendRawTransaction", raw)
    await chain.anvil.mine(depth - 1) if depth > 1 else None
    async with tracker.follow(tx_hash, ALICE, nonce) as states:
        (mined,) = await take(states)
        assert isinstance(mined, Mined)
        # Another transaction too: a block of the same second with the same content would be the same block.
        other = await signed_payment(chain, nonce + 1)
        await chain.anvil.rpc("anvil_reorg", depth, [[raw, depth - 1], [other, depth - 1]])
        reorged, again = await take(states, 2)
        assert reorged == Reorged(mined.block_number, mined.block_hash)
        assert isinstance(again, Mined)
        assert again.block_hash != mined.block_hash
        await chain.anvil.mine(CONFIRMATIONS)
        assert await kinds(states) == [Deep]


async def signed_payment(chain: LocalChain, nonce: int) -> str:
    from eth_account import Account

    signed = Account.sign_transaction(
        {"chainId": 31337, "nonce": nonce, "to": DEV_ACCOUNTS[1].address, "value": 1, "gas": 21_000}
        | {"gasPrice": 20 * 10**9},
        DEV_ACCOUNTS[0].private_key,
    )
    return "0x" + signed.raw_transaction.hex().removeprefix("0x")


@asynccontextmanager
async def proxy(chain: LocalChain, trouble: Callable[[Any], Any] | None = None) -> AsyncIterator[FakeNode]:
    """A node that passes everything on to anvil unless `trouble(request)` answers."""
    async with aiohttp.ClientSession() as session:

        async def handle(request: Any) -> web.StreamResponse:
            answer = trouble(request) if trouble is not None else None
            if answer is not None:
                return await answer if isinstance(answer, Awaitable) else answer
            async with session.post(chain.anvil.url, json=request) as response:
                return web.Response(body=await response.read(), content_type="application/json")

        async with fake_node(handle) as node:
            yield node


def size_of(request: Any, method: str) -> int:
    """How many calls of `method` a request holds."""
    calls = request if isinstance(request, list) else [request]
    return sum(call["method"] == method for call in calls)


async def test_a_thousand_waiters_cost_one_batched_question_per_head(chain: LocalChain, connect: Connect) -> None:
    async with proxy(chain) as node:
        tracker = HeadTracker(await connect(chain, url=node.url), CHAIN)
        async with AsyncExitStack() as stack:
            for n in range(1000):
                await stack.enter_async_context(tracker.follow(TxHash(f"0x{n:064x}"), NOBODY, 0))
            nonce = await nonce_of(chain)
            await chain.anvil.rpc("anvil_setAutomine", False)
            states = await stack.enter_async_context(tracker.follow(await pay(chain), ALICE, nonce))
            await take(states)
            node.requests.clear()
            await chain.anvil.mine()
            await take(states)
            await asyncio.sleep(0.5)
            receipts = [size for r in node.requests if (size := size_of(r, "eth_getTransactionReceipt"))]
            nonces = sum(size_of(r, "eth_getTransactionCount") for r in node.requests)
        await tracker.close()
    assert sorted(receipts) == [1] + [100] * 10, "a question per hundred waiters, for one head"
    assert nonces <= 100


async def test_a_found_transaction_is_not_asked_for_between_mined_and_deep(chain: LocalChain, connect: Connect) -> None:
    async with proxy(chain) as node:
        tracker = HeadTracker(await connect(chain, url=node.url), CHAIN)
        nonce = await nonce_of(chain)
        async with tracker.follow(await pay(chain), ALICE, nonce) as states:
            await take(states)
            node.requests.clear()
            await chain.anvil.mine()
            await asyncio.sleep(0.5)
            assert sum(size_of(r, "eth_getTransactionReceipt") for r in node.requests) == 0
            await chain.anvil.mine(CONFIRMATIONS)
            await take(states)
            assert sum(size_of(r, "eth_getTransactionReceipt") for r in node.requests) == 1
        await tracker.close()


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


async def test_the_head_is_known_and_each_change_is_told(chain: LocalChain, tracker: HeadTracker) -> None:
    first = await asyncio.wait_for(tracker.changed(), PATIENCE)
    assert tracker.head == first
    assert first.number == await chain.anvil.block_number()
    waiting = asyncio.create_task(tracker.changed(first.hash))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await chain.anvil.mine()
    second = await asyncio.wait_for(waiting, PATIENCE)
    assert second.parent_hash == first.hash
    assert await tracker.changed(first.hash) == second, "nothing is missed between two calls"


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


async def test_a_tracker_nobody_waits_on_asks_nothing(
    chain: LocalChain, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steadymint.chain.nodes.heads.IDLE_AFTER", 0.1)
    async with proxy(chain) as node:
        tracker = HeadTracker(await connect(chain, url=node.url), CHAIN)
        await asyncio.wait_for(tracker.changed(), PATIENCE)
        await asyncio.sleep(0.4)
        hits = node.hits
        await asyncio.sleep(0.4)
        assert node.hits == hits
        await chain.anvil.mine()
        assert (await asyncio.wait_for(tracker.changed(), PATIENCE)).number == await chain.anvil.block_number()
        await tracker.close()


async def test_inspect_shows_what_the_node_knows(chain: LocalChain, tracker: HeadTracker) -> None:
    tx_hash = await pay(chain)
    seen = await tracker.inspect(tx_hash)
    assert seen is not None
    assert (seen.sender, seen.to, seen.value) == (ALICE, BOB, 1)
    assert await tracker.inspect(TxHash("0x" + "77" * 32)) is None
