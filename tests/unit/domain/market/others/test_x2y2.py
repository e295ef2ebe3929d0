"""X2Y2's logs name both sides, the tokens, and the fees as shares of the price."""

from __future__ import annotations

from typing import Any

import pytest
from eth_abi.abi import encode

from steadymint.domain.market.others import x2y2
from steadymint.domain.market.others.fill import Fill, Part, Token
from steadymint.domain.market.words import EventError
from steadymint.domain.types import ZERO_ADDRESS, TokenId
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS, MARKETPLACE

DETAIL = "(uint8,uint256,uint256,uint256,bytes32,address,bytes,uint256,uint256,uint256,(uint256,address)[])"
TYPES = [*("address", "address", *["uint256"] * 5, "address", "bytes"), "(uint256,bytes)", DETAIL]
TOPICS = [x2y2.EV_INVENTORY, "0x" + "01" * 32]
ERC721, ERC1155 = 1, 2


def encoded(step: int, standard: int, tokens: bytes, fees: list[tuple[int, str]]) -> str:
    """The data of a synthetic log: of bundles and other steps there was none to be found."""
    detail = (step, 0, 0, 1_000_003, b"\2" * 32, ZERO_ADDRESS, b"", 0, 0, 0, fees)
    values: list[Any] = [ALICE, BOB, 1, 2, 1, standard, 99, ZERO_ADDRESS, b"mask", (1_000_000, tokens), detail]
    return "0x" + encode(TYPES, values).hex()


ONE_CAT = encode(["(address,uint256)[]"], [[(CATS, 7)]])


def test_a_recorded_listing_was_bought() -> None:
    assert x2y2.ev_inventory(*LOGS["x2y2 listing"][:2]) == Fill(
        order_hash="0x335224567e1d71cd2cd6fb92fbf6621a783ba5e43a663dc622e53f489a4af7bb",
        seller="0xaa1cc5543c558524c3db21d219fcee58af054f2c",
        buyer="0xb6103b35c1dfcfbc66aa6aa59e5dec376b79dd6a",
        tokens=(Token("0x22c1f6050e56d2876009903609a2cc3fef83b415", TokenId(14692), 1),),
        currency=None,
        price=15_000_000_000_000_000,
        parts=(Part(300_000_000_000_000, "0x099ba539cde20ff8b87b18460024a9e3acc9e025"),),
    )


def test_a_recorded_offer_was_accepted() -> None:
    fill = x2y2.ev_inventory(*LOGS["x2y2 offer"][:2])
    assert fill is not None
    assert fill.seller == "0xbfa30bbe5a9e5d252a92a8cc126691bba0e7a433"
    assert fill.buyer == "0xb2f4fd60e80b5eccbcb8c80e923c31b0aaab8e24"
    assert fill.tokens == (Token("0x709d30f1f60f03d85a0ef33142ef3259392dc9e1", TokenId(705), 1),)
    assert (fill.currency, fill.price) == ("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", 200_000_000_000_000_000)
    assert fill.parts == (Part(1_000_000_000_000_000, "0xd823c605807cc5e6bd6fc0d7e4eea50d3e2d66cd"),)


def test_the_price_is_what_was_paid_and_fees_are_rounded_down() -> None:
    fees = [(20_000, MARKETPLACE), (50_000, ARTIST)]
    tokens = encode(["(address,uint256,uint256)[]"], [[(CATS, 7, 3), (CATS, 8, 1)]])
    fill = x2y2.ev_inventory(TOPICS, encoded(1, ERC1155, tokens, fees))
    assert fill is not None
    assert (fill.price, fill.order_hash) == (1_000_003, "0x" + "01" * 32)
    assert fill.tokens == (Token(CATS, TokenId(7), 3), Token(CATS, TokenId(8), 1))
    assert fill.parts == (Part(20_000, MARKETPLACE), Part(50_000, ARTIST))


@pytest.mark.parametrize("step", [0, 3, 4, 5, 6, 7])
def test_a_step_that_is_no_sale_or_does_not_name_its_price_is_no_fill(step: int) -> None:
    assert x2y2.ev_inventory(TOPICS, encoded(step, ERC721, ONE_CAT, [])) is None


@pytest.mark.parametrize(
    ("step", "standard", "tokens", "fees"),
    [
        (8, ERC721, ONE_CAT, []),
        (1, 0, ONE_CAT, []),
        (1, 3, ONE_CAT, []),
        (1, ERC721, b"", []),
        (1, ERC721, ONE_CAT[:-1], []),
        (1, ERC721, ONE_CAT[:-32], []),
        (1, ERC1155, ONE_CAT, []),
        (1, ERC721, encode(["(address,uint256)[]"], [[]]), []),
        (1, ERC721, ONE_CAT, [(1_000_001, ARTIST)]),
        (1, ERC721, ONE_CAT, [(2**255, ARTIST)]),
    ],
)
def test_what_the_market_cannot_have_done_is_refused(
    step: int, standard: int, tokens: bytes, fees: list[tuple[int, str]]
) -> None:
    with pytest.raises(EventError):
        x2y2.ev_inventory(TOPICS, encoded(step, standard, tokens, fees))
