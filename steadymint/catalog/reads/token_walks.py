"""The statement of a page of tokens: one source of candidates, and a look-up by key for everything else.

The statement leaves the planner only one plan, and that plan reads at most `LOOKED_AT` candidates.
"""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from typing import Final

from steadymint.catalog.reads.query import LOOKED_AT
from steadymint.catalog.reads.token_filters import METHOD, SOURCE, TokenSort
from steadymint.catalog.reads.token_scope import AGE, TokenScope
from steadymint.catalog.reads.token_sources import Source, TokenSources
from steadymint.catalog.reads.token_tests import TokenTests

_KEYS_BY_ID: Final[dict[TokenSort, tuple[str, str]]] = {
    "rank": (
        "x.rank",
        "SELECT r.rank FROM catalog_service.rarity_scores r"
        f" WHERE r.token_id = d.id AND r.method = '{METHOD}' AND r.source = '{SOURCE}' LIMIT 1",
    ),
    "price": (
        "x.price_native",
        "SELECT f.price_native FROM catalog_service.token_floors f WHERE f.token_id = d.id LIMIT 1",
    ),
}
"""The sort keys that are found by a token's id alone: the column, and the SQL that finds it."""


class TokenWalk:
    """Makes the statement of one page."""

    def __init__(self, scope: TokenScope) -> None:
        self._scope = scope

    def source(self) -> Source:
        """The source that is expected to read the fewest candidates."""
        return TokenSources(self._scope).cheapest()

    def page(self, source: Source, columns: str) -> str:
        """SQL: the tokens of the page as `columns` of `t`, with `k` and `tie`."""
        tests = list(TokenTests(self._scope).on(source))
        rows = source.make()
        if source.in_order:
            candidates, k, tie, key = f"{rows} LIMIT {LOOKED_AT}", "d.k", "d.tie", ""
        elif source.with_id and self._scope.sort in _KEYS_BY_ID:
            candidates, k, tie, key = self._sorted_ids(rows), "d.k", "d.tie", ""
        else:
            candidates, (k, tie, key) = rows, self._sorted(tests)
        where = " WHERE " + "\n  AND ".join(tests) if tests else ""
        limit = self._scope.args.put(self._scope.limit, "bigint")
        chosen = (
            f"SELECT t.token_number, {k} AS k, {tie} AS tie FROM ({candidates}) d\n"
            f"CROSS JOIN LATERAL (SELECT t.* {self._scope.items} AND t.token_number = d.number LIMIT 1) t{key}{where}\n"
            f"{self._scope.order_by(k, tie)} LIMIT {limit}"
        )
        shown = f"t.collection_id = {self._scope.collection} AND t.token_number = q.token_number"
        return (
            f"SELECT {columns}, q.k, q.tie FROM ({chosen}) q\n"
            f"CROSS JOIN LATERAL (SELECT * FROM catalog_service.tokens t WHERE {shown} LIMIT 1) t"
        )

    def _sorted_ids(self, rows: str) -> str:
        """SQL: a set of ids in the order of the sort. The keys of all are looked up, tokens only for the page."""
        k, table = _KEYS_BY_ID[self._scope.sort]
        behind = (
            f"\nWHERE ({k}, d.id) {self._scope.beyond} ({self._scope.key(self._scope.start)})"
            if self._scope.start
            else ""
        )
        return (
            f"SELECT d.number, {k} AS k, d.id AS tie FROM ({rows}) d\nCROSS JOIN LATERAL ({table}) x{behind}\n"
            + self._scope.order_by(k, "d.id")
        )

    def _sorted(self, tests: list[str]) -> tuple[str, str, str]:
        """SQL of the key, of the tie, and of the join that finds them, for a set that has no order."""
        join = ""
        if self._scope.sort == "rank":
            k, tie = "r.rank", self._scope.id()
            join = (
                f"\nCROSS JOIN LATERAL (SELECT r.rank FROM catalog_service.rarity_scores r WHERE r.token_id = {tie}"
                f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}' LIMIT 1) r"
            )
        elif self._scope.sort == "price":
            k, tie = "f.price_native", self._scope.id()
            join = (
                "\nCROSS JOIN LATERAL (SELECT f.price_native FROM catalog_service.token_floors f"
                f" WHERE f.token_id = {tie} LIMIT 1) f"
            )
        elif self._scope.sort == "recent":
            k, tie = AGE, "t.token_number"
        else:
            k, tie = "t.token_number", "''"
        if self._scope.start is not None:
            if self._scope.sort == "number":
                tests.append(f"{k} {self._scope.beyond} {self._scope.args.put(self._scope.start.k, 'text')}::numeric")
            else:
                tests.append(f"({k}, {tie}) {self._scope.beyond} ({self._scope.key(self._scope.start)})")
        return k, tie, join

    def last_looked_at(self, source: Source) -> str:
        """SQL: the key of the last candidate that a page could read; no row if there are fewer. A page that is not full
        ends at this candidate, or at the end of the list."""
        last = f"{source.make()} OFFSET {LOOKED_AT - 1} LIMIT 1"
        return f"SELECT k::text, tie::text FROM ({last}) d WHERE {self._scope.collection} IS NOT NULL"
