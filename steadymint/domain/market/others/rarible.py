"""Rarible's ExchangeV2: `Match` in its two forms.

The first form names the makers of both orders and what was exchanged. The second one, since September 2022, has two
hashes and two amounts and nothing else, so it is no fill here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from steadymint.domain.keccak import keccak256, topic_of
from steadymint.domain.market.others.fill import Fill, Token, checked
from steadymint.domain.market.words import Words, expect
from steadymint.domain.types import Address, Bytes32, TokenId

_ASSET: Final = "(bytes4,bytes)"
MATCH: Final = topic_of(f"Match(bytes32,bytes32,address,address,uint256,uint256,{_ASSET},{_ASSET})")
MATCH_OF_AMOUNTS: Final = topic_of("Match(bytes32,bytes32,uint256,uint256)")
_HEADS: Final = 8


def _class(name: str) -> int:
    """An asset's class is the first four bytes of its name's hash, at the left end of a word."""
    return int.from_bytes(keccak256(name.encode())[:4].ljust(32, b"\0"))


_NATIVE: Final = _class("ETH")
_ERC20: Final = _class("ERC20")
_TOKENS: Final = frozenset((_class("ERC721"), _class("ERC1155")))
_LAZY: Final = frozenset((_class("ERC721_LAZY"), _class("ERC1155_LAZY")))
"""Tokens that the sale itself mints."""


class Amounts(NamedTuple):
    """The second form of `Match`. It does not tell which of the amounts is the token's and which the price."""

    left_hash: Bytes32
    right_hash: Bytes32
    left_fill: int
    """How much the left order got of what it asks for."""
    right_fill: int


class _Given(NamedTuple):
    """What one of the two orders gave."""

    maker: Address
    asset: Words
    """The asset's class, and bytes that name the asset."""
    amount: int

    @property
    def kind(self) -> int:
        return self.asset.uint(0)

    def named(self, least: int) -> Words:
        return self.asset.encoded(1, heads=2, least=least)


def matched(topics: Sequence[str], data: str) -> Fill | None:
    """`Match` in its first form. None if it is no exchange of a token for a currency. Raises EventError.

    An order can name whom its token goes to, and the log does not, so the buyer is unknown. Nor does the log say how
    the price was divided, or what the buyer paid on top of it.
    """
    expect(topics, 1)
    words = Words.of(data, at_least=_HEADS)
    left = _Given(words.address(2), words.tail(6, heads=_HEADS, least=2), words.uint(5))
    right = _Given(words.address(3), words.tail(7, heads=_HEADS, least=2), words.uint(4))
    for given, paid in ((left, right), (right, left)):
        if given.kind in _TOKENS | _LAZY and paid.kind in (_NATIVE, _ERC20):
            return checked(
                Fill(
                    order_hash=words.bytes32(0),
                    seller=given.maker,
                    buyer=None,
                    tokens=(_token(given),),
                    currency=None if paid.kind == _NATIVE else paid.named(least=1).address(0),
                    price=paid.amount,
                    parts=(),
                )
            )
    return None


def amounts(topics: Sequence[str], data: str) -> Amounts:
    """`Match` in its second form. Raises EventError."""
    expect(topics, 1)
    words = Words.of(data, at_least=4)
    return Amounts(words.bytes32(0), words.bytes32(1), words.uint(2), words.uint(3))


def _token(given: _Given) -> Token:
    """A token is its contract and its number. If it was to be minted, a struct that begins with the number follows."""
    named = given.named(least=2)
    number = named.uint(1) if given.kind in _TOKENS else named.tail(1, heads=2, least=1).uint(0)
    return Token(named.address(0), TokenId(number), given.amount)
