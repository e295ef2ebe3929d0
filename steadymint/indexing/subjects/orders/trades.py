"""The rows of fills and sales that the events of Seaport come to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from steadymint.domain.market.components import ItemType
from steadymint.domain.market.events import Fulfilled, Matched, MovedItem
from steadymint.domain.market.policy import Currency
from steadymint.domain.market.prices import show_price
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.types import UINT256_MAX, Address
from steadymint.indexing.subjects.orders.gathered import Logged

BACK_WITHIN: Final = timedelta(days=30)
"""A token that comes back between the same two accounts within this time was not really sold. Tax law, which knows wash
sales best, counts the same days."""

Money = Mapping[str | None, Currency]
"""The currencies of a chain by contract; None is the chain's own."""

Receivers = Mapping[str, Sequence[tuple[int, str]]]
"""Contract of a collection -> who receives its royalties from which place on, in order."""


@dataclass(slots=True)
class SaleRow:
    """Sales of one key: of a token, between two accounts, by one order, in one transaction. Their amounts are added
    up."""

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
    exclusion: str | None = None
    """As far as the batch itself tells."""

    @property
    def price(self) -> int:
        return self.proceeds + self.fees + self.royalty

    def add(self, sale: Sale) -> None:
        self.quantity += sale.quantity
        self.proceeds += sale.proceeds
        self.fees += sale.fees
        self.royalty += sale.royalty
        self.bundle = max(self.bundle, sale.bundle)


class Price(NamedTuple):
    """What was paid, and in what."""

    amount: int
    currency: Address | None


# -- fills -------------------------------------------------------------------------------------------------------------


def units_of(fill: Fulfilled) -> int:
    """How many units of tokens the maker gave, or got for currency."""
    given = sum(item.amount for item in fill.offer if not item.item_type.is_currency)
    got = sum(paid.item.amount for paid in fill.consideration if not paid.item.item_type.is_currency)
    return min(given or got, UINT256_MAX)


def price_of(fill: Fulfilled) -> Price | None:
    """What the maker gave in all, or was paid with all fees. None unless it is one currency, and 256 bits hold it."""
    offered = [item for item in fill.offer if item.item_type.is_currency]
    paid = [item for item, _ in fill.consideration if item.item_type.is_currency]
    currencies = {_currency(item) for item in (*offered, *paid)}
    amount = max(sum(item.amount for item in offered), sum(item.amount for item in paid))
    return Price(amount, currencies.pop()) if len(currencies) == 1 and amount <= UINT256_MAX else None


def _currency(item: MovedItem) -> Address | None:
    return None if item.item_type is ItemType.NATIVE else item.token


# -- sales -------------------------------------------------------------------------------------------------------------


def sold_contracts(trades: Iterable[Logged[Fulfilled | Matched]]) -> set[str]:
    """The contracts of all tokens that the fills name."""
    return {item.token for logged in trades for item in _tokens(logged.event)}


def sale_rows(trades: Iterable[Logged[Fulfilled | Matched]], receivers: Receivers) -> tuple[list[SaleRow], int]:
    """The sales of a batch, in their order, and the number of those that are left out since their amounts do not fit
    into 256 bits: tokens and currencies of strangers may claim anything."""
    rows: list[SaleRow] = []
    for together in _transactions(trades):
        rows += _rows_of(together, _receivers_at(together, receivers))
    fitting = [row for row in rows if row.price <= UINT256_MAX and row.quantity <= UINT256_MAX]
    fitting.sort(key=lambda row: row.place)
    _mark(fitting)
    return fitting, len(rows) - len(fitting)


def _transactions(trades: Iterable[Logged[Fulfilled | Matched]]) -> Iterator[list[Logged[Fulfilled | Matched]]]:
    """The events of each transaction, and of each Seaport in it."""
    found: dict[tuple[str, str], list[Logged[Fulfilled | Matched]]] = {}
    for logged in trades:
        found.setdefault((logged.tx_hash, logged.seaport), []).append(logged)
    yield from found.values()


def _rows_of(together: Sequence[Logged[Fulfilled | Matched]], receivers: Collection[Address]) -> Iterable[SaleRow]:
    places: dict[str, int] = {}
    for logged in together:
        if isinstance(logged.event, Fulfilled):
            places.setdefault(logged.event.order_hash, logged.place)
    rows: dict[tuple[object, ...], SaleRow] = {}
    for sale in sales_of((logged.event for logged in together), receivers):
        key = (sale.contract, sale.token_id, sale.seller, sale.buyer, sale.order_hash)
        if (row := rows.get(key)) is not None:
            row.add(sale)
            continue
        first = together[0]
        rows[key] = SaleRow(
            sale,
            first.tx_hash,
            places[sale.order_hash],
            first.at,
            sale.quantity,
            sale.proceeds,
            sale.fees,
            sale.royalty,
            sale.bundle,
        )
    return rows.values()


def _receivers_at(together: Sequence[Logged[Fulfilled | Matched]], receivers: Receivers) -> set[Address]:
    """Who receives royalties of the tokens that are sold together."""
    place = together[0].place
    found: set[Address] = set()
    for contract in sold_contracts(together):
        named = [account for since, account in receivers.get(contract, ()) if since < place]
        found.update(Address(account) for account in named[-1:])
    return found


def _tokens(event: Fulfilled | Matched) -> Iterator[MovedItem]:
    if isinstance(event, Fulfilled):
        for item in (*event.offer, *(paid.item for paid in event.consideration)):
            if not item.item_type.is_currency:
                yield item


def _mark(rows: Sequence[SaleRow]) -> None:
    """Say which sales are not counted as such: to oneself, and back between the same two accounts."""
    last: dict[tuple[str, int, str, str], SaleRow] = {}
    for row in rows:
        sale = row.sale
        back = last.get((sale.contract, sale.token_id, sale.buyer, sale.seller))
        if sale.seller == sale.buyer:
            row.exclusion = "self_trade"
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
