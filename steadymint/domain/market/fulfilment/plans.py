"""The plan of one transaction to Seaport: what it fills, what it costs or brings, and what its sender must allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from steadymint.domain.market.amounts import AmountError
from steadymint.domain.market.findings import ApprovalKind, MissingApproval
from steadymint.domain.market.fulfilment.parts import FulfilmentError, Part, hashes_of
from steadymint.domain.market.sides import Side
from steadymint.domain.types import Address, Bytes32, Wei

MAX_PARTS: Final = 50
"""Orders of one purchase. A listing takes some 100,000 gas of the 16.7 million that a transaction may have
(EIP-7825)."""
CLOCK_LAG: Final = 60
"""Seconds by which the time of the next block may be behind our clock. A price that falls is higher then."""


class Intention(StrEnum):
    """What somebody who fills orders does."""

    PURCHASE = "purchase"
    SALE = "sale"


class Taker(NamedTuple):
    """Who fills orders."""

    account: Address
    """Sends the transaction, and gets what it brings."""
    seaport: Address
    """To which it is sent."""
    conduit_key: Bytes32
    """Names the conduit that moves what the account gives. Zero stands for Seaport itself."""
    spender: Address
    """That conduit, or Seaport."""


class Period(NamedTuple):
    """When a transaction is made, and until when it may be mined."""

    now: int
    deadline: int

    @property
    def begin(self) -> int:
        """The earliest time that its block may have."""
        return self.now - CLOCK_LAG


class TotalNotAcceptedError(FulfilmentError):
    """It costs more, or brings less, than the account accepts."""

    def __init__(self, total: int, accepted: int) -> None:
        super().__init__("The total is not one that the account accepts")
        self.total = total
        """The most that it may cost, or the least that it may bring."""
        self.accepted = accepted


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One transaction that fills parts of orders."""

    intention: Intention
    taker: Taker
    parts: tuple[Part, ...]
    """Of a purchase, 1 to 50 listings in one currency. Of a sale, one offer."""
    currency: Address | None
    """None for the chain's own currency."""
    total: Wei
    """What the account pays, or is left with after fees, at the time for which the plan is made."""
    limit: Wei
    """The most that a purchase can cost, or the least that a sale can bring."""
    needs: tuple[MissingApproval, ...]
    """The approvals that the account must have given, whether they stand or not."""

    @property
    def value(self) -> Wei:
        """What is sent along, in wei. Seaport gives back what is left of it."""
        is_native = self.intention is Intention.PURCHASE and self.currency is None
        return self.limit if is_native else Wei(0)


def purchase(parts: Sequence[Part], buyer: Taker, period: Period, highest_total: int) -> Fulfilment:
    """Buy from 1 to 50 listings, those of them that can be filled.

    A price in the chain's own currency may rise until the deadline: what is sent covers that, and is never above
    `highest_total`. An ERC-20 is taken from the account whenever the transaction is mined, so the highest price until
    the end of the order must be accepted.

    Raises:
        TotalNotAcceptedError: it costs more than `highest_total`.
        FulfilmentError: there are too few or too many orders, one of them twice, one that is no listing, or several
            currencies; or Seaport cannot compute an amount.
    """
    check_purchase(parts)
    currency = parts[0].order.read.currency
    is_native = currency is None
    try:
        total = sum(part.paid_at(period.now) for part in parts)
        most = sum(part.paid_at_most(period.begin, period.deadline if is_native else _end(part)) for part in parts)
    except AmountError as error:
        raise FulfilmentError(f"Seaport cannot compute the price: {error}") from None
    asked = total if is_native else most
    if asked > highest_total:
        raise TotalNotAcceptedError(asked, highest_total)
    limit = Wei(min(most, highest_total))
    needs: tuple[MissingApproval, ...] = ()
    if currency is not None:
        needs = (MissingApproval(ApprovalKind.ERC20_APPROVE, currency, buyer.spender, limit),)
    return Fulfilment(Intention.PURCHASE, buyer, tuple(parts), currency, Wei(total), limit, needs)


def sale(part: Part, seller: Taker, period: Period, lowest_total: int = 0) -> Fulfilment:
    """Accept an offer.

    Seaport pays the seller the whole price and takes the offer's fees back from them, so they must allow it to.

    Raises:
        TotalNotAcceptedError: it may bring less than `lowest_total` until the offer ends.
        FulfilmentError: the order is no offer, or Seaport cannot compute an amount.
    """
    check_offer(part)
    read = part.order.read
    assert read.currency is not None, "an offer is paid in an ERC-20"
    try:
        total, least = part.brings_at(period.now), part.brings_at_least(period.begin, _end(part))
        fees = part.paid_at_most(period.begin, _end(part))
    except AmountError as error:
        raise FulfilmentError(f"Seaport cannot compute the price: {error}") from None
    if least < lowest_total:
        raise TotalNotAcceptedError(least, lowest_total)
    needs = [MissingApproval(ApprovalKind.SET_APPROVAL_FOR_ALL, read.contract, seller.spender)]
    if fees:
        needs.append(MissingApproval(ApprovalKind.ERC20_APPROVE, read.currency, seller.spender, fees))
    return Fulfilment(Intention.SALE, seller, (part,), read.currency, total, least, tuple(needs))


def check_purchase(parts: Sequence[Part]) -> None:
    """Raises FulfilmentError unless one transaction can buy from all of these orders."""
    if not 1 <= len(parts) <= MAX_PARTS:
        raise FulfilmentError(f"A purchase is of 1 to {MAX_PARTS} orders")
    if len(set(hashes_of(parts))) < len(parts):
        raise FulfilmentError("An order is named twice: ask for several units of it instead")
    if any(part.order.read.side is not Side.LISTING for part in parts):
        raise FulfilmentError("One of the orders is an offer: accept it in a sale")
    if len({part.order.read.currency for part in parts}) > 1:
        raise FulfilmentError("The orders are in several currencies: buy those of each in a purchase of their own")


def check_offer(part: Part) -> None:
    """Raises FulfilmentError unless the order is an offer."""
    if part.order.read.side is Side.LISTING:
        raise FulfilmentError("The order is a listing: buy it")


def _end(part: Part) -> int:
    return part.order.read.end_time
