"""The conditions of a list of orders, as tests on the rows that a walk has read."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from steadymint.catalog.reads.query import VISIBLE, Arguments
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.types import ZERO_ADDRESS, Address, ChainId, TokenId
from steadymint.market.orders import STATUS


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """All conditions must hold. An empty tuple or None is no condition."""

    chain_id: ChainId | None = None
    contract: Address | None = None
    """It needs the chain."""
    token_id: TokenId | None = None
    """It needs the contract."""
    maker: Address | None = None
    taker: Address | None = None
    """Who has filled the order, or a part of it."""
    sides: tuple[Side, ...] = ()
    statuses: tuple[OrderStatus, ...] = ()
    currency: Address | None = None
    """The zero address stands for the chain's own."""
    min_price: Decimal | None = None
    """Of one unit, in whole units of the order's currency. Inclusive."""
    max_price: Decimal | None = None
    """Inclusive."""
    traits: tuple[tuple[str, str], ...] = ()
    """Keys of traits and values: orders for one token that has, of each trait, one of the values. They need the
    contract."""


# A scalar subquery, and `OFFSET 0` in what follows, keep each test a look-up by key: Postgres cannot turn it into a
# scan of the whole table.
SEEN: Final = f"(SELECT {VISIBLE} FROM catalog_service.collections c WHERE c.id = o.collection_id)"
"""Orders of a hidden collection are in no list."""
LASTS: Final = "(o.end_at IS NULL OR o.end_at > now())"
"""Of an active order: its end has not come."""


def collection_of(args: Arguments, chain_id: ChainId | None, contract: Address | None) -> str:
    """SQL: the id of the collection, as a scalar."""
    of = f"c.chain_id = {args.put(chain_id, 'text')} AND c.contract_address = {args.put(contract, 'text')}"
    return f"(SELECT c.id FROM catalog_service.collections c WHERE {of})"


def tests(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    """The conditions on an order `o`, all of them: a walk needs not hold any."""
    yield SEEN
    if asked.chain_id is not None:
        yield f"o.chain_id = {args.put(asked.chain_id, 'text')}"
    if asked.contract is not None:
        yield f"o.contract = {args.put(asked.contract, 'text')}"
    if asked.token_id is not None:
        yield f"o.token_number = {args.put(asked.token_id, 'numeric')}"
    if asked.maker is not None:
        yield f"o.maker = {args.put(asked.maker, 'text')}"
    if asked.taker is not None:
        taker = args.put(asked.taker, "text")
        fills = f"catalog_service.order_fills f WHERE f.order_id = o.id AND f.taker = {taker}"
        yield f"EXISTS (SELECT FROM {fills} OFFSET 0)"
    if asked.sides:
        yield f"o.side = ANY({args.put(_values(asked.sides), 'text[]')})"
    if asked.statuses:
        yield f"{STATUS} = ANY({args.put(_values(asked.statuses), 'text[]')})"
    yield from _prices(args, asked)
    yield from _traits(args, asked)


def _prices(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    if asked.currency == ZERO_ADDRESS:
        yield "o.currency_address IS NULL"
    elif asked.currency is not None:
        yield f"o.currency_address = {args.put(asked.currency, 'text')}"
    if asked.min_price is not None:
        yield f"o.price_native >= {args.put(asked.min_price, 'numeric')}"
    if asked.max_price is not None:
        yield f"o.price_native <= {args.put(asked.max_price, 'numeric')}"


def _traits(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    """For each trait one probe by key. Its values are looked up once, since the array does not depend on the order."""
    for name in sorted({name for name, _ in asked.traits}):
        values = sorted(value for key, value in asked.traits if key == name)
        collection = collection_of(args, asked.chain_id, asked.contract)
        wanted = (
            "SELECT v.id FROM catalog_service.traits t JOIN catalog_service.trait_values v ON v.trait_id = t.id"
            f" WHERE t.collection_id = {collection} AND t.normalized_name = {args.put(name, 'text')}"
            f" AND v.normalized_value = ANY({args.put(values, 'text[]')})"
        )
        yield (
            "EXISTS (SELECT FROM catalog_service.token_trait_links l WHERE l.token_id = o.token_id"
            f" AND l.token_number = o.token_number AND l.trait_value_id = ANY(ARRAY({wanted})) OFFSET 0)"
        )


def _values(given: Sequence[Side] | Sequence[OrderStatus]) -> list[str]:
    return [one.value for one in given]
