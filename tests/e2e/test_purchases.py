"""Purchases whose block leaves the chain. `test_market_story.py` has those that go well."""

from __future__ import annotations

import json

from tests.e2e.test_main_job import TOLD
from tests.support.full_stack import FullStack
from tests.support.shop import Shop


async def test_a_reorg_over_a_purchase_takes_it_back_and_the_buyer_watches_it_confirm_again(
    full_stack: FullStack, shop: Shop
) -> None:
    """Deeper than N: it was `ready`, and its flow had ended."""
    async with full_stack.person() as buyer:
        prepared = await shop.prepare(buyer, 2)
        intent, anvil = prepared["intentId"], full_stack.stack.anvil
        snapshot, nonce = await anvil.rpc("evm_snapshot"), await buyer.wallet.nonce()
        tx_hash = await buyer.send_and_track(prepared, nonce=nonce)
        async with full_stack.blocks.ticking():
            assert len((await buyer.until_final(intent))["fills"]) == 2
        assert await traded(full_stack, tx_hash) == (2, 2, 2)

        await anvil.rpc("evm_revert", snapshot)
        await anvil.rpc("evm_increaseTime", 7)
        async with full_stack.blocks.ticking():
            back = await buyer.until(intent, "reorged")
            assert ("fills" in back, back["status"], back["txHash"]) == (False, "pending", tx_hash)
            assert await traded(full_stack, tx_hash) == (0, 0, 0)
        assert await buyer.wallet.send(prepared["txRequest"], nonce=nonce) == tx_hash
        await full_stack.blocks.mine()
        await buyer.until(intent, "confirming")
        async with full_stack.blocks.ticking():
            last = await buyer.until_final(intent)
        assert (last["step"], last["txHash"], len(last["fills"])) == ("ready", tx_hash, 2)
        assert await traded(full_stack, tx_hash) == (2, 2, 2)
        shown = [json.loads(data)["step"] async for _, data in buyer.client.stream(intent)]
        assert shown == [*TOLD, "reorged", "confirming", "indexed", "ready"]


async def traded(full_stack: FullStack, tx_hash: str) -> tuple[int, int, int]:
    """Fills and sales of the transaction, and how many tokens the buyers of these sales own."""
    row = await full_stack.pool.fetchrow(
        "select (select count(*) from catalog_service.order_fills where tx_hash = $1), count(*),"
        " count(*) filter (where t.owner_address = s.buyer_address)"
        " from catalog_service.sales s left join catalog_service.tokens t on t.id = s.token_id where s.tx_hash = $1",
        tx_hash,
    )
    return tuple(row)
