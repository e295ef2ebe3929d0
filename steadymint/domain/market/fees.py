"""Fees and royalties of a price, in the currency's smallest unit.

A share is taken of the price of one unit and multiplied by the units, so that each amount divides by the units and the
order can be filled in parts. Shares are rounded down; the seller gets what is left, so the sum is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from steadymint.domain.types import Address, Wei

WHOLE: Final = 10_000
"""Basis points of the whole price."""


class Fee(NamedTuple):
    """Who gets which share of a price: the marketplace, or the receiver of a royalty (EIP-2981)."""

    recipient: Address
    basis_points: int


class Due(NamedTuple):
    """What somebody gets of a price."""

    recipient: Address
    amount: Wei


class Split(NamedTuple):
    """A price, divided. The amounts of `seller` and `fees` add up to it."""

    seller: Wei
    fees: tuple[Due, ...]
    """In the order of the fees that were given, zeros included."""


def share_of(price: int, basis_points: int) -> Wei:
    """Rounded down, as EIP-2981 leaves it and as our collections compute it."""
    return Wei(price * basis_points // WHOLE)


def split(unit_price: int, units: int, fees: Sequence[Fee]) -> Split:
    """The price of some units, divided.

    Raises:
        ValueError: a fee is negative, or all fees together are more than the whole price.
    """
    if any(fee.basis_points < 0 for fee in fees) or sum(fee.basis_points for fee in fees) > WHOLE:
        raise ValueError(f"fees must add up to at most {WHOLE} basis points")
    dues = tuple(Due(fee.recipient, Wei(share_of(unit_price, fee.basis_points) * units)) for fee in fees)
    return Split(Wei(unit_price * units - sum(due.amount for due in dues)), dues)
