"""What a chain says about an order at one block. A contract that gives no usable answer counts as one that says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from steadymint.domain.market.amounts import Filled
from steadymint.domain.market.fees import WHOLE
from steadymint.domain.types import Address


class Royalty(NamedTuple):
    """What the token's contract answered to `royaltyInfo` (EIP-2981). The amount is at most the price, and not zero."""

    receiver: Address
    amount: int
    price: int
    """For which the amount was asked."""

    def of(self, unit_price: int) -> int:
        """The royalty of another price, by the same share. Rounded down."""
        return unit_price * self.amount // self.price

    @property
    def basis_points(self) -> int:
        """The share, rounded up, so that a price divided by it holds at least the royalty."""
        return -(-self.amount * WHOLE // self.price)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What bears on whether an order can be filled. Amounts are in the smallest unit."""

    validated: bool
    """Seaport looks at no signature any more: the maker validated the order, or a part of it is filled."""
    cancelled: bool
    filled: Filled
    counter: int
    """The maker's counter now."""
    spender: Address | None
    """Who moves what the maker gives: Seaport, or the conduit of the order's key. None if the key has no conduit, or
    one that the market does not know."""
    spender_open: bool
    """Whether the conduit lets Seaport use it. True for Seaport itself."""
    held: int
    """What the maker has of what the order gives: 1 or 0 of an ERC-721, units of an ERC-1155, an amount of an
    ERC-20."""
    allowed: int
    """How much of it the spender may move. For tokens, `ALL` or 0."""
    approved_alone: bool
    """Whether the spender may move this one ERC-721 token, whatever it may move else (`getApproved`)."""
    maker_has_code: bool
    zone_has_code: bool
    accepts_signature: bool
    """Whether the maker, a contract, takes the signature (EIP-1271). Not asked if the maker's key made it."""
    royalty: Royalty | None
    """None if the contract asks for none, or answers nonsense."""


ALL = 2**256 - 1
"""An approval for everything."""
