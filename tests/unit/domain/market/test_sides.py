"""What the market reads in an order, and which orders it does not take."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from steadymint.domain.market.build import Frame, Price, Token, listing, offer
from steadymint.domain.market.components import ConsiderationItem, ItemType, OfferItem, OrderComponents, OrderType
from steadymint.domain.market.criteria import CriteriaTree
from steadymint.domain.market.fees import Fee
from steadymint.domain.market.sides import Fault, Side, UnsupportedOrderError, read_order
from steadymint.domain.types import ZERO_ADDRESS, Address, Standard, TokenId, Wei

ALICE, BOB, MARKETPLACE, ARTIST = (Address("0x" + digits * 20) for digits in ("aa", "bb", "fe", "a7"))
CATS, DOLLARS = Address("0x" + "ca" * 20), Address("0x" + "dd" * 20)
FEES = (Fee(MARKETPLACE, 250), Fee(ARTIST, 500))
FRAME = Frame(start_time=1000, end_time=2000, salt=1, counter=0)
ROOT = CriteriaTree([TokenId(1), TokenId(2)]).root

LISTING = listing(ALICE, Token(CATS, Standard.ERC721, 7), Price.fixed(1000), FEES, FRAME)
UNITS = listing(ALICE, Token(CATS, Standard.ERC1155, 7, quantity=4), Price.fixed(999), FEES, FRAME)
OFFER = offer(BOB, Token(CATS, Standard.ERC721, 7), Price.fixed(1000, DOLLARS), FEES, FRAME)


def by_criteria(root: int, quantity: int = 1) -> OrderComponents:
    token = Token(CATS, Standard.ERC721, root, has_criteria=True, quantity=quantity)
    return offer(BOB, token, Price.fixed(1000, DOLLARS), FEES, FRAME)


@pytest.mark.parametrize(
    ("order", "side", "token_id", "criteria"),
    [
        (LISTING, Side.LISTING, 7, None),
        (UNITS, Side.LISTING, 7, None),
        (OFFER, Side.ITEM_OFFER, 7, None),
        (by_criteria(0), Side.COLLECTION_OFFER, None, 0),
        (by_criteria(ROOT, 3), Side.TRAIT_OFFER, None, ROOT),
    ],
)
def test_what_we_build_is_read_as_what_it_is(
    order: OrderComponents, side: Side, token_id: int | None, criteria: int | None
) -> None:
    read = read_order(order)
    assert (read.side, read.token_id, read.criteria) == (side, token_id, criteria)
    assert (read.maker, read.contract) == (order.offerer, CATS)
    assert read.in_parts == (read.quantity > 1)


def test_the_price_of_a_listing_is_all_that_its_buyer_pays() -> None:
    read = read_order(LISTING)
    assert (read.price_at(1500), read.proceeds_at(1500), read.currency) == (1000, 925, None)
    assert [(fee.recipient, fee.start) for fee in read.fees] == [(MARKETPLACE, 25), (ARTIST, 50)]


def test_the_price_of_an_offer_is_all_that_its_maker_pays() -> None:
    read = read_order(OFFER)
    assert (read.price_at(1500), read.proceeds_at(1500), read.currency) == (1000, 925, DOLLARS)
    assert read.offered is not None
    assert read.offered.recipient == BOB  # who gets the token


def test_a_price_that_falls_is_read_at_its_time() -> None:
    order = listing(ALICE, Token(CATS, Standard.ERC721, 7), Price(Wei(1000), Wei(500), None), (), FRAME)
    assert [read_order(order).price_at(now) for now in (1000, 1001, 1500, 1999)] == [1000, 1000, 750, 501]


def test_proceeds_that_go_to_another_wallet_are_no_fee() -> None:
    first, *others = LISTING.consideration
    elsewhere = (first.model_copy(update={"recipient": BOB}), *others)
    assert read_order(LISTING.model_copy(update={"consideration": elsewhere})).proceeds_at(1500) == 925


def test_a_fee_that_rounds_to_nothing_is_left_out() -> None:
    order = listing(ALICE, Token(CATS, Standard.ERC721, 7), Price.fixed(39), FEES, FRAME)
    assert [(item.recipient, item.start_amount) for item in order.consideration] == [(ALICE, 38), (ARTIST, 1)]


def item(
    kind: ItemType, token: Address, identifier: int = 0, amount: int = 1, end: int | None = None
) -> dict[str, Any]:
    return {
        "item_type": kind,
        "token": token,
        "identifier_or_criteria": identifier,
        "start_amount": amount,
        "end_amount": amount if end is None else end,
    }


def given(*items: dict[str, Any]) -> tuple[OfferItem, ...]:
    return tuple(OfferItem(**one) for one in items)


def wanted(*items: dict[str, Any], to: Address = ALICE) -> tuple[ConsiderationItem, ...]:
    return tuple(ConsiderationItem(**one, recipient=to) for one in items)


CAT = item(ItemType.ERC721, CATS, 7)
ETHER = item(ItemType.NATIVE, ZERO_ADDRESS, amount=1000)
WRAPPED = item(ItemType.ERC20, DOLLARS, amount=1000)


NOT_TAKEN: list[tuple[OrderComponents, dict[str, Any], Fault]] = [
    (LISTING, {"order_type": OrderType.CONTRACT}, Fault.CONTRACT_ORDER),
    (LISTING, {"end_time": 1000}, Fault.TIMES),
    (LISTING, {"offer": given(CAT, CAT)}, Fault.TOKENS),
    (LISTING, {"offer": given(WRAPPED)}, Fault.TOKENS),
    (LISTING, {"consideration": wanted(ETHER, CAT)}, Fault.TOKENS),
    (LISTING, {"offer": given(CAT, WRAPPED)}, Fault.CURRENCIES),
    (LISTING, {"consideration": ()}, Fault.CURRENCIES),
    (LISTING, {"consideration": wanted(ETHER, WRAPPED)}, Fault.CURRENCIES),
    (LISTING, {"offer": given(CAT | {"item_type": ItemType.ERC721_WITH_CRITERIA})}, Fault.LISTING_BY_CRITERIA),
    (LISTING, {"consideration": wanted(ETHER | {"token": DOLLARS})}, Fault.UNUSED_PARAMETERS),
    (LISTING, {"consideration": wanted(ETHER | {"identifier_or_criteria": 1})}, Fault.UNUSED_PARAMETERS),
    (LISTING, {"consideration": wanted(WRAPPED | {"token": ZERO_ADDRESS})}, Fault.UNUSED_PARAMETERS),
    (LISTING, {"offer": given(CAT | {"start_amount": 2, "end_amount": 2})}, Fault.QUANTITY),
    (LISTING, {"consideration": wanted(ETHER | {"end_amount": 0})}, Fault.ZERO_AMOUNT),
    (UNITS, {"offer": given(item(ItemType.ERC1155, CATS, 7, 4, 3))}, Fault.QUANTITY),
    (UNITS, {"offer": given(item(ItemType.ERC1155, CATS, 7, 0))}, Fault.QUANTITY),
    (UNITS, {"consideration": wanted(ETHER | {"end_amount": 1001})}, Fault.NOT_DIVISIBLE),
    (OFFER, {"offer": given(ETHER), "consideration": wanted(CAT)}, Fault.NATIVE_OFFER),
    (OFFER, {"offer": given(WRAPPED, WRAPPED)}, Fault.CURRENCIES),
    (OFFER, {"offer": ()}, Fault.CURRENCIES),
    (OFFER, {"consideration": wanted(CAT, WRAPPED | {"start_amount": 1001})}, Fault.FEES_EXCEED_PRICE),
    (by_criteria(0, 3), {"order_type": OrderType.FULL_OPEN}, Fault.QUANTITY),
]
"""An order that the market takes, the change by which it is none, and why."""


@pytest.mark.parametrize(("order", "changes", "fault"), NOT_TAKEN)
def test_an_order_that_the_market_does_not_take_is_refused_with_the_reason(
    order: OrderComponents, changes: dict[str, Any], fault: Fault
) -> None:
    read_order(order)
    with pytest.raises(UnsupportedOrderError) as refused:
        read_order(order.model_copy(update=changes))
    assert refused.value.fault is fault


def test_every_fault_is_shown_by_a_case() -> None:
    assert {fault for _, _, fault in NOT_TAKEN} == set(Fault)


def test_an_order_comes_back_from_json_as_it_was() -> None:
    text = UNITS.model_dump_json(by_alias=True)
    assert OrderComponents.model_validate_json(text) == UNITS
    shown = json.loads(text)
    assert shown["offer"][0]["startAmount"] == "4"
    assert shown["orderType"] == 1


@pytest.mark.parametrize("salt", ["0x0f", "15", 15])
def test_a_salt_may_be_written_in_hex(salt: object) -> None:
    assert OrderComponents(**LISTING.model_dump() | {"salt": salt}).salt == 15


@pytest.mark.parametrize(
    "changes",
    [
        {"salt": "0x" + "1" * 65},
        {"salt": 1.0},
        {"salt": "0xg"},
        {"counter": "-1"},
        {"start_time": str(2**256)},
        {"order_type": 5},
        {"zone": "0x12"},
        {"zone_hash": "0x12"},
        {"more": 1},
        {"offer": [CAT | {"item_type": 6}]},
        {"offer": [CAT | {"token": None}]},
    ],
)
def test_components_that_are_none_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        OrderComponents(**LISTING.model_dump() | changes)
