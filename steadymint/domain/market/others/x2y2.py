"""X2Y2: `EvInventory`, which every step of an order leaves. Two of the steps are sales."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from steadymint.domain.keccak import topic_of
from steadymint.domain.market.others.fill import Fill, Part, Token, checked
from steadymint.domain.market.words import EventError, Words, expect
from steadymint.domain.types import ZERO_ADDRESS, Bytes32, TokenId, parse_bytes32

_DETAIL: Final = "(uint8,uint256,uint256,uint256,bytes32,address,bytes,uint256,uint256,uint256,(uint256,address)[])"
EV_INVENTORY: Final = topic_of(
    "EvInventory(bytes32,address,address,uint256,uint256,uint256,uint256,uint256,address,bytes,"
    f"(uint256,bytes),{_DETAIL})"
)
_HEADS: Final = 11
_ITEM_HEADS: Final = 2
_DETAIL_HEADS: Final = 11
_RATE_BASE: Final = 1_000_000
"""Rates are millionths of the price."""


class _Step(IntEnum):
    INVALID = 0
    SALE_OF_LISTING = 1
    SALE_TO_OFFER = 2
    CANCELLED = 3
    BID = 4
    AUCTION_ENDED = 5
    AUCTION_REFUNDED = 6
    AUCTION_REFUNDED_WITHOUT_TOKEN = 7


_WIDTHS: Final = {1: 2, 2: 3}
"""How tokens are moved (1: ERC-721, 2: ERC-1155) -> words of a token: contract, number and, for ERC-1155, units."""


def ev_inventory(topics: Sequence[str], data: str) -> Fill | None:
    """`EvInventory`. None for a step that is no sale, and for an auction's end, which names neither price nor buyer.

    Raises EventError.
    """
    expect(topics, 2)
    words = Words.of(data, at_least=_HEADS)
    detail = words.tail(10, heads=_HEADS, least=_DETAIL_HEADS)
    step = _Step(detail.below(0, len(_Step)))
    if step not in (_Step.SALE_OF_LISTING, _Step.SALE_TO_OFFER):
        return None
    maker, taker, currency = words.address(0), words.address(1), words.address(7)
    seller, buyer = (maker, taker) if step is _Step.SALE_OF_LISTING else (taker, maker)
    return checked(
        Fill(
            order_hash=_hash(topics[1]),
            seller=seller,
            buyer=buyer,
            tokens=_tokens(words),
            currency=None if currency == ZERO_ADDRESS else currency,
            price=(price := detail.uint(3)),
            parts=tuple(
                Part(price * fee.uint(0) // _RATE_BASE, fee.address(1))
                for fee in detail.structs(10, 2, heads=_DETAIL_HEADS)
            ),
        )
    )


def _tokens(words: Words) -> tuple[Token, ...]:
    """The tokens that were moved. If the order was for any token of a collection, the market has filled in the one."""
    if (width := _WIDTHS.get(words.uint(5))) is None:
        raise EventError("tokens of an unknown standard")
    item = words.tail(9, heads=_HEADS, least=_ITEM_HEADS)
    pairs = item.encoded(1, heads=_ITEM_HEADS, least=2).structs(0, width, heads=1)
    return tuple(
        Token(pair.address(0), TokenId(pair.uint(1)), pair.uint(2) if width > _WIDTHS[1] else 1) for pair in pairs
    )


def _hash(topic: str) -> Bytes32:
    try:
        return parse_bytes32(topic.lower())
    except ValueError:
        raise EventError("a topic is no hash") from None
