"""Blur's logs say what its contracts moved, where they say it at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from eth_abi.abi import encode

from steadymint.domain.market.others import blur
from steadymint.domain.market.others.fill import Fill, Part, Token
from steadymint.domain.market.words import EventError
from steadymint.domain.types import ZERO_ADDRESS, TokenId
from tests.unit.domain.market.others.recorded import LOGS
from tests.unit.domain.market.test_sides import ALICE, ARTIST, BOB, CATS, DOLLARS, MARKETPLACE

HASH, OTHER_HASH = b"\1" * 32, b"\2" * 32
ORDER = (
    "(address,uint8,address,address,uint256,uint256,address,uint256,uint256,uint256,(uint16,address)[],uint256,bytes)"
)
EXECUTION = [
    "(address,uint256,uint256,address,uint8)",
    "bytes32",
    "uint256",
    "uint256",
    "(address,uint16)",
    "((address,uint16),(address,uint16))",
    "uint8",
]
ASK, BID = 0, 1
ERC721, ERC1155 = 0, 1
Read = Callable[[Sequence[str], str], Fill]


def order(trader: str, side: int, since: int, fees: list[tuple[int, str]], **changed: Any) -> tuple[Any, ...]:
    fields = {
        "trader": trader,
        "side": side,
        "policy": ZERO_ADDRESS,
        "collection": CATS,
        "token_id": 7,
        "amount": 1,
        "currency": DOLLARS,
        "price": 1_000_000,
        "since": since,
        "until": 99,
        "fees": fees,
        "salt": 5,
        "extra": b"",
    }
    return tuple((fields | changed).values())


def matched(sell: tuple[Any, ...], buy: tuple[Any, ...]) -> Fill:
    """A synthetic log, encoded as the ABI says."""
    topics = [blur.ORDERS_MATCHED, *("0x" + "0" * 24 + one[2:] for one in (ALICE, BOB))]
    data = encode([ORDER, "bytes32", ORDER, "bytes32"], [sell, HASH, buy, OTHER_HASH])
    return blur.orders_matched(topics, "0x" + data.hex())


def executed(side: int, asset: int, amount: int, fees: tuple[int, int, int]) -> Fill:
    """A synthetic log: no `Execution` of a real transaction was to be found."""
    maker, protocol, taker = zip((ARTIST, MARKETPLACE, BOB), fees, strict=True)
    values = [(ALICE, 7, amount, CATS, asset), HASH, 0, 1_000_000, maker, (protocol, taker), side]
    return blur.execution([blur.EXECUTION], "0x" + encode(EXECUTION, values).hex())


def test_a_recorded_match_names_both_sides_and_the_fee() -> None:
    fill = blur.orders_matched(*LOGS["blur listing"][:2])
    assert fill == Fill(
        order_hash="0x3deb4923361bfbc4a205b4859ca0fe48779f0fa336e6ae361da1cbba143ac0f3",
        seller="0xf1e9f0dd1d4e7039a423f3fc751180fea0f179fc",
        buyer="0x0a9931ab317d8398e7316f7889f6ca39de328699",
        tokens=(Token("0xd774557b647330c91bf44cfeab205095f7e6c367", TokenId(17757), 1),),
        currency=None,
        price=490_000_000_000_000_000,
        parts=(Part(24_500_000_000_000_000, "0xfca634387cd89128116b80e04c6352a4e7c5a40c"),),
    )


@pytest.mark.parametrize(
    ("name", "read", "expected"),
    [
        (
            "blur v2 without fees",
            blur.execution_packed,
            Fill(
                order_hash="0x21b7d4ae06f010118c4c4e976182504160a6ad111f471ea8df38ad045ff7fa40",
                seller="0x83fa03a1747aafe4e0f0ec3880740f49d74f1158",
                buyer=None,
                tokens=(Token("0x789e35a999c443fe6089544056f728239b8ffee7", TokenId(8198), 1),),
                currency=None,
                price=15_000_000_000_000_000,
                parts=(),
            ),
        ),
        (
            "blur v2 listing with the maker's fee",
            blur.execution_maker_fee_packed,
            Fill(
                order_hash="0x5d5a001f37e18c020eddbd9e25fd98dabfe3f0a3d263b841dd2a7891f9eb6f25",
                seller="0x27aced470e1e232babf2da93a78269bb5739c48c",
                buyer=None,
                tokens=(Token("0x6c952af158ec8d0fd94908e389c084394d9aebbb", TokenId(2791), 1),),
                currency=None,
                price=440_000_000_000_000_000,
                parts=(Part(2_200_000_000_000_000, "0x29ffea86733d7feac7c353343f300e99b8910c77"),),
            ),
        ),
        (
            "blur v2 bid with the taker's fee",
            blur.execution_taker_fee_packed,
            Fill(
                order_hash="0x00ac3680a1ab578def3e4473c47ed80aa51b9bc3046cf80585a56f9a485f8e89",
                seller=None,
                buyer="0x1e863363f0aea30d45bc4224783b48cdd1f3d90d",
                tokens=(Token("0x6339e5e072086621540d0362c4e3cea0d643e114", TokenId(3583), 1),),
                currency=None,
                price=800_000_000_000_000_000,
                parts=(Part(4_000_000_000_000_000, "0xc8f8e2f59dd95ff67c3d39109eca2e2a017d4c8a"),),
                currency_role="blur_pool",
            ),
        ),
    ],
)
def test_a_recorded_execution_names_the_maker_and_the_fee(name: str, read: Read, expected: Fill) -> None:
    assert read(*LOGS[name][:2]) == expected


def test_the_order_of_a_match_is_the_earlier_one() -> None:
    sell, buy = order(ALICE, 1, 10, []), order(BOB, 0, 10, [])
    assert matched(sell, buy).order_hash == "0x" + HASH.hex()
    assert matched(order(ALICE, 1, 11, []), buy).order_hash == "0x" + OTHER_HASH.hex()


def test_the_buyers_fees_of_a_match_are_paid_on_top_of_the_price() -> None:
    fill = matched(order(ALICE, 1, 20, [(250, ARTIST)]), order(BOB, 0, 10, [(100, MARKETPLACE)], token_id=0))
    assert (fill.seller, fill.buyer, fill.currency) == (ALICE, BOB, DOLLARS)
    assert fill.tokens == (Token(CATS, TokenId(7), 1),)
    assert fill.price == 1_010_000
    assert fill.parts == (Part(25_000, ARTIST), Part(10_000, MARKETPLACE))


def test_a_match_of_an_order_for_no_units_moved_one() -> None:
    fill = matched(order(ALICE, 1, 10, [], amount=0), order(BOB, 0, 20, [], amount=0))
    assert fill.tokens == (Token(CATS, TokenId(7), 1),)


def test_the_taker_of_a_listing_pays_their_fee_on_top_of_the_price() -> None:
    fill = executed(ASK, ERC721, 0, fees=(100, 50, 250))
    assert (fill.seller, fill.buyer, fill.currency_role) == (ALICE, None, None)
    assert fill.price == 1_025_000
    assert fill.parts == (Part(10_000, ARTIST), Part(25_000, BOB), Part(5_000, MARKETPLACE))
    assert fill.tokens == (Token(CATS, TokenId(7), 1),)


def test_the_maker_of_a_bid_pays_their_fee_on_top_of_the_price() -> None:
    fill = executed(BID, ERC1155, 3, fees=(100, 0, 250))
    assert (fill.seller, fill.buyer, fill.currency_role) == (None, ALICE, blur.POOL)
    assert fill.price == 1_010_000
    assert fill.parts == (Part(10_000, ARTIST), Part(25_000, BOB))
    assert fill.tokens == (Token(CATS, TokenId(7), 3),)


@pytest.mark.parametrize(("sell", "buy"), [(0, 0), (1, 1), (0, 1)])
def test_orders_of_the_wrong_sides_are_refused(sell: int, buy: int) -> None:
    with pytest.raises(EventError):
        matched(order(ALICE, sell, 10, []), order(BOB, buy, 20, []))


@pytest.mark.parametrize("fees", [[(10_001, ARTIST)], [(6_000, ARTIST), (6_000, MARKETPLACE)]])
def test_fees_above_the_price_are_refused(fees: list[tuple[int, str]]) -> None:
    with pytest.raises(EventError):
        matched(order(ALICE, 1, 10, fees), order(BOB, 0, 20, []))


@pytest.mark.parametrize(("word", "bit"), [(2, 249), (3, 176)])
def test_packed_words_with_bits_that_mean_nothing_are_refused(word: int, bit: int) -> None:
    topics, data, _ = LOGS["blur v2 listing with the maker's fee"]
    raw = bytearray.fromhex(data[2:])
    at = slice(32 * word, 32 * word + 32)
    raw[at] = (int.from_bytes(raw[at]) | 1 << bit).to_bytes(32)
    with pytest.raises(EventError):
        blur.execution_maker_fee_packed(topics, "0x" + raw.hex())
