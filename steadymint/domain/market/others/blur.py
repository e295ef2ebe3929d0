"""Blur: `OrdersMatched` of the first exchange, and `Execution*` of the second one with its packed forms.

The first exchange names both orders in full. The second one names the maker and not the other side: the seller of an
ask, or the buyer of a bid.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from steadymint.domain.keccak import topic_of
from steadymint.domain.market.others.fill import Fill, Part, Token, checked
from steadymint.domain.market.words import EventError, Words, expect, indexed
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, TokenId

POOL: Final = "blur_pool"
"""The role of the contract that holds the ether of bidders. The second exchange pays bids in its balances."""

_ORDER: Final = (
    "(address,uint8,address,address,uint256,uint256,address,uint256,uint256,uint256,(uint16,address)[],uint256,bytes)"
)
_FEE: Final = "(address,uint16)"
_TRANSFER: Final = "(address,uint256,uint256,address,uint8)"
ORDERS_MATCHED: Final = topic_of(f"OrdersMatched(address,address,{_ORDER},bytes32,{_ORDER},bytes32)")
EXECUTION: Final = topic_of(f"Execution({_TRANSFER},bytes32,uint256,uint256,{_FEE},({_FEE},{_FEE}),uint8)")
EXECUTION_PACKED: Final = topic_of("Execution721Packed(bytes32,uint256,uint256)")
EXECUTION_MAKER_FEE_PACKED: Final = topic_of("Execution721MakerFeePacked(bytes32,uint256,uint256,uint256)")
EXECUTION_TAKER_FEE_PACKED: Final = topic_of("Execution721TakerFeePacked(bytes32,uint256,uint256,uint256)")

_BASIS_POINTS: Final = 10_000
_ORDER_HEADS: Final = 13
_ADDRESS_BITS: Final = 160
_ADDRESS_MASK: Final = (1 << _ADDRESS_BITS) - 1
_RATE_LIMIT: Final = 1 << 16
_TOKEN_SHIFT: Final = 168
"""Above the maker's address stands the listing's place in its order, in one byte, and above it the token's number."""
_SIDE_SHIFT: Final = 248
"""Above the collection's address stands the price in 88 bits, and above it the side in one byte."""
_PRICE_MASK: Final = (1 << _SIDE_SHIFT - _ADDRESS_BITS) - 1


class _Side(IntEnum):
    """The maker's side, in the second exchange."""

    ASK = 0
    BID = 1


_BUY, _SELL = 0, 1
_ERC721, _ASSETS = 0, 2


def orders_matched(topics: Sequence[str], data: str) -> Fill:
    """`OrdersMatched` of the first exchange. Raises EventError.

    Fees of the seller's order are parts of its price. Fees of the buyer's order are paid on top of it.
    """
    expect(topics, 3)
    for topic in topics[1:]:
        indexed(topic)
    words = Words.of(data, at_least=4)
    sell, buy = (words.tail(at, heads=4, least=_ORDER_HEADS) for at in (0, 2))
    if (sell.uint(1), buy.uint(1)) != (_SELL, _BUY):
        raise EventError("orders of the wrong sides")
    maker, maker_hash = (sell, 1) if sell.uint(8) <= buy.uint(8) else (buy, 3)
    price, currency = maker.uint(7), sell.address(6)
    taken, added = ([_share(price, fee.uint(0), fee.address(1)) for fee in _fees(order)] for order in (sell, buy))
    return checked(
        Fill(
            order_hash=words.bytes32(maker_hash),
            seller=sell.address(0),
            buyer=buy.address(0),
            tokens=(Token(sell.address(3), TokenId(sell.uint(4)), maker.uint(5) or 1),),
            currency=None if currency == ZERO_ADDRESS else currency,
            price=price + sum(part.amount for part in added),
            parts=(*taken, *added),
        )
    )


