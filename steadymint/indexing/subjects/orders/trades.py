"""What the fills of a batch come to: of Seaport, by its events, and of other markets, with the transfers beside them.
Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from steadymint.domain.market.components import ItemType
from steadymint.domain.market.events import Fulfilled, Matched, MovedItem
from steadymint.domain.market.others.fill import sales_of_fill
from steadymint.domain.market.others.moves import completed
from steadymint.domain.market.others.seaport import sales_of_1_1
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.types import Address
from steadymint.indexing.store.chain_tables import LOG_BITS
from steadymint.indexing.subjects.orders.gathered import Beside, Logged, OtherFill, OtherFills
from steadymint.indexing.subjects.orders.sale_rows import SaleRow

Trades = Sequence[Logged[Fulfilled | Matched]]
"""Fills and matches of Seaport, in the order of their logs."""

Receivers = Mapping[str, Sequence[tuple[int, str]]]
"""Contract of a collection -> who receives its royalties from which place on, in order."""

_SalesOf = Callable[[Trades, Collection[Address]], list[Sale]]
"""The sales of one transaction, by the receivers of royalties."""

SEAPORT: Final = "seaport"
"""The marketplace of orders that were filled on an earlier Seaport."""


class Price(NamedTuple):
    """What was paid, and in what."""

    amount: int
    currency: Address | None


# -- fills of Seaport --------------------------------------------------------------------------------------------------


def units_of(fill: Fulfilled) -> int:
    """How many units of tokens the maker gave, or got for currency."""
    given = sum(item.amount for item in fill.offer if not item.item_type.is_currency)
    got = sum(paid.item.amount for paid in fill.consideration if not paid.item.item_type.is_currency)
    return given or got


def price_of(fill: Fulfilled) -> Price | None:
    """What the maker gave in all, or was paid with all fees. None unless it is one currency."""
    offered = [item for item in fill.offer if item.item_type.is_currency]
    paid = [item for item, _ in fill.consideration if item.item_type.is_currency]
    currencies = {_currency(item) for item in (*offered, *paid)}
    amount = max(sum(item.amount for item in offered), sum(item.amount for item in paid))
    return Price(amount, currencies.pop()) if len(currencies) == 1 else None


def _currency(item: MovedItem) -> Address | None:
    return None if item.item_type is ItemType.NATIVE else item.token


# -- sales -------------------------------------------------------------------------------------------------------------


def sold_contracts(trades: Iterable[Logged[Fulfilled | Matched]]) -> set[str]:
    """The contracts of all tokens that the fills name."""
    return {item.token for logged in trades for item in _tokens(logged.event)}


def others_sold(others: OtherFills) -> set[str]:
    """The contracts of all tokens that other markets' fills name."""
    filled = {token.contract for one in others.fills for token in one.fill.tokens}
    return filled | sold_contracts(others.earlier) | sold_contracts(others.first)


def seaport_sales(trades: Trades, receivers: Receivers) -> list[SaleRow]:
    """The sales on the Seaport whose orders are ours."""
    return list(_seaport_rows(trades, receivers, _sales_of))


def other_sales(
    others: OtherFills, beside: Beside, receivers: Receivers, contracts: Mapping[str, Address]
) -> list[SaleRow]:
    """The sales on other markets. `contracts` are those registered on the chain whose balances are a currency, by
    role."""
    return [
        *_seaport_rows(others.earlier, receivers, _sales_of, SEAPORT),
        *_seaport_rows(others.first, receivers, _sales_of_1_1, SEAPORT),
        *_filled_rows(others.fills, beside, receivers, contracts),
    ]


def _sales_of(trades: Trades, receivers: Collection[Address]) -> list[Sale]:
    return sales_of((said.event for said in trades), receivers)


def _sales_of_1_1(trades: Trades, receivers: Collection[Address]) -> list[Sale]:
    fills = [(_log_index(said.place), said.event) for said in trades if isinstance(said.event, Fulfilled)]
    return sales_of_1_1(fills, receivers)


def _seaport_rows(
    trades: Iterable[Logged[Fulfilled | Matched]],
    receivers: Receivers,
    sales: _SalesOf,
    marketplace: str | None = None,
) -> Iterator[SaleRow]:
    """The rows of each transaction, and of each Seaport in it."""
    found: dict[tuple[str, str], list[Logged[Fulfilled | Matched]]] = {}
    for logged in trades:
        found.setdefault((logged.tx_hash, logged.seaport), []).append(logged)
    for together in found.values():
        first = together[0]
        places: dict[str, int] = {}
        for logged in together:
            if isinstance(logged.event, Fulfilled):
                places.setdefault(logged.event.order_hash, logged.place)
        for sale in sales(together, _receivers_at(first.place, sold_contracts(together), receivers)):
            yield SaleRow.of(sale, first.tx_hash, places[sale.order_hash], first.at, marketplace)


def _filled_rows(
    filled: Iterable[OtherFill], beside: Beside, receivers: Receivers, contracts: Mapping[str, Address]
) -> Iterator[SaleRow]:
    """Each fill with its two sides, if the transfers of its transaction tell them."""
    found: dict[str, list[OtherFill]] = {}
    for one in filled:
        found.setdefault(one.tx_hash, []).append(one)
    for tx_hash, together in found.items():
        told = [(_log_index(one.place), one.fill) for one in together]
        fills = completed(told, beside.moves.get(tx_hash, ()))
        for one, fill in zip(together, fills, strict=True):
            named = _receivers_at(one.place, {token.contract for token in fill.tokens}, receivers)
            for sale in sales_of_fill(fill, named, contracts):
                yield SaleRow.of(sale, tx_hash, one.place, one.at, one.marketplace)


def _receivers_at(place: int, contracts: Iterable[str], receivers: Receivers) -> set[Address]:
    """Who receives royalties of the tokens that are sold at a place."""
    found: set[Address] = set()
    for contract in contracts:
        named = [account for since, account in receivers.get(contract, ()) if since < place]
        found.update(Address(account) for account in named[-1:])
    return found


def _tokens(event: Fulfilled | Matched) -> Iterator[MovedItem]:
    if isinstance(event, Fulfilled):
        for item in (*event.offer, *(paid.item for paid in event.consideration)):
            if not item.item_type.is_currency:
                yield item


def _log_index(place: int) -> int:
    return place & (1 << LOG_BITS) - 1
