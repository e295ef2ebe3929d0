"""Whether a sale's money went round: the same account paid the buyer and was paid by the seller.

The rule looks at the ERC-20 transfers of the sale's own transaction and at nothing else, so it says the same whenever
the transaction is read. Who funded two wallets before is not in the logs of a chain: transfers of its own currency
leave none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from steadymint.domain.types import Address


class Payment(NamedTuple):
    """A `Transfer` of an ERC-20, in its smallest unit."""

    currency: Address
    sender: Address
    receiver: Address
    amount: int


class Trade(NamedTuple):
    """All that one account bought from another in a transaction, in one currency."""

    seller: Address
    buyer: Address
    currency: Address | None
    """None for the chain's own, of which nothing is known."""
    price: int
    proceeds: int
    """What of the price went to the seller."""


def is_circular(trade: Trade, payments: Iterable[Payment]) -> bool:
    """Whether one account gave the buyer at least the price, and got at least the proceeds from the seller; or whether
    the seller did the first. `payments` are those of the trade's transaction."""
    given: Counter[Address] = Counter()
    got: Counter[Address] = Counter()
    for payment in payments:
        if payment.currency == trade.currency and payment.sender != payment.receiver:
            if payment.receiver == trade.buyer:
                given[payment.sender] += payment.amount
            if payment.sender == trade.seller:
                got[payment.receiver] += payment.amount
    funders = {funder for funder, amount in given.items() if amount >= trade.price}
    return any(funder == trade.seller or got[funder] >= max(trade.proceeds, 1) for funder in funders)
