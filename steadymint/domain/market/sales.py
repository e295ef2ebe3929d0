"""What was sold by the fills of a transaction: of which token, by whom, to whom, and how the price was divided.

The rules:

- Orders that were matched with each other and share a token are one sale.
- The seller is the maker of the order that gave the token, or the filler of an order that asked for it. The buyer is
  whom the token went to, and not who called.
- The price is what the buyer paid. What went to the seller are the proceeds; what went to a receiver of royalties is
  the royalty; the rest are fees of marketplaces. The three add up to the price.
- Several tokens that were sold together are a sale each. Each has an equal part of the price, whatever its quantity;
  what does not divide goes to the first ones, a unit each.
- An exchange of tokens is no sale, nor is one without a currency, or with several.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from steadymint.domain.market.components import ItemType
from steadymint.domain.market.events import Fulfilled, Matched, MovedItem
from steadymint.domain.types import Address, Bytes32, TokenId, Wei


class Sale(NamedTuple):
    """One token, or units of one, sold. Amounts are for the whole quantity, in the currency's smallest unit."""

    order_hash: Bytes32
    """Of the order that gave the token, else of the one that asked for it."""
    contract: Address
    token_id: TokenId
    quantity: int
    seller: Address
    buyer: Address
    currency: Address | None
    """None for the chain's own currency."""
    proceeds: Wei
    fees: Wei
    royalty: Wei
    bundle: int
    """How many tokens were sold together."""

    @property
    def price(self) -> Wei:
        return Wei(self.proceeds + self.fees + self.royalty)


def sales_of(events: Iterable[Fulfilled | Matched], royalty_receivers: Collection[Address] = ()) -> list[Sale]:
    """The sales of one transaction, from its events in the order of their logs."""
    return [
        sale
        for group in _groups(events)
        for fills in _sharing_tokens(group)
        for sale in _Exchange.of(fills).sales(royalty_receivers)
    ]


def _groups(events: Iterable[Fulfilled | Matched]) -> list[list[Fulfilled]]:
    """The fills: those that were matched together, all others alone. The fills of a match come right before it."""
    groups: list[list[Fulfilled]] = []
    for event in events:
        if isinstance(event, Fulfilled):
            groups.append([event])
            continue
        count = len(event.order_hashes)
        last = groups[-count:]
        if count and [fill.order_hash for group in last for fill in group] == [*event.order_hashes]:
            groups[-count:] = [[fill for group in last for fill in group]]
    return groups


def _sharing_tokens(fills: Sequence[Fulfilled]) -> list[list[Fulfilled]]:
    """The fills, divided into those that share a token, directly or through others. Fills without one are left out."""
    parts: list[tuple[set[_Token], list[Fulfilled]]] = []
    for fill in fills:
        tokens, together = {_token(item) for item in _items(fill) if not item.item_type.is_currency}, [fill]
        for part in [part for part in parts if part[0] & tokens]:
            parts.remove(part)
            tokens, together = tokens | part[0], part[1] + together
        parts.append((tokens, together))
    return [together for tokens, together in parts if tokens]


_Token = tuple[Address, int]
_Holding = tuple[Address, int, Bytes32]
"""Who gives or gets, how many units, and by which order."""


