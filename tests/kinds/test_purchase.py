"""The kind `purchase`: listings are bought, those that can be, and the fills say which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from api.intents.purchase import PreparePurchaseBody
from steadymint.chain.calls.abi import Call, encode
from steadymint.chain.calls.fulfilment import call_of
from steadymint.domain.intents.fills import MAX_ITEMS
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.purchase import PurchaseItem, PurchaseOrder, PurchaseTerms, facts
from steadymint.domain.market.build import Frame, Price, Token, listing
from steadymint.domain.market.components import ZERO_BYTES32, ItemType
from steadymint.domain.market.events import Fulfilled, MovedItem, PaidItem
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.fulfilment import plans
from steadymint.domain.market.fulfilment.outcomes import MissingPart
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Standard
from tests.kinds.preparing import written
from tests.support.intents import ALICE, BOB, CHAIN, COLLECTION
from tests.workflows.bench_market import ETHER, LISTINGS, new_listings, purchase_order
from tests.workflows.flow_bench import ScriptedChain

SEAPORT = COLLECTION
"""Where the bench has every contract."""
KIND = KINDS[IntentKind.PURCHASE]
HASHES = list(new_listings(5))


def sample_order() -> PurchaseOrder:
    return purchase_order()


def sample_call(order: PurchaseOrder) -> Call:
    parts = [Part(LISTINGS[item.order_hash], item.quantity) for item in order.terms.items]
    taker = plans.Taker(order.caller.account, SEAPORT, ZERO_BYTES32, SEAPORT)
    return call_of(plans.purchase(parts, taker, plans.Period(2**30, 2**31), 100 * ETHER))


def proving_fills(order: PurchaseOrder) -> list[Fulfilled]:
    """What Seaport emits once the order is mined: an event for each listing."""
    return [fill(item.order_hash, number) for number, item in enumerate(order.terms.items)]


def fill(order_hash: Bytes32, number: int, buyer: Address = ALICE) -> Fulfilled:
    paid = PaidItem(MovedItem(ItemType.NATIVE, ZERO_ADDRESS, 0, ETHER), BOB)
    token = MovedItem(ItemType.ERC721, COLLECTION, number, 1)
    return Fulfilled(order_hash, BOB, ZERO_ADDRESS, buyer, (token,), (paid,))


def test_the_largest_purchase_fits_into_a_payload_of_temporal() -> None:
    """Fifty listings with three payments each, signed in bulk trees of the greatest height. A server warns of 512 KiB
    and refuses two MiB; the flow's history holds the answer twice."""
    fees = (Fee(BOB, 250), Fee(COLLECTION, 500))
    parts = [
        Part(
            SubmittedOrder.of(
                listing(
                    BOB, Token(COLLECTION, Standard.ERC721, number), Price.fixed(ETHER), fees, Frame(0, 2**40, 1, 0)
                ),
                b"\x01" * 836,
            )
        )
        for number in range(MAX_ITEMS)
    ]
    taker = plans.Taker(ALICE, SEAPORT, ZERO_BYTES32, SEAPORT)
    plan = plans.purchase(parts, taker, plans.Period(2**30, 2**31), 100 * ETHER)
    assert len(encode(call_of(plan))) < 512 * 1024


def hashes(parts: Sequence[str]) -> tuple[Bytes32, ...]:
    return tuple(map(Bytes32, sorted(parts)))


def test_the_match_key_holds_the_buyer_and_no_order() -> None:
    """So the key is the same whatever part of the orders a transaction shows."""
    intent_id = sample_order().intent_id

    def key(buyer: Address, *orders: Bytes32) -> Bytes32:
        return KIND.match_key(intent_id, CHAIN, facts(SEAPORT, buyer, orders))  # type: ignore[arg-type]

    assert key(ALICE, HASHES[0]) == key(ALICE, *HASHES) == key(ALICE)
    assert key(ALICE, HASHES[0]) != key(BOB, HASHES[0])


async def test_what_is_gone_already_is_told_and_not_waited_for() -> None:
    order = purchase_order(listings=3)
    first, gone, last = (item.order_hash for item in order.terms.items)
    chain = ScriptedChain()
    chain.missing = (MissingPart(Part(LISTINGS[gone]), "filled", "Nothing is left to fill."),)
    new = await written(order, chain)
    kept = PurchaseTerms.model_validate(new.request)
    assert kept.outcome is not None
    assert [(one.order_hash, one.code) for one in kept.outcome.missing] == [(gone, "filled")]
    assert (kept.outcome.total, kept.outcome.total_amount, kept.outcome.currency_symbol) == ("2", 2 * ETHER, "ETH")
    asked = hashes([first, last])
    assert (new.facts["orders"], new.foreseen) == (
        list(asked),
        {"orderHashes": list(asked), "missedOrderHashes": [gone]},
    )
    assert new.tx_request.value == 2 * ETHER


async def test_nobody_buys_what_they_have_listed_themselves() -> None:
    bobs = purchase_order()
    order = bobs.model_copy(update={"caller": bobs.caller.model_copy(update={"account": BOB})})
    with pytest.raises(ApplicationError) as refused:
        await written(order)
    assert refused.value.type == "orders_unavailable"
    assert "own_order" in str(refused.value.details)


async def test_more_decimals_than_the_currency_has_are_refused() -> None:
    order = purchase_order()
    terms = order.terms.model_copy(update={"max_total": "1." + "1" * 19})
    with pytest.raises(ApplicationError, match="maxTotal: the currency has 18 decimals"):
        await written(order.model_copy(update={"task": terms}))


async def test_facts_of_a_purchase_that_is_not_prepared_are_none() -> None:
    with pytest.raises(ValueError, match="not prepared"):
        sample_order().terms.facts(SEAPORT, ALICE)
    assert (await written(sample_order())).facts["buyer"] == ALICE


def body(**asked: Any) -> dict[str, Any]:
    return {"chainId": CHAIN, "items": [{"orderHash": HASHES[0]}], "maxTotal": "1.5"} | asked


def test_units_are_one_unless_said_otherwise() -> None:
    items = [{"orderHash": HASHES[0]}, {"orderHash": HASHES[1], "quantity": "3"}]
    terms = PreparePurchaseBody.model_validate(body(items=items)).terms()
    assert terms == PurchaseTerms(
        items=(PurchaseItem(order_hash=HASHES[0]), PurchaseItem(order_hash=HASHES[1], quantity=3)),  # type: ignore[arg-type]
        max_total="1.5",
    )


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (body(items=[]), "at least 1 item"),
        (body(items=[{"orderHash": f"0x{number:064x}"} for number in range(51)]), "at most 50 items"),
        (body(items=[{"orderHash": HASHES[0]}] * 2), "each order once"),
        (body(items=[{"orderHash": HASHES[0], "quantity": "0"}]), "at least 1"),
        (body(items=[{"orderHash": HASHES[0], "quantity": 1.5}]), "decimal string"),
        (body(items=[{"orderHash": "0x12"}]), "32 bytes"),
        (body(maxTotal="-1"), "should match"),
        (body(maxTotal="1e3"), "should match"),
        (body(maxTotal=1.5), "valid string"),
        (body(maxTotal="1." + "0" * 200), "at most 160"),
        (body(recipient=BOB), "not permitted"),
    ],
)
def test_a_body_that_does_not_say_what_is_to_be_bought_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PreparePurchaseBody.model_validate(asked)
