"""Amounts of an item at a time and in parts, as Seaport computes them in 256 bits. Times are Unix seconds."""

from __future__ import annotations

from typing import NamedTuple

from steadymint.domain.types import UINT256_MAX


class AmountError(ValueError):
    """Seaport would revert: the part is not exact, or a product does not fit into 256 bits."""


class Filled(NamedTuple):
    """How much of an order is filled, as `getOrderStatus` answers: a numerator and a denominator, 0 and 0 before the
    first fill."""

    numerator: int
    denominator: int


def amount_at(start: int, end: int, start_time: int, end_time: int, now: int, *, round_up: bool) -> int:
    """The amount at `now`, on the line from `start` at `start_time` to `end` at `end_time`.

    What is received is rounded up, what is given is rounded down. `now` must lie in `start_time <= now < end_time`.

    Raises:
        AmountError: a product is over 2^256 - 1.
    """
    if start == end:
        return end
    total = start * (end_time - now) + end * (now - start_time)
    if total > UINT256_MAX:
        raise AmountError("the amount does not fit into 256 bits")
    duration = end_time - start_time
    return -(-total // duration) if round_up else total // duration


def part_of(amount: int, numerator: int, denominator: int) -> int:
    """A fraction of an amount.

    Raises:
        AmountError: it is not a whole number, or a product is over 2^256 - 1.
    """
    if numerator == denominator:
        return amount
    part, rest = divmod(amount * numerator, denominator)
    if rest:
        raise AmountError("the part is not a whole number")
    if amount * numerator > UINT256_MAX:
        raise AmountError("the amount does not fit into 256 bits")
    return part


def remaining_of(quantity: int, filled: Filled) -> int:
    """How many of `quantity` units can still be filled. Parts of a unit, which no fill of ours leaves, do not count."""
    if filled.denominator == 0:
        return quantity
    return quantity * (filled.denominator - filled.numerator) // filled.denominator
