"""Rarible's first `Match` names the makers and what was exchanged; the second one is no fill."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from steadymint.domain.market.others import rarible
from steadymint.domain.market.others.fill import Fill, Token
from steadymint.domain.market.words import EventError
from steadymint.domain.types import TokenId
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sides import ALICE, BOB, CATS, DOLLARS

TOPICS = [rarible.MATCH]
ASSET = "(bytes4,bytes)"
TYPES = ["bytes32", "bytes32", "address", "address", "uint256", "uint256", ASSET, ASSET]
MINT_721 = "(uint256,string,(address,uint96)[],(address,uint96)[],bytes[])"


def asset(name: str, types: list[str], *values: Any) -> tuple[bytes, bytes]:
    return keccak(text=name)[:4], encode(types, values)


CAT = asset("ERC721", ["address", "uint256"], CATS, 7)
CAT_UNITS = asset("ERC1155", ["address", "uint256"], CATS, 7)
NEW_CAT = asset("ERC721_LAZY", ["address", MINT_721], CATS, (7, "ipfs:/x", [], [], []))
NATIVE = asset("ETH", [])
COINS = asset("ERC20", ["address"], DOLLARS)


def matched(left: tuple[bytes, bytes], right: tuple[bytes, bytes], left_gets: int, right_gets: int) -> Fill | None:
    """A synthetic log: only of a listing for ether there was one to be found."""
    data = encode(TYPES, [b"\1" * 32, b"\2" * 32, ALICE, BOB, left_gets, right_gets, left, right])
    return rarible.matched(TOPICS, "0x" + data.hex())


def test_a_recorded_listing_was_bought() -> None:
    assert rarible.matched(*LOGS["rarible listing"][:2]) == Fill(
        order_hash="0x1581fa663524d578fdd5e8fd0eca7df2929fc3f35768498b3770a94c184bf63b",
        seller="0x0320de3378dcde180758ad2d41c0e1c6dcbb441d",
        buyer=None,
        tokens=(Token("0x21a932c8e5eac252be0a0860b18c4edb8ee66034", TokenId(1), 1),),
        currency=None,
        price=1_000_000_000_000_000,
        parts=(),
    )


def test_a_recorded_match_of_amounts_names_nothing_else() -> None:
    assert rarible.amounts(*LOGS["rarible amounts"][:2]) == rarible.Amounts(
        left_hash="0xb3b5a33688d25199ee0d1464aeb2e112af0e19f092c7ba52c10eb29fbc93e62a",
        right_hash="0xa396e5a527248ecd44316713165e48fa591623d1b9487f059992577bb670eb02",
        left_fill=9_999_999_980,
        right_fill=999_999_998,
    )


@pytest.mark.parametrize(
    ("left", "right", "amounts", "seller", "currency"),
    [
        (CAT, COINS, (500, 1), ALICE, DOLLARS),
        (COINS, CAT, (1, 500), BOB, DOLLARS),
        (NATIVE, CAT_UNITS, (1, 500), BOB, None),
        (NEW_CAT, NATIVE, (500, 1), ALICE, None),
    ],
)
def test_the_seller_is_the_maker_of_the_order_that_gave_the_token(
    left: tuple[bytes, bytes], right: tuple[bytes, bytes], amounts: tuple[int, int], seller: str, currency: str | None
) -> None:
    fill = matched(left, right, *amounts)
    assert fill is not None
    assert (fill.seller, fill.buyer, fill.currency, fill.price) == (seller, None, currency, 500)
    assert fill.tokens == (Token(CATS, TokenId(7), 1),)
    assert fill.order_hash == "0x" + "01" * 32


@pytest.mark.parametrize(
    ("left", "right"), [(CAT, CAT_UNITS), (NATIVE, COINS), (asset("COLLECTION", ["address"], CATS), NATIVE)]
)
def test_what_is_no_token_for_a_currency_is_no_fill(left: tuple[bytes, bytes], right: tuple[bytes, bytes]) -> None:
    assert matched(left, right, 1, 1) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (asset("ERC721", ["address"], CATS), NATIVE),
        (asset("ERC721", ["uint256", "uint256"], 2**255, 7), NATIVE),
        (asset("ERC721_LAZY", ["address", "uint256"], CATS, 7), NATIVE),
        (CAT, asset("ERC20", [])),
        (CAT, (keccak(text="ERC20")[:4], b"\1")),
    ],
)
def test_assets_that_are_not_encoded_as_their_class_is_are_refused(
    left: tuple[bytes, bytes], right: tuple[bytes, bytes]
) -> None:
    with pytest.raises(EventError):
        matched(left, right, 1, 1)
