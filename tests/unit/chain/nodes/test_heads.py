"""What a follower of a transaction is told, from pending to deep, over reorgs and replacements."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.chain.nodes.heads import HeadTracker
from steadymint.domain.transactions import Deep, Mined, NonceUsed, Pending, Reorged
from steadymint.domain.types import TxHash
from tests.support.local_chain import LocalChain
from tests.unit.chain.conftest import CONFIRMATIONS
from tests.unit.chain.made import ALICE, BOB, sent
from tests.unit.chain.payments import NOBODY, PATIENCE, kinds, nonce_of, pay, signed_payment, take


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


async def test_inspect_shows_what_the_node_knows(chain: LocalChain, tracker: HeadTracker) -> None:
    tx_hash = await pay(chain)
    seen = await tracker.inspect(tx_hash)
    assert seen is not None
    assert (seen.sender, seen.to, seen.value) == (ALICE, BOB, 1)
    assert await tracker.inspect(TxHash("0x" + "77" * 32)) is None
