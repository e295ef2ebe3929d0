"""The sales of a batch, as rows: what belongs to one key is added up, and what does not count is marked. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from steadymint.domain.market.funding import Payment, Trade, is_circular
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.sales import Sale
from steadymint.domain.types import Address

BACK_WITHIN: Final = timedelta(days=30)
"""A token that comes back between the same two accounts within this time was not really sold. Tax law, which knows wash
sales best, counts the same days."""

Payments = Mapping[str, Sequence[Payment]]
"""Transaction -> the currencies that moved in it."""

Money = Mapping[str | None, Currency]
"""The currencies of a chain by contract; None is the chain's own."""


@dataclass(slots=True)
class SaleRow:
    """Sales of one key: of a token, between two accounts, by one order, in one transaction. Their amounts are added
    up, and may pass 2^256: a token or a currency of strangers moves as often as it likes."""

    sale: Sale
    tx_hash: str
    place: int
    """Of the fill of the order, the first one."""
    at: int
    quantity: int
    proceeds: int
    fees: int
    royalty: int
    bundle: int
    marketplace: str | None = None
    """The slug of the marketplace whose order it was. None for an order of the registered Seaport, which we may know:
    the marketplace is that of the order."""
    exclusion: str | None = None
    """As far as the batch itself tells."""

    @classmethod
    def of(cls, sale: Sale, tx_hash: str, place: int, at: int, marketplace: str | None = None) -> SaleRow:
        return cls(
            sale,
            tx_hash,
            place,
            at,
            sale.quantity,
            sale.proceeds,
            sale.fees,
            sale.royalty,
            sale.bundle,
            marketplace,
        )

    @property
    def price(self) -> int:
        return self.proceeds + self.fees + self.royalty

    def add(self, other: SaleRow) -> None:
        self.quantity += other.quantity
        self.proceeds += other.proceeds
        self.fees += other.fees
        self.royalty += other.royalty
        self.bundle = max(self.bundle, other.bundle)


def kept_rows(rows: Iterable[SaleRow], payments: Payments) -> list[SaleRow]:
    """The rows to write, one for each key, in the order of the chain.

    One order may be filled on two versions of Seaport in one transaction, so rows of all markets are compared.
    """
    found: dict[tuple[object, ...], SaleRow] = {}
    for row in sorted(rows, key=lambda row: row.place):
        sale = row.sale
        key = (row.tx_hash, sale.contract, sale.token_id, sale.seller, sale.buyer, sale.order_hash)
        if (first := found.get(key)) is None:
            found[key] = row
        else:
            first.add(row)
    kept = list(found.values())
    _mark(kept, _circular(kept, payments))
    return kept


_Sides = tuple[str, Address, Address, Address | None]
"""Transaction, seller, buyer and currency."""


def _sides(row: SaleRow) -> _Sides:
    return row.tx_hash, row.sale.seller, row.sale.buyer, row.sale.currency


def _circular(rows: Iterable[SaleRow], payments: Payments) -> set[_Sides]:
    """Between whom the money went round."""
    totals: dict[_Sides, tuple[int, int]] = {}
    for row in rows:
        if payments.get(row.tx_hash) and row.sale.currency is not None:
            price, proceeds = totals.get(_sides(row), (0, 0))
            totals[_sides(row)] = price + row.price, proceeds + row.proceeds
    return {
        sides
        for sides, (price, proceeds) in totals.items()
        if is_circular(Trade(*sides[1:], price, proceeds), payments[sides[0]])
    }


def _mark(rows: Sequence[SaleRow], circular: Collection[_Sides]) -> None:
    """Say which sales are not counted as such: to oneself, with money that went round, and back between the same two
    accounts."""
    last: dict[tuple[str, int, str, str], SaleRow] = {}
    for row in rows:
        sale = row.sale
        back = last.get((sale.contract, sale.token_id, sale.buyer, sale.seller))
        if sale.seller == sale.buyer:
            row.exclusion = "self_trade"
        elif _sides(row) in circular:
            row.exclusion = "same_funder"
        elif back is not None and back.place < row.place and row.at - back.at <= BACK_WITHIN.total_seconds():
            row.exclusion = "back_and_forth"
        last[sale.contract, sale.token_id, sale.seller, sale.buyer] = row


# -- prices ------------------------------------------------------------------------------------------------------------


class ShownPrice(NamedTuple):
    """A price as it is shown."""

    text: str | None
    """In whole units; None if nobody has registered how many decimals the currency has."""
    symbol: str
    is_native: bool


def shown_price(amount: int, currency: str | None, money: Money) -> ShownPrice:
    known = money.get(currency)
    if known is not None:
        return ShownPrice(show_price(amount, known.decimals), known.symbol, known.is_native)
    assert currency is not None, "a chain has a currency of its own"
    return ShownPrice(None, f"{currency[:6]}…{currency[-4:]}", False)
