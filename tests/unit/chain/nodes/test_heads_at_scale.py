"""What following costs: questions to the node, however many wait for an answer."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from steadymint.chain.nodes.heads import HeadTracker
from steadymint.domain.types import TxHash
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CHAIN, CONFIRMATIONS, Connect
from tests.unit.chain.fakes import proxy
from tests.unit.chain.made import ALICE
from tests.unit.chain.payments import NOBODY, PATIENCE, nonce_of, pay, take


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
