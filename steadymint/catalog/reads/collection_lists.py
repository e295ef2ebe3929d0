"""The public list of collections, with filters, sorts and search words. A page walks one index, or sorts the few
collections that a filter finds."""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import asyncpg

from steadymint.catalog.reads.collections import BESIDE, COLUMNS, Collection
from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Arguments, Page, Query, read_page
from steadymint.catalog.reads.token_filters import LAST_CHARACTER
from steadymint.domain.types import Address, ChainId, Standard

CollectionSort = Literal["recent", "volume", "floor", "items"]

_STATS: Final[dict[CollectionSort, str]] = {
    "volume": "volume_all",
    "floor": "floor_price_native",
    "items": "items_count",
}
_KINDS: Final[dict[CollectionSort, str]] = {
    "recent": "timestamptz",
    "volume": "numeric",
    "floor": "numeric",
    "items": "bigint",
}
"""The types of the columns that lists are sorted by. With another type Postgres would not use the index."""


@dataclass(frozen=True, slots=True)
class CollectionFilter:
    """A filter of the list: all of its conditions must hold."""

    chain_id: ChainId | None = None
    creator: Address | None = None
    owner: Address | None = None
    standard: Standard | None = None
    verified: bool | None = None
    q: str | None = None
    """Words of name and symbol. The last is a prefix."""


class AfterCollection(NamedTuple):
    """The position in the list: the value that it is sorted by, as text, and the id."""

    k: str
    id: str


@dataclass(frozen=True, slots=True)
class ListedCollection(Collection):
    """A collection, with the value that the list is sorted by, as text."""

    k: str


def collections(
    asked: CollectionFilter,
    *,
    sort: CollectionSort = "recent",
    descending: bool = True,
    after: AfterCollection | None,
    limit: int,
) -> Query[ListedCollection]:
    """A page of collections that pass the filter. A list sorted by a counter has only collections with that counter."""
    walk = _Walk(asked, sort, descending, after)
    order, ties = walk.directions
    sql = f"SELECT {COLUMNS}, c.k::text AS k\nFROM (\n{walk.page(limit)}\n) c{BESIDE}ORDER BY c.k {order}, c.id {ties}"
    return Query(ListedCollection, sql, walk.args.values)


def last_looked_at(
    asked: CollectionFilter, *, sort: CollectionSort, descending: bool, after: AfterCollection | None
) -> Query[AfterCollection]:
    """The last candidate that the page could read; no row if there are fewer."""
    walk = _Walk(asked, sort, descending, after)
    sql = f"SELECT d.k::text AS k, d.id::text AS id FROM ({walk.candidates()} OFFSET {LOOKED_AT - 1} LIMIT 1) d"
    return Query(AfterCollection, sql, walk.args.values)


async def list_collections(
    pool: asyncpg.Pool,
    asked: CollectionFilter,
    *,
    sort: CollectionSort,
    descending: bool,
    after: AfterCollection | None,
    limit: int,
) -> Page[ListedCollection, AfterCollection]:
    """At most `limit` collections behind `after` that pass the filter."""
    query = collections(asked, sort=sort, descending=descending, after=after, limit=limit)
    end = None if asked.q is not None else last_looked_at(asked, sort=sort, descending=descending, after=after)
    return await read_page(pool, query, end, limit)


