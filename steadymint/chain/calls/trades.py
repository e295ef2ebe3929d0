"""Purchases and sales: how the fills of a transaction show them. `fulfilment.py` makes the calls.

The fills do not name an intent, so they show what each account bought or sold, whoever sent the transaction. All of one
account's orders in a transaction are seen together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from steadymint.chain.calls import fulfilment
from steadymint.domain.intents import purchase, sale
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.kinds import IntentKind
from steadymint.domain.market.events import FULFILLED_SIGNATURE, Fulfilled, Matched
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32


class TradeProof(NamedTuple):
    """How the fills of one transaction show an intent of a kind."""

    kind: IntentKind
    signature: str
    account: Callable[[Sale], Address]
    """Whose intent a sale may fulfil."""
    of_listings: bool
    """Whether the orders are listings. If not, they are offers."""
    facts: Callable[[str, str, Iterable[Bytes32]], Facts]
    """From Seaport, the account, and the orders' hashes."""

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


class Trade(NamedTuple):
    """What one account bought, or sold, in a transaction."""

    kind: IntentKind
    facts: Facts
    sales: tuple[Sale, ...]


def trades_of(seaport: Address, events: Sequence[Fulfilled | Matched]) -> list[Trade]:
    """What each account bought and sold, from Seaport's events in one transaction in the order of their logs.

    The buyer is whom the token went to, and the seller to an offer is who gave it.
    """
    givers = {(event.order_hash, event.offerer) for event in events if isinstance(event, Fulfilled)}
    found: dict[tuple[TradeProof, Address], list[Sale]] = {}
    for sold in sales_of(events):
        is_listing = (sold.order_hash, sold.seller) in givers
        for proof in PROOFS:
            if proof.of_listings == is_listing:
                found.setdefault((proof, proof.account(sold)), []).append(sold)
    return [
        Trade(proof.kind, proof.facts(seaport, account, (one.order_hash for one in sales)), tuple(sales))
        for (proof, account), sales in found.items()
    ]


def may_concern(seaport: Address, event: Fulfilled) -> Iterator[tuple[IntentKind, Facts]]:
    """Kind and facts, without orders, of all intents that the event may be about. Cheaper than `trades_of`."""
    got = {paid.recipient for paid in event.consideration if not paid.item.item_type.is_currency}
    for account in {event.recipient, event.offerer, *got} - {ZERO_ADDRESS}:
        for proof in PROOFS:
            yield proof.kind, proof.facts(seaport, account, ())


def _buyer(sold: Sale) -> Address:
    return sold.buyer


def _seller(sold: Sale) -> Address:
    return sold.seller


CALLS: Final = fulfilment.CALLS
PROOFS: Final = (
    TradeProof(IntentKind.PURCHASE, FULFILLED_SIGNATURE, _buyer, True, purchase.facts),
    TradeProof(IntentKind.SALE, FULFILLED_SIGNATURE, _seller, False, sale.facts),
)
