"""Purchases and a sale with nothing but the API and wallets: front ends go through the steps that `prepare` answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.e2e.test_main_job import TOLD
from tests.e2e.test_orders import until_stand
from tests.support.full_stack import FullStack
from tests.support.people import Person
from tests.support.shop import Shop, handed_in, minted

DEPOSIT = "0xd0e30db0"
ETHER = 10**18


async def asked(person: Person, path: str, body: dict[str, Any]) -> Any:
    answer = await person.api.ask("POST", path, {"chainId": person.chain_id} | body)
    assert answer.status in (200, 201), answer.body
    return answer.body


async def gone_through(full_stack: FullStack, person: Person, prepared: dict[str, Any]) -> dict[str, Any]:
    """The intent of the last step, after all of them."""
    for step in prepared["steps"]:
        await person.send_and_track(step)
        async with full_stack.blocks.ticking():
            last = await person.until_final(step["intentId"])
        assert last["step"] == "ready", last
    assert prepared["steps"][-1]["intentId"] == prepared["intentId"]
    return last


async def test_a_listing_is_bought_a_sweep_misses_what_is_gone_and_an_offer_is_accepted(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as seller, full_stack.person() as buyer:
        tokens = await minted(full_stack, seller, open_collection, 5)
        wishes = [
            {"kind": "list", "contract": open_collection, "tokenId": token, "price": f"0.{number}"}
            for number, token in enumerate(tokens, start=1)
        ]
        one, two, three, four, _ = await handed_in(full_stack, seller, wishes)

        refused = await buyer.api.ask(
            "POST",
            "/v1/purchases/prepare",
            {"chainId": buyer.chain_id, "items": [{"orderHash": one}], "maxTotal": "0.09"},
        )
        assert (refused.status, refused.body["code"]) == (422, "price_moved"), refused.body
        prepared = await asked(buyer, "/v1/purchases/prepare", {"items": [{"orderHash": one}], "maxTotal": "0.1"})
        assert [step["kind"] for step in prepared["steps"]] == ["purchase"]
        assert (prepared["total"], prepared["missing"], prepared["simulated"]) == ("0.1", [], True)
        watching = asyncio.create_task(buyer.watch(prepared["intentId"]))
        bought = await gone_through(full_stack, buyer, prepared)
        events = await watching
        assert [event.step for event in events] == TOLD
        (fill,) = events[-1].intent["fills"]
        assert (fill["orderHash"], fill["tokenId"], fill["price"], fill["currencySymbol"]) == (
            one,
            tokens[0],
            "0.1",
            "ETH",
        )
        assert bought["orderHashes"] == [one]
        shown = await buyer.api.ask(
            "GET", f"/v1/collections/{full_stack.chain_id}/{open_collection}/tokens/{tokens[0]}"
        )
        assert shown.body["owner"] == buyer.wallet.address

        sweep = {"items": [{"orderHash": order} for order in (one, two, three, four)], "maxTotal": "10"}
        prepared = await asked(buyer, "/v1/purchases/prepare", sweep)
        assert [(gone["orderHash"], gone["code"]) for gone in prepared["missing"]] == [(one, "filled")]
        assert prepared["total"] == "0.9"
        cancelled = await asked(seller, "/v1/cancellations/prepare", {"orderHashes": [three]})
        await seller.send_and_track(cancelled)
        await full_stack.blocks.mine()
        swept = await gone_through(full_stack, buyer, prepared)
        assert swept["orderHashes"] == sorted([two, four])
        assert sorted(swept["missedOrderHashes"]) == sorted([one, three])
        assert {fill["tokenId"]: fill["price"] for fill in swept["fills"]} == {tokens[1]: "0.2", tokens[3]: "0.4"}
        await until_stand(full_stack, seller, ["active", "cancelled", "filled", "filled", "filled"])
        again = await buyer.api.ask("POST", "/v1/purchases/prepare", {"chainId": buyer.chain_id} | sweep)
        assert (again.status, again.body["code"]) == (422, "orders_unavailable"), again.body

        wrapped = await full_stack.pool.fetchval(
            "select address from chain_registry_service.chain_contracts where name = 'wrapped_native'"
        )
        await seller.wallet.send({"to": full_stack.web3.to_checksum_address(wrapped), "data": DEPOSIT, "value": ETHER})
        await full_stack.blocks.mine()
        wish = {"kind": "collection-offer", "contract": open_collection, "price": "1"}
        (offer,) = await handed_in(full_stack, seller, [wish])
        sale = {"orderHash": offer, "tokenId": tokens[0], "minTotal": "0.9"}
        prepared = await asked(buyer, "/v1/sales/prepare", sale)
        assert [step["kind"] for step in prepared["steps"]] == ["approve", "sale"]
        assert prepared["simulated"], "behind the approval"
        sold = await gone_through(full_stack, buyer, prepared)
        (fill,) = sold["fills"]
        assert (fill["orderHash"], fill["tokenId"], fill["price"]) == (offer, tokens[0], "1")
        await until_stand(full_stack, seller, ["active", "cancelled", *["filled"] * 4])


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
        shown = [json.loads(data)["step"] async for _, data in buyer.api.stream(intent)]
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