def execution(topics: Sequence[str], data: str) -> Fill:
    """`Execution` of the second exchange. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=15)
    quantity = 1 if words.below(4, _ASSETS) == _ERC721 else words.uint(2)
    maker_fee, protocol_fee, taker_fee = ((words.address(at), words.below(at + 1, _RATE_LIMIT)) for at in (8, 10, 12))
    return _executed(
        words.bytes32(5),
        _side(words.uint(14)),
        maker=words.address(0),
        token=Token(words.address(3), TokenId(words.uint(1)), quantity),
        price=words.uint(7),
        maker_fee=maker_fee,
        taker_fee=taker_fee,
        protocol_fee=protocol_fee,
    )


def execution_packed(topics: Sequence[str], data: str) -> Fill:
    """`Execution721Packed` of the second exchange, which has no fees. Raises EventError."""
    expect(topics, 1)
    return _unpacked(Words.of(data, at_least=3), maker_fee=_NO_FEE, taker_fee=_NO_FEE)


def execution_maker_fee_packed(topics: Sequence[str], data: str) -> Fill:
    """`Execution721MakerFeePacked` of the second exchange. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=4)
    return _unpacked(words, maker_fee=_fee(words.uint(3)), taker_fee=_NO_FEE)


def execution_taker_fee_packed(topics: Sequence[str], data: str) -> Fill:
    """`Execution721TakerFeePacked` of the second exchange. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=4)
    return _unpacked(words, maker_fee=_NO_FEE, taker_fee=_fee(words.uint(3)))


_Fee = tuple[Address, int]
"""Who receives it, and the rate in basis points of the price."""
_NO_FEE: Final[_Fee] = (ZERO_ADDRESS, 0)


def _unpacked(words: Words, maker_fee: _Fee, taker_fee: _Fee) -> Fill:
    token_and_maker, side_and_price = words.uint(1), words.uint(2)
    return _executed(
        words.bytes32(0),
        _side(side_and_price >> _SIDE_SHIFT),
        maker=_address(token_and_maker),
        token=Token(_address(side_and_price), TokenId(token_and_maker >> _TOKEN_SHIFT), 1),
        price=side_and_price >> _ADDRESS_BITS & _PRICE_MASK,
        maker_fee=maker_fee,
        taker_fee=taker_fee,
        protocol_fee=_NO_FEE,
    )


def _executed(
    order_hash: Bytes32,
    side: _Side,
    *,
    maker: Address,
    token: Token,
    price: int,
    maker_fee: _Fee,
    taker_fee: _Fee,
    protocol_fee: _Fee,
) -> Fill:
    """The buyer pays their own fee on top of the price, and the seller's and the protocol's are parts of it."""
    is_ask = side is _Side.ASK
    fees = ((recipient, rate) for recipient, rate in (maker_fee, taker_fee, protocol_fee) if rate)
    _, buyers_rate = taker_fee if is_ask else maker_fee
    return checked(
        Fill(
            order_hash=order_hash,
            seller=maker if is_ask else None,
            buyer=None if is_ask else maker,
            tokens=(token,),
            currency=None,
            price=price + price * buyers_rate // _BASIS_POINTS,
            parts=tuple(_share(price, rate, recipient) for recipient, rate in fees),
            currency_role=None if is_ask else POOL,
        )
    )


def _fees(order: Words) -> list[Words]:
    return order.structs(10, 2, heads=_ORDER_HEADS)


def _share(price: int, rate: int, recipient: Address) -> Part:
    if rate >= _RATE_LIMIT:
        raise EventError("a rate is no uint16")
    return Part(price * rate // _BASIS_POINTS, recipient)


def _side(number: int) -> _Side:
    if number >= len(_Side):
        raise EventError("a side is none")
    return _Side(number)


def _fee(packed: int) -> _Fee:
    if (rate := packed >> _ADDRESS_BITS) >= _RATE_LIMIT:
        raise EventError("a rate is no uint16")
    return _address(packed), rate


def _address(packed: int) -> Address:
    return Address(f"0x{packed & _ADDRESS_MASK:040x}")
