"""A part of an order that somebody fills: the fraction that Seaport is given, and what moves for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import gcd
from typing import Final, NamedTuple

from steadymint.domain.market.amounts import amount_at, part_of
from steadymint.domain.market.criteria import admits
from steadymint.domain.market.sides import MarketOrder, Payment
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import Standard, TokenId, Wei

MAX_FRACTION: Final = 2**120 - 1
"""Seaport takes a fraction as two numbers of 120 bits."""


class FulfilmentError(ValueError):
    """What was asked for makes no transaction. The message says why, in a sentence."""


class GivenToken(NamedTuple):
    """The token with which an offer by criteria is accepted."""

    token_id: TokenId
    proof: tuple[bytes, ...] = ()
    """The hashes that lead from the token to the root of a trait offer. Empty for a collection offer."""


class Fraction(NamedTuple):
    """How much of an order is to be filled."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be filled of an order.

    Raises:
        FulfilmentError: the units do not fit the order, or an offer by criteria is not given a token that it takes.
    """

    order: SubmittedOrder
    units: int = 1
    given: GivenToken | None = None
    """Of a collection or trait offer; else None."""

    def __post_init__(self) -> None:
        read = self.order.read
        if not 1 <= self.units <= read.quantity:
            raise FulfilmentError(f"The order has {read.quantity} units: ask for 1 to {read.quantity}")
        if not read.in_parts and self.units != read.quantity:
            raise FulfilmentError("The order can only be filled as a whole")
        if read.standard is Standard.ERC721 and self.units != 1:
            raise FulfilmentError("A token of an ERC-721 is one unit: give the tokens one by one")
        if (read.criteria is None) != (self.given is None):
            raise FulfilmentError(
                "A token must be named for an offer that takes any of several, and for no other order"
            )
        if self.given is not None and not admits(read.criteria or 0, self.given.token_id, self.given.proof):
            raise FulfilmentError("The offer does not take this token")

    @property
    def token_id(self) -> TokenId:
        """The token that changes hands."""
        token_id = self.order.read.token_id if self.given is None else self.given.token_id
        assert token_id is not None, "either the order names a token, or the part does"
        return token_id

    @property
    def fraction(self) -> Fraction:
        """The part as Seaport takes it.

        The denominator is the order's quantity, whatever the units: Seaport adds fractions of one denominator as they
        are, and multiplies different ones, so the fill of one client could make numbers too large for the next.

        Raises:
            FulfilmentError: it does not fit into 120 bits.
        """
        read = self.order.read
        if not read.in_parts:
            return Fraction(1, 1)
        numerator, denominator = self.units, read.quantity
        if denominator > MAX_FRACTION:
            common = gcd(numerator, denominator)
            numerator, denominator = numerator // common, denominator // common
        if denominator > MAX_FRACTION:
            raise FulfilmentError("The order has so many units that Seaport cannot fill this part of it")
        return Fraction(numerator, denominator)

    def paid_at(self, now: int) -> Wei:
        """What whoever fills the part pays at `now`: a listing's price, the fees of an offer. Raises AmountError."""
        return Wei(sum(self._received(payment, now) for payment in self.order.read.payments))

    def paid_at_most(self, since: int, until: int) -> Wei:
        """No less than what is paid at any moment between. Raises AmountError."""
        return Wei(
            sum(
                max(self._received(payment, since), self._received(payment, until))
                for payment in self.order.read.payments
            )
        )

    def brings_at(self, now: int) -> Wei:
        """What an offer leaves to whoever accepts the part at `now`. Raises AmountError."""
        read = self.order.read
        assert read.offered is not None, "only an offer brings something"
        return Wei(self._amount(read.offered, now, round_up=False) - self.paid_at(now))

    def brings_at_least(self, since: int, until: int) -> Wei:
        """No more than what is brought at any moment between: each amount may be rounded by a unit. Raises
        AmountError."""
        read = self.order.read
        moving = [one for one in (read.offered, *read.payments) if one is not None and one.start != one.end]
        return Wei(min(self.brings_at(since), self.brings_at(until)) - len(moving))

    def _received(self, payment: Payment, now: int) -> int:
        return self._amount(payment, now, round_up=True)

    def _amount(self, payment: Payment, now: int, *, round_up: bool) -> int:
        """Seaport takes the fraction of both ends first, and rounds once."""
        read = self.order.read
        start, end = (part_of(amount, *self.fraction) for amount in (payment.start, payment.end))
        return amount_at(start, end, read.start_time, read.end_time, within(read, now), round_up=round_up)


def within(order: MarketOrder, moment: int) -> int:
    """The moment of the order's time that is nearest to `moment`."""
    return min(max(moment, order.start_time), order.end_time - 1)


def hashes_of(parts: Iterable[Part]) -> tuple[bytes, ...]:
    """The orders' hashes."""
    return tuple(part.order.hash for part in parts)
