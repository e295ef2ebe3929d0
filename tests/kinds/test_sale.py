"""The kind `sale`: an offer is accepted, and its fill says so."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from api.intents.sale import PrepareSaleBody
from steadymint.chain.calls.abi import Call
from steadymint.chain.calls.fulfilment import call_of
from steadymint.chain.calls.trades import trades_of
from steadymint.domain.intents.kinds import KINDS, IntentKind
from steadymint.domain.intents.order import Caller
from steadymint.domain.intents.sale import SaleOrder, SaleTerms, facts
from steadymint.domain.market.components import ZERO_BYTES32, ItemType
from steadymint.domain.market.events import Fulfilled, MovedItem, PaidItem
from steadymint.domain.market.fulfilment import plans
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32
from tests.support.intents import ALICE, ALICES_ID, BOB, CHAIN, COLLECTION, SESSION_ID
from tests.workflows.bench_market import CURRENCY, ETHER, OFFERED

SEAPORT = COLLECTION
OFFER = Bytes32("0x" + OFFERED.hash.hex())


def sample_order() -> SaleOrder:
    return SaleOrder(
        intent_id=uuid4(),
        chain_id=CHAIN,
        caller=Caller(user_id=ALICES_ID, session_id=SESSION_ID, account=ALICE),
        request_hash=sha256(b"sale").hexdigest(),
        deadline_seconds=6 * 3600,
        task=SaleTerms(order_hash=OFFER, min_total="0.5"),
    )


def sample_call(order: SaleOrder) -> Call:
    taker = plans.Taker(order.caller.account, SEAPORT, ZERO_BYTES32, SEAPORT)
    return call_of(plans.sale(Part(OFFERED), taker, plans.Period(2**30, 2**31)))


def proving_fills(order: SaleOrder) -> list[Fulfilled]:
    """What Seaport emits once the order is mined."""
    return [fill(order.caller.account)]


def fill(seller: Address) -> Fulfilled:
    paid = MovedItem(ItemType.ERC20, CURRENCY, 0, ETHER)
    token = PaidItem(MovedItem(ItemType.ERC721, COLLECTION, 9, 1), BOB)
    return Fulfilled(OFFER, BOB, ZERO_ADDRESS, seller, (paid,), (token,))


def test_the_offers_maker_has_bought_nothing_by_a_purchase_of_theirs() -> None:
    (trade,) = trades_of(SEAPORT, [fill(ALICE)])
    assert (trade.kind, trade.facts) == (IntentKind.SALE, facts(SEAPORT, ALICE, [OFFER]))
    sale, purchase = KINDS[IntentKind.SALE], KINDS[IntentKind.PURCHASE]
    assert sale.key_of(CHAIN, trade.facts) != purchase.key_of(CHAIN, {"contract": SEAPORT, "buyer": ALICE})


def body(**asked: Any) -> dict[str, Any]:
    return {"chainId": CHAIN, "orderHash": OFFER} | asked


def test_what_is_left_out_is_the_offers_own_token_one_unit_and_any_price() -> None:
    assert PrepareSaleBody.model_validate(body()).terms() == SaleTerms(order_hash=OFFER)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (body(orderHash="0x12"), "32 bytes"),
        (body(tokenId="-1"), "decimal string"),
        (body(tokenId=2**60), "decimal string"),
        (body(quantity="0"), "at least 1"),
        (body(minTotal="a lot"), "should match"),
        (body(items=[]), "not permitted"),
    ],
)
def test_a_body_that_does_not_say_what_is_to_be_sold_is_refused(asked: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PrepareSaleBody.model_validate(asked)
