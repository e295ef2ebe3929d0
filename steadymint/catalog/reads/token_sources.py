"""The sources of candidates for a page of tokens.

A source is either *in order* (an index that has the order of the sort, so the walk ends when the page is full) or a
*small set* (all of it is fetched and sorted). Counters that are kept anyway say which is cheaper: the number of tokens
with a value of a trait, for sale, or of an owner.
"""
# ruff: noqa: S608 - statements are composed of constants; the values of a caller are arguments

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from steadymint.catalog.reads.query import LOOKED_AT, account, raw
from steadymint.catalog.reads.token_filters import LAST_CHARACTER, METHOD, SOURCE, TraitValues, Word
from steadymint.catalog.reads.token_scope import AGE, TokenScope


@dataclass(frozen=True, slots=True)
class Source:
    """A source of rows `(k, tie, number)`, one for each candidate."""

    make: Callable[[], str]
    """Makes the SQL. It is called for the chosen source only, because it adds arguments."""
    with_id: bool
    """Whether its rows also have the `id` of the token."""
    size: int
    """The number of candidates, at most."""
    in_order: bool
    """Whether rows have `k` and `tie`, the keys of the sort, and come in its order. If not, both are missing."""
    answers: frozenset[str] = frozenset()
    """The filters that every candidate passes."""


