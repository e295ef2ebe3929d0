"""LooksRare v2: `TakerBid` (somebody took a listing) and `TakerAsk` (somebody took an offer)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from steadymint.domain.keccak import topic_of
from steadymint.domain.market.others.fill import Fill, Part, Token, checked
from steadymint.domain.market.words import EventError, Words, expect
from steadymint.domain.types import ZERO_ADDRESS, Address, TokenId

_PARAMETERS: Final = (
    "((bytes32,uint256,bool),address,address,uint256,address,address,uint256[],uint256[],address[2],uint256[3])"
)
TAKER_BID: Final = topic_of(f"TakerBid{_PARAMETERS}")
TAKER_ASK: Final = topic_of(f"TakerAsk{_PARAMETERS}")
_HEADS: Final = 15


def taker_bid(topics: Sequence[str], data: str) -> Fill:
    """`TakerBid`: a listing was taken. The seller is who gets the proceeds; the buyer may be another than who paid.

    Raises EventError.
    """
    words = _words(topics, data)
    return _fill(words, seller=words.address(10), buyer=words.address(4))


def taker_ask(topics: Sequence[str], data: str) -> Fill:
    """`TakerAsk`: an offer was taken. The proceeds may go to another wallet of the seller's. Raises EventError."""
    words = _words(topics, data)
    return _fill(words, seller=words.address(3), buyer=words.address(4))


def _words(topics: Sequence[str], data: str) -> Words:
    expect(topics, 1)
    return Words.of(data, at_least=_HEADS)


def _fill(words: Words, seller: Address, buyer: Address) -> Fill:
    proceeds, royalty, fee = (words.uint(at) for at in (12, 13, 14))
    currency = words.address(6)
    return checked(
        Fill(
            order_hash=words.bytes32(0),
            seller=seller,
            buyer=buyer,
            tokens=_tokens(words),
            currency=None if currency == ZERO_ADDRESS else currency,
            price=proceeds + royalty + fee,
            parts=(Part(royalty, words.address(11), is_royalty=True), Part(fee, None)),
        )
    )


def _tokens(words: Words) -> tuple[Token, ...]:
    contract = words.address(7)
    numbers, quantities = ([one.uint(0) for one in words.structs(at, 1, heads=_HEADS)] for at in (8, 9))
    if len(numbers) != len(quantities):
        raise EventError("not one quantity for each token")
    return tuple(Token(contract, TokenId(one), units) for one, units in zip(numbers, quantities, strict=True))