class _Walk:
    """One statement under construction."""

    def __init__(
        self, asked: CollectionFilter, sort: CollectionSort, descending: bool, after: AfterCollection | None
    ) -> None:
        self._asked = asked
        self._sort: CollectionSort = sort
        self._descending = descending
        self._after = after
        self.args = Arguments()

    @property
    def directions(self) -> tuple[str, str]:
        """The directions of the sorted value and of the id. They are those of the indexes: (created_at desc, id), and
        (counter, id)."""
        order = "DESC" if self._descending else "ASC"
        if self._sort == "recent":
            return order, "ASC" if self._descending else "DESC"
        return order, order

    def page(self, limit: int) -> str:
        """The collections of the page, with `k`, the value that they are sorted by."""
        order, ties = self.directions
        rows, tests = self._rows(), [VISIBLE, *self._tests()]
        return (
            f"SELECT c.*, d.k FROM ({rows}) d\n"
            "CROSS JOIN LATERAL (SELECT * FROM catalog_service.collections c WHERE c.id = d.id LIMIT 1) c\n"
            f"WHERE {' AND '.join(tests)}\nORDER BY d.k {order}, d.id {ties} LIMIT {self.args.put(limit, 'bigint')}"
        )

    def _rows(self) -> str:
        return self._by_words() if self._asked.q is not None else f"{self.candidates()} LIMIT {LOOKED_AT}"

    def candidates(self) -> str:
        """Rows `(k, id)` in the order of the list."""
        order, ties = self.directions
        if self._sort == "recent":
            where = ["NOT c.is_hidden", *self._equalities(), *self._behind("c.created_at", "c.id")]
            return (
                "SELECT c.created_at AS k, c.id FROM catalog_service.collections c"
                f" WHERE {' AND '.join(where)} ORDER BY c.created_at {order}, c.id {ties}"
            )
        column = f"s.{_STATS[self._sort]}"
        where = [f"{column} IS NOT NULL", *self._behind(column, "s.collection_id")]
        if self._asked.creator is None and self._asked.owner is None:
            return (
                f"SELECT {column} AS k, s.collection_id AS id FROM catalog_service.collection_stats s"
                f" WHERE {' AND '.join(where)} ORDER BY {column} {order}, s.collection_id {ties}"
            )
        # An account creates or owns few collections, so the latest of them are read and sorted.
        return (
            f"SELECT {column} AS k, s.collection_id AS id FROM (SELECT c.id FROM catalog_service.collections c"
            f" WHERE {' AND '.join(self._equalities())} ORDER BY c.created_at DESC, c.id LIMIT {LOOKED_AT}) c"
            " CROSS JOIN LATERAL (SELECT * FROM catalog_service.collection_stats s WHERE s.collection_id = c.id"
            f" LIMIT 1) s WHERE {' AND '.join(where)} ORDER BY {column} {order}, s.collection_id {ties}"
        )

    def _equalities(self) -> list[str]:
        """The conditions on columns that an index begins with."""
        asked, clauses = self._asked, list[str]()
        for column, value in (
            ("c.creator", asked.creator),
            ("c.owner", asked.owner),
            ("c.chain_id", asked.chain_id),
            ("c.standard", asked.standard),
        ):
            if value is not None:
                clauses.append(f"{column} = {self.args.put(value, 'text')}")
        if asked.verified:
            clauses.append("c.is_verified")
        return clauses

    def _tests(self) -> list[str]:
        """The conditions on each candidate."""
        clauses = self._equalities()
        if self._asked.verified is False:
            clauses.append("NOT c.is_verified")
        return clauses

    def _behind(self, key: str, id_: str) -> list[str]:
        if self._after is None:
            return []
        k, id_after = self.args.put(self._after.k, "text"), self.args.put(self._after.id, "text")
        sign, kind = "<" if self._descending else ">", _KINDS[self._sort]
        if self._sort == "recent":
            ties = ">" if self._descending else "<"
            behind = f"({key} {sign} {k}::{kind} OR {id_} {ties} {id_after}::uuid)"
            return [f"{key} {sign}= {k}::{kind}", behind]
        return [f"({key}, {id_}) {sign} ({k}::{kind}, {id_after}::uuid)"]

    def _by_words(self) -> str:
        """The collections that have all words, in no order. At most `LOOKED_AT` are read for each word."""
        key = "c.created_at" if self._sort == "recent" else f"s.{_STATS[self._sort]}"
        id_ = "w.collection_id"
        where = [f"{key} IS NOT NULL", *self._behind(key, id_)]
        return (
            f"SELECT {key} AS k, {id_} AS id FROM ({words_sql(self.args.put(self._asked.q, 'text'))}) w"
            " CROSS JOIN LATERAL (SELECT * FROM catalog_service.collections c WHERE c.id = w.collection_id LIMIT 1) c"
            " LEFT JOIN LATERAL (SELECT * FROM catalog_service.collection_stats s"
            f" WHERE s.collection_id = w.collection_id LIMIT 1) s ON true WHERE {' AND '.join(where)}"
        )


def words_sql(asked: str) -> str:
    """SQL: the collections that have every word of the text in the placeholder `asked`. The last word is a prefix.

    At most `LOOKED_AT` collections are read for each word, in the order of their words. So an exact match comes before
    a longer word.
    """
    words = f"(SELECT string_to_array(catalog_service.folded({asked}), ' ') AS all_of OFFSET 0) q"
    return f"""
    SELECT m.collection_id FROM {words}
    CROSS JOIN LATERAL (
        SELECT k.collection_id, count(DISTINCT w.place) AS matched
        FROM unnest(q.all_of) WITH ORDINALITY AS w(word, place)
        CROSS JOIN LATERAL (
            SELECT k.collection_id FROM catalog_service.collection_words k
            WHERE k.word >= left(w.word, 64) AND k.word <= left(w.word, 64)
                || CASE WHEN w.place = cardinality(q.all_of) THEN '{LAST_CHARACTER}' ELSE '' END
            ORDER BY k.word, k.collection_id LIMIT {LOOKED_AT}
        ) k
        WHERE w.word <> ''
        GROUP BY k.collection_id
    ) m
    WHERE m.matched = cardinality(q.all_of)
    """