class _Handover(NamedTuple):
    token: _Token
    quantity: int
    seller: Address
    buyer: Address
    order_hash: Bytes32


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Fills that belong together, as tokens that went from one to another and payments."""

    handovers: list[_Handover]
    filler: Address
    offered: int
    """Currency that makers gave who gave no token."""
    payments: list[tuple[Address, int]]
    currencies: set[Address | None]

    @classmethod
    def of(cls, fills: Sequence[Fulfilled]) -> _Exchange:
        filler = fills[0].recipient
        handovers = list(_handovers(fills, filler))
        sellers = {handover.seller for handover in handovers}
        offered = [item for fill in fills if fill.offerer not in sellers for item in fill.offer]
        paid = [paid for fill in fills for paid in fill.consideration if paid.item.item_type.is_currency]
        moved = [item for fill in fills for item in _items(fill) if item.item_type.is_currency]
        return cls(
            handovers=handovers,
            filler=filler,
            offered=sum(item.amount for item in offered if item.item_type.is_currency),
            payments=[(recipient, item.amount) for item, recipient in paid],
            currencies={None if item.item_type is ItemType.NATIVE else item.token for item in moved},
        )

    @property
    def paid(self) -> int:
        return sum(amount for _, amount in self.payments)

    @property
    def price(self) -> int:
        return max(self.offered, self.paid)

    @property
    def is_sale(self) -> bool:
        """One currency was paid, and nobody gave one token and got another."""
        bought: defaultdict[Address, set[_Token]] = defaultdict(set)
        for handover in self.handovers:
            bought[handover.buyer].add(handover.token)
        both_ways = any(bought[handover.seller] - {handover.token} for handover in self.handovers)
        return bool(self.handovers) and len(self.currencies) == 1 and self.price > 0 and not both_ways

    def sales(self, royalty_receivers: Collection[Address]) -> Iterator[Sale]:
        if not self.is_sale:
            return
        (currency,) = self.currencies
        shares = zip(
            *(equal_parts(part, len(self.handovers)) for part in self._divided(royalty_receivers)), strict=True
        )
        for handover, (proceeds, fees, royalty) in zip(self.handovers, shares, strict=True):
            yield Sale(
                order_hash=handover.order_hash,
                contract=handover.token[0],
                token_id=TokenId(handover.token[1]),
                quantity=handover.quantity,
                seller=handover.seller,
                buyer=handover.buyer,
                currency=currency,
                proceeds=Wei(proceeds),
                fees=Wei(fees),
                royalty=Wei(royalty),
                bundle=len(self.handovers),
            )

    def _divided(self, royalty_receivers: Collection[Address]) -> tuple[int, int, int]:
        """Proceeds, fees and royalty of all tokens together."""
        sellers = {handover.seller for handover in self.handovers}
        if self.payments and not sellers & {self.filler, *(recipient for recipient, _ in self.payments)}:
            sellers.add(self.payments[0][0])  # another wallet of the maker's
        proceeds = sum(amount for recipient, amount in self.payments if recipient in sellers)
        if self.filler in sellers:
            proceeds += self.price - self.paid  # what the makers gave beyond the payments
        royalty = sum(
            amount for recipient, amount in self.payments if recipient in royalty_receivers and recipient not in sellers
        )
        return proceeds, self.price - proceeds - royalty, royalty


def _handovers(fills: Sequence[Fulfilled], filler: Address) -> Iterator[_Handover]:
    """Each token from who gave it to who got it. The filler stands for whoever is missing on one side."""
    given: defaultdict[_Token, deque[_Holding]] = defaultdict(deque)
    got: defaultdict[_Token, deque[_Holding]] = defaultdict(deque)
    for fill in fills:
        for item in fill.offer:
            if not item.item_type.is_currency:
                given[_token(item)].append((fill.offerer, item.amount, fill.order_hash))
        for item, recipient in fill.consideration:
            if not item.item_type.is_currency:
                got[_token(item)].append((recipient, item.amount, fill.order_hash))
    for token in dict.fromkeys((*given, *got)):
        givers, receivers = given[token], got[token]
        while givers or receivers:
            seller, here, order = givers.popleft() if givers else (filler, receivers[0][1], receivers[0][2])
            buyer, there, asked = receivers.popleft() if receivers else (filler, here, order)
            quantity = min(here, there)
            if here > quantity:
                givers.appendleft((seller, here - quantity, order))
            if there > quantity:
                receivers.appendleft((buyer, there - quantity, asked))
            if quantity:
                yield _Handover(token, quantity, seller, buyer, order)


def _items(fill: Fulfilled) -> list[MovedItem]:
    return [*fill.offer, *(paid.item for paid in fill.consideration)]


def _token(item: MovedItem) -> _Token:
    return item.token, item.identifier


def equal_parts(amount: int, parts: int) -> list[int]:
    """An amount in equal parts; the first ones have what does not divide."""
    share, rest = divmod(amount, parts)
    return [share + (place < rest) for place in range(parts)]
