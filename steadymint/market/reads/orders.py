"""Lists of orders: of everything, of a token, and those that an account could accept."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple
from uuid import UUID

from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Arguments, Query
from steadymint.domain.market.findings import OrderStatus
from steadymint.domain.market.sides import Side
from steadymint.domain.types import Address, ChainId, TokenId
from steadymint.market.orders import COLUMNS, OrderRow

OrderSort = Literal["newest", "price"]
NATIVE: Final = "native"
"""Stands for the chain's own currency."""


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """All conditions must hold. An empty tuple or None is no condition."""

    chain_id: ChainId | None = None
    contract: Address | None = None
    token_id: TokenId | None = None
    maker: Address | None = None
    taker: Address | None = None
    sides: tuple[Side, ...] = ()
    statuses: tuple[OrderStatus, ...] = ()
    currency: Address | Literal["native"] | None = None
    min_price: Decimal | None = None
    """Of one unit, in whole units of the currency. Inclusive."""
    max_price: Decimal | None = None
    """Inclusive."""
    traits: tuple[tuple[str, str], ...] = ()
    """Keys of traits and values; an order is for one token that has one of the values of each trait."""


class ByAge(NamedTuple):
    """The position in a list by age, the newest first."""

    created_at: datetime
    id: UUID


class ByPrice(NamedTuple):
    """The position in a list by price."""

    price: str
    id: UUID


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of a list of orders."""

    query: Query[OrderRow]
    end: Query[ByAge] | Query[ByPrice]
    """Reads the last row that the page could read."""


_PAGE: Final = """
SELECT {columns} FROM (
    SELECT o.* FROM (
{rows}
    ) o WHERE {tests}
    ORDER BY {order} LIMIT {limit}
) o LEFT JOIN catalog_service.token_sets s ON s.no = o.token_set
ORDER BY {order}"""
_AGE: Final = "o.created_at DESC, o.id"
_SEEN: Final = f"EXISTS (SELECT FROM catalog_service.collections c WHERE c.id = o.collection_id AND {VISIBLE})"
"""Orders of a hidden collection are in no list."""


def orders_by_age(asked: OrderFilter, *, after: ByAge | None, limit: int) -> OrderList:
    """Orders, the newest first."""

    def rows(args: Arguments, bound: int) -> str:
        behind = ""
        if after is not None:
            at, id_ = args.put(after.created_at, "timestamptz"), args.put(after.id, "uuid")
            behind = f" AND o.created_at <= {at} AND (o.created_at < {at} OR o.id > {id_})"
        walk = "SELECT o.* FROM catalog_service.orders o WHERE {where}{behind} ORDER BY {order} LIMIT {bound}"
        where = " AND ".join(_walked(args, asked))
        if where:
            return walk.format(where=where, behind=behind, order=_AGE, bound=bound)
        # Of all chains: each chain's own list, merged.
        of_chain = walk.format(where="o.chain_id = n.chain_id", behind=behind, order=_AGE, bound=bound)
        merged = f"SELECT o.* FROM catalog_service.chain_numbers n CROSS JOIN LATERAL ({of_chain}) o"
        return f"{merged} ORDER BY {_AGE} LIMIT {bound}"

    args, ending = Arguments(), Arguments()
    inner = rows(args, LOOKED_AT)
    tests = " AND ".join([_SEEN, *_tests(args, asked)])
    page = _PAGE.format(columns=COLUMNS, rows=inner, tests=tests, order=_AGE, limit=args.put(limit, "bigint"))
    last = f"SELECT o.created_at, o.id FROM ({rows(ending, LOOKED_AT)}) o ORDER BY {_AGE} OFFSET {LOOKED_AT - 1}"
    return OrderList(Query(OrderRow, page, args.values), Query(ByAge, last, ending.values))


def orders_by_price(asked: OrderFilter, *, after: ByPrice | None, limit: int) -> OrderList:
    """Active orders of a collection or a token whose prices compare: listings, the cheapest first, or offers, the
    highest first. `asked` names a contract and sides of one kind."""
    descending = Side.LISTING not in asked.sides
    order = f"o.price_native {'DESC' if descending else 'ASC'}, o.id"
    kind = "o.side <> 'listing'" if descending else "o.side = 'listing'"

    def rows(args: Arguments, bound: int) -> str:
        behind = ""
        if after is not None:
            price, id_ = args.put(Decimal(after.price), "numeric"), args.put(after.id, "uuid")
            sign = "<" if descending else ">"
            behind = f" AND o.price_native {sign}= {price} AND (o.price_native {sign} {price} OR o.id > {id_})"
        where = " AND ".join(_walked(args, asked))
        if descending and asked.token_id is not None:
            where += " AND o.side = 'item_offer'"
        return (
            f"SELECT o.* FROM catalog_service.orders o WHERE {where} AND {kind} AND o.status = 'active'{behind}"
            f" ORDER BY {order} LIMIT {bound}"
        )

    args, ending = Arguments(), Arguments()
    inner = rows(args, LOOKED_AT)
    tests = " AND ".join([_SEEN, "o.is_native", *_tests(args, asked)])
    page = _PAGE.format(columns=COLUMNS, rows=inner, tests=tests, order=order, limit=args.put(limit, "bigint"))
    last = f"SELECT o.price_native::text AS price, o.id FROM ({rows(ending, LOOKED_AT)}) o OFFSET {LOOKED_AT - 1}"
    return OrderList(Query(OrderRow, page, args.values), Query(ByPrice, last, ending.values))


def _walked(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    """The condition by which an index is walked: the narrowest that the filter has."""
    if asked.contract is not None:
        chain, contract = args.put(asked.chain_id, "text"), args.put(asked.contract, "text")
        if asked.token_id is not None:
            token = args.put(asked.token_id, "numeric")
            yield f"o.token_id = catalog_service.token_id({chain}, {contract}, {token})"
            return
        if asked.maker is None:
            yield (
                "o.collection_id = (SELECT c.id FROM catalog_service.collections c"
                f" WHERE c.chain_id = {chain} AND c.contract_address = {contract})"
            )
            return
    if asked.maker is not None:
        yield f"o.maker = {args.put(asked.maker, 'text')}"
    elif asked.chain_id is not None:
        yield f"o.chain_id = {args.put(asked.chain_id, 'text')}"


def _tests(args: Arguments, asked: OrderFilter) -> Iterator[str]:
    """All other conditions, on the rows that the walk has read."""
    if asked.chain_id is not None:
        yield f"o.chain_id = {args.put(asked.chain_id, 'text')}"
    if asked.contract is not None:
        yield f"o.contract = {args.put(asked.contract, 'text')}"
    if asked.maker is not None:
        yield f"o.maker = {args.put(asked.maker, 'text')}"
    if asked.taker is not None:
        yield f"o.taker = {args.put(asked.taker, 'text')}"
    if asked.sides:
        yield f"o.side = ANY({args.put(_values(asked.sides), 'text[]')})"
    if asked.statuses:
        yield f"o.status = ANY({args.put(_values(asked.statuses), 'text[]')})"
    if asked.currency == NATIVE:
        yield "o.currency_address IS NULL"
    elif asked.currency is not None:
        yield f"o.currency_address = {args.put(asked.currency, 'text')}"
    if asked.min_price is not None:
        yield f"o.price_native >= {args.put(asked.min_price, 'numeric')}"
    if asked.max_price is not None:
        yield f"o.price_native <= {args.put(asked.max_price, 'numeric')}"
    for name in sorted({name for name, _ in asked.traits}):
        values = sorted(value for key, value in asked.traits if key == name)
        yield (
            "EXISTS (SELECT FROM catalog_service.token_trait_links l"
            " JOIN catalog_service.trait_values v ON v.id = l.trait_value_id"
            " JOIN catalog_service.traits t ON t.id = v.trait_id"
            f" WHERE l.token_id = o.token_id AND t.normalized_name = {args.put(name, 'text')}"
            f" AND v.normalized_value = ANY({args.put(values, 'text[]')}))"
        )


def _values(given: Sequence[Side] | Sequence[OrderStatus]) -> list[str]:
    return [one.value for one in given]
