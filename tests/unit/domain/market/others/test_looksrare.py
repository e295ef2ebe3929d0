"""LooksRare's logs name both sides, the tokens, and how the price was divided."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from steadymint.domain.market.others import looksrare
from steadymint.domain.market.others.fill import Fill, Part, Token
from steadymint.domain.market.words import EventError
from steadymint.domain.types import ZERO_ADDRESS, TokenId
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sales import CAROL
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS, DOLLARS

TYPES = [
    "(bytes32,uint256,bool)",
    *("address", "address", "uint256", "address", "address"),
    *("uint256[]", "uint256[]", "address[2]", "uint256[3]"),
]


def encoded(first: str, second: str, ids: list[int], units: list[int], proceeds_to: str) -> str:
    """The data of a synthetic log: of bundles there was none to be found."""
    values: list[Any] = [(b"\1" * 32, 0, True), first, second, 0, DOLLARS, CATS]
    return "0x" + encode(TYPES, [*values, ids, units, [proceeds_to, ARTIST], [900, 75, 25]]).hex()


def test_a_recorded_listing_was_bought() -> None:
    fill = looksrare.taker_bid(*LOGS["looksrare listing"][:2])
    assert fill == Fill(
        order_hash="0x7ee6b938a1e3af6b27ce50166de238ce3162b4d583fe6ad73f97d20612ff664b",
        seller="0x06b6422ca906a38159cd741f965f6f4e5d058618",
        buyer="0x60f0a4747900a24618d0864d06b10f11d89b1d8e",
        tokens=(Token("0xd4296688906664c2c2329d2198a8716a2b8e6661", TokenId(1662), 1),),
        currency=None,
        price=1_848_150_000_000_000,
        parts=(Part(0, ZERO_ADDRESS, is_royalty=True), Part(9_240_750_000_000, None)),
    )


def test_a_recorded_offer_was_accepted() -> None:
    fill = looksrare.taker_ask(*LOGS["looksrare offer"][:2])
    assert fill == Fill(
        order_hash="0x8acafe2c10bad725b3d7532de4e5d40e852293bc6362068bfc4f0adf2b55c97e",
        seller="0xe105106f401d5caa68936d595f5d96f7f07d67ac",
        buyer="0x94e9d73a2aeec807d85756b84759965b41866450",
        tokens=(Token("0x306b1ea3ecdf94ab739f1910bbda052ed4a9f949", TokenId(159), 1),),
        currency="0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
        price=10_500_000_000_000_000,
        parts=(Part(0, ZERO_ADDRESS, is_royalty=True), Part(52_500_000_000_000, None)),
    )


def test_the_buyer_is_whom_the_tokens_went_to_and_not_who_paid() -> None:
    data = encoded(BOB, CAROL, [1, 2], [1, 5], proceeds_to=ALICE)
    fill = looksrare.taker_bid([looksrare.TAKER_BID], data)
    assert (fill.seller, fill.buyer, fill.currency, fill.price) == (ALICE, CAROL, DOLLARS, 1000)
    assert fill.tokens == (Token(CATS, TokenId(1), 1), Token(CATS, TokenId(2), 5))
    assert fill.parts == (Part(75, ARTIST, is_royalty=True), Part(25, None))


def test_the_seller_is_who_gave_the_tokens_and_not_who_got_the_proceeds() -> None:
    fill = looksrare.taker_ask([looksrare.TAKER_ASK], encoded(ALICE, BOB, [1], [1], proceeds_to=CAROL))
    assert (fill.seller, fill.buyer) == (ALICE, BOB)


@pytest.mark.parametrize(("ids", "units"), [([], []), ([1], []), ([1], [1, 2]), ([1], [0])])
def test_tokens_without_a_quantity_are_refused(ids: list[int], units: list[int]) -> None:
    with pytest.raises(EventError):
        looksrare.taker_ask([looksrare.TAKER_ASK], encoded(ALICE, BOB, ids, units, proceeds_to=ALICE))