class TokenSources:
    """The sources that a page may use."""

    def __init__(self, scope: TokenScope) -> None:
        self._scope = scope

    def cheapest(self) -> Source:
        """The source that is expected to read the fewest candidates."""
        filters = self._sizes()
        total = max(1, self._scope.facts.items if self._scope.facts else 1)

        def cost(source: Source) -> float:
            if not source.in_order:
                return source.size * 1.5  # all of it is fetched and sorted
            left = 1.0
            for name, size in filters.items():
                if name not in source.answers:
                    left *= min(1.0, size / total)
            return min(source.size, self._scope.limit / max(left, 1e-9))

        return min(self._sources(), key=cost)

    def _sources(self) -> Iterator[Source]:
        yield {"number": self._by_number, "rank": self._by_rank, "price": self._by_price, "recent": self._by_age}[
            self._scope.sort
        ]()
        if self._scope.facts is None:
            return
        for made in self._sets():
            if made.in_order or made.size <= LOOKED_AT:
                yield made

    def _sets(self) -> Iterator[Source]:
        """A source for each filter. It is in the order of token numbers if that is the sort."""
        facts, asked = self._scope.facts, self._scope.asked
        assert facts is not None
        for group in facts.traits:
            yield self._of_trait(group)
        for word in facts.words:
            if not word.prefix or word.tokens <= LOOKED_AT:
                yield self._of_word(word)
        if asked.owner is not None:
            yield self._of_owner(facts.owned)
        if asked.priced:
            yield self._of_listed(facts.priced)
            if self._scope.sort == "number":
                yield self._of_any_price(facts.listed)
        if asked.ranked and self._scope.sort != "rank":
            yield Source(self._ranked_rows, True, facts.ranked, False, frozenset({"rank"}))

    def _sizes(self) -> dict[str, int]:
        """The number of tokens that pass each filter, where that is known."""
        facts, asked = self._scope.facts, self._scope.asked
        if facts is None:
            return {}
        sizes = {group.name: group.tokens for group in facts.traits}
        sizes |= {word.name: word.tokens for word in facts.words}
        sizes |= {f"wide {wide.trait_id}": facts.items // 2 for wide in facts.wide}
        if asked.owner is not None:
            sizes["owner"] = facts.owned
        if asked.priced:
            sizes["listed"] = facts.priced
        if asked.ranked:
            sizes["rank"] = facts.ranked
        return sizes

    # -- sources in order ---------------------------------------------------------------------------------------------

    def _numbers(self, rows: Callable[[], str], column: str, size: int, answers: str) -> Source:
        """A source from an index that ends in token numbers: in order if that is the sort, a set if not."""
        in_order = self._scope.sort == "number"

        def make() -> str:
            if in_order:
                return self._walk(rows(), column)
            return f"SELECT DISTINCT {column} AS number {rows()}"

        return Source(make, False, size, in_order, frozenset({answers}))

    def _walk(self, rows: str, column: str) -> str:
        after = (
            f" AND {column} {self._scope.beyond} {self._scope.args.put(self._scope.start.k, 'text')}::numeric"
            if self._scope.start
            else ""
        )
        return (
            f"SELECT {column} AS k, '' AS tie, {column} AS number {rows}{after} ORDER BY {column} {self._scope.order}"
        )

    def _by_number(self) -> Source:
        items = self._scope.facts.items if self._scope.facts else 1
        return self._numbers(lambda: self._scope.items, "t.token_number", items, "")

    def _by_rank(self) -> Source:
        size = self._scope.facts.ranked if self._scope.facts else 1
        return Source(lambda: self._ranked_rows(in_order=True), True, size, True, frozenset({"rank"}))

    def _by_price(self) -> Source:
        def make() -> str:
            columns = "SELECT f.price_native AS k, f.token_id AS tie, f.token_id AS id, f.token_number AS number"
            return f"{columns} {self._priced_rows()}{self._scope.behind('f.price_native', 'f.token_id')}"

        return Source(make, True, self._scope.facts.priced if self._scope.facts else 1, True, frozenset({"listed"}))

    def _by_age(self) -> Source:
        def make() -> str:
            key = f"{AGE} AS k, t.token_number AS tie, t.token_number AS number"
            return f"SELECT {key} {self._scope.items}{self._scope.behind(AGE, 't.token_number')}"

        return Source(make, False, self._scope.facts.items if self._scope.facts else 1, True)

    # -- sources of filters -------------------------------------------------------------------------------------------

    def _of_trait(self, group: TraitValues) -> Source:
        """A walk for each value, merged."""
        put, answers = self._scope.args.put, group.name
        links = "FROM catalog_service.token_trait_links l WHERE l.trait_value_id"
        if self._scope.sort != "number":

            def make_set() -> str:
                ids = "SELECT DISTINCT l.token_id AS id, l.token_number AS number"
                return f"{ids} {links} = ANY({put(list(group.value_ids), 'uuid[]')})"

            return Source(make_set, True, group.tokens, False, frozenset({answers}))

        def make() -> str:
            walks = [self._walk(f"{links} = {put(value, 'uuid')}", "l.token_number") for value in group.value_ids]
            if len(walks) == 1:
                return walks[0]
            merged = " UNION ALL ".join(f"({walk})" for walk in walks)
            return f"SELECT DISTINCT k, '' AS tie, k AS number FROM ({merged}) m ORDER BY k {self._scope.order}"

        return Source(make, False, group.tokens, True, frozenset({answers}))

    def _of_word(self, word: Word) -> Source:
        put, answers = self._scope.args.put, word.name
        rows = f"FROM catalog_service.token_words w WHERE w.collection_id = {self._scope.collection} AND w.word"
        if not word.prefix:
            return self._numbers(lambda: f"{rows} = {put(word.text, 'text')}", "w.token_number", word.tokens, answers)

        def make() -> str:
            between = f"{put(word.text, 'text')} AND {put(word.text + LAST_CHARACTER, 'text')}"
            return f"SELECT DISTINCT w.token_number AS number {rows} BETWEEN {between}"

        return Source(make, False, word.tokens, False, frozenset({answers}))

    def _of_owner(self, size: int) -> Source:
        """The tokens of the owner. A token of an ERC-721 has an owner, one of an ERC-1155 has balances."""

        def parts() -> tuple[str, str]:
            owner = self._scope.args.put(self._scope.asked.owner, "text")
            single = f"{self._scope.items} AND t.owner = {account(owner)}"
            units = "FROM catalog_service.unit_balances b WHERE b.quantity > 0 AND b.owner ="
            return single, f"{units} {raw(owner)} AND b.collection = {self._scope.no}"

        def make() -> str:
            single, units = parts()
            if self._scope.sort != "number":
                return f"SELECT t.token_number AS number {single} UNION SELECT b.token_number {units}"
            walks = f"({self._walk(single, 't.token_number')}) UNION ALL ({self._walk(units, 'b.token_number')})"
            return f"SELECT * FROM ({walks}) m ORDER BY k {self._scope.order}"

        return Source(make, False, size, self._scope.sort == "number", frozenset({"owner"}))

    def _of_listed(self, size: int) -> Source:
        return Source(
            lambda: f"SELECT f.token_id AS id, f.token_number AS number {self._priced_rows()}",
            True,
            size,
            False,
            frozenset({"listed"}),
        )

    def _of_any_price(self, size: int) -> Source:
        rows = f"FROM catalog_service.token_floors f WHERE f.collection_id = {self._scope.collection}"
        return self._numbers(lambda: rows, "f.token_number", size, "listed")

    def _priced_rows(self) -> str:
        return (
            f"FROM catalog_service.token_floors f WHERE f.collection_id = {self._scope.collection}"
            + self._scope.prices("f")
        )

    def _ranked_rows(self, *, in_order: bool = False) -> str:
        columns = (
            "r.rank AS k, r.token_id AS tie, " if in_order else ""
        ) + "r.token_id AS id, r.token_number AS number"
        return (
            f"SELECT {columns} FROM catalog_service.rarity_scores r WHERE r.collection_id = {self._scope.collection}"
            f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}'{self._scope.rank_bounds()}"
        ) + (self._scope.behind("r.rank", "r.token_id") if in_order else f" ORDER BY r.rank LIMIT {2 * LOOKED_AT}")
