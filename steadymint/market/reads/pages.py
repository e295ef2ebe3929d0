"""Pages of orders: rows of a walk along an index, tested one by one until the page is full."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from steadymint.catalog.reads.query import Arguments, Query
from steadymint.market.orders import LISTED_COLUMNS, ListedOrder


class ByAge(NamedTuple):
    """The position in a list by age, the newest first."""

    created_at: datetime
    id: UUID


class ByPrice(NamedTuple):
    """The position in a list by price."""

    price: str
    id: UUID


Position = TypeVar("Position", ByAge, ByPrice)


@dataclass(frozen=True, slots=True)
class OrderPage(Generic[Position]):
    """One page of a list of orders."""

    query: Query[ListedOrder]
    end: Query[Position]
    """Reads the last row that the page could read."""


@dataclass(frozen=True, slots=True)
class Sorting(Generic[Position]):
    """An order of rows `o`, and how a position in it is read."""

    position: type[Position]
    by: str
    columns: str

    def behind(self, args: Arguments, after: Position | None) -> str:
        """SQL: the condition on the rows behind a position."""
        if after is None:
            return "true"
        key, kind = (after.created_at, "timestamptz") if isinstance(after, ByAge) else (Decimal(after.price), "numeric")
        column = "o.created_at" if isinstance(after, ByAge) else "o.price_native"
        sign = "<" if "DESC" in self.by else ">"
        return f"({column}, o.id) {sign} ({args.put(key, kind)}, {args.put(after.id, 'uuid')})"


NEWEST: Final = Sorting(ByAge, "o.created_at DESC, o.id DESC", "o.created_at, o.id")
CHEAPEST: Final = Sorting(ByPrice, "o.price_native, o.id", "o.price_native::text AS price, o.id")
HIGHEST: Final = Sorting(ByPrice, "o.price_native DESC, o.id DESC", "o.price_native::text AS price, o.id")

_PAGE: Final = f"""
SELECT {LISTED_COLUMNS} FROM (
    SELECT o.* FROM (
{{rows}}
    ) o WHERE {{tests}}
    ORDER BY {{by}} LIMIT {{limit}}
) o LEFT JOIN LATERAL (
    SELECT s.traits FROM catalog_service.token_sets s WHERE s.no = o.token_set LIMIT 1
) s ON true
ORDER BY {{by}}"""
_END: Final = "SELECT {columns} FROM (\n{rows}\n) o ORDER BY {by} OFFSET {last} LIMIT 1"

Rows = Callable[[Arguments], str]
"""Composes the SQL of the rows that a page may read, in the order of the list."""


def page_of(
    sorting: Sorting[Position], rows: Rows, tests: Callable[[Arguments], Iterable[str]], *, bound: int, limit: int
) -> OrderPage[Position]:
    """The page of the first `limit` of the rows that pass the tests. `rows` gives at most `bound`."""
    args, ending = Arguments(), Arguments()
    page = _PAGE.format(
        rows=rows(args), tests=" AND ".join(tests(args)), by=sorting.by, limit=args.put(limit, "bigint")
    )
    end = _END.format(rows=rows(ending), columns=sorting.columns, by=sorting.by, last=bound - 1)
    return OrderPage(Query(ListedOrder, page, args.values), Query(sorting.position, end, ending.values))


def walk(sorting: Sorting[Position], where: str, bound: int) -> str:
    """SQL: the first `bound` orders of one index."""
    return f"SELECT o.* FROM catalog_service.orders o WHERE {where} ORDER BY {sorting.by} {at_most(bound)}"


def at_most(bound: int) -> str:
    """SQL: the limit of a walk. As a subquery, so that Postgres expects to read a part of what the index has. By the
    number it would expect all of a small collection, and read a large one from end to end to sort it."""
    return f"LIMIT (SELECT {bound})"


def merged(sorting: Sorting[Position], walks: Sequence[str], bound: int) -> str:
    """SQL: the first `bound` rows of several walks together. Each walk is read as far as the merging needs it."""
    if len(walks) == 1:
        return walks[0]
    parts = " UNION ALL ".join(f"({one})" for one in walks)
    return f"SELECT o.* FROM ({parts}) o ORDER BY {sorting.by} {at_most(bound)}"
