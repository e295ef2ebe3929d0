"""How a page of tokens is read, whatever is asked: one source of candidates, and a look-up by key for the rest.

The source is either *in order* (an index that already has the sort's order; the walk ends when the page is full) or a
*small set* (all of it is fetched and sorted). Which is cheaper follows from counters that are kept anyway: how many
tokens have a trait's value, are for sale, belong to the owner. Postgres is not asked to guess: the statement leaves it
one plan, and that plan looks at no more than `LOOKED_AT` candidates.
"""
# ruff: noqa: S608 - statements are composed of constants; what a caller says is an argument

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from steadymint.catalog.reads.query import (
    CHAIN,
    COLLECTION,
    COLLECTION_ID,
    LOOKED_AT,
    STILL_LISTED,
    Arguments,
    account,
    raw,
)
from steadymint.catalog.reads.token_filters import (
    LAST_CHARACTER,
    METHOD,
    SOURCE,
    Facts,
    TokenFilter,
    TokenSort,
    TraitValues,
    Word,
)
from steadymint.domain.types import Address, ChainId

SORT_KEYS: Final[dict[TokenSort, tuple[str, str]]] = {
    "number": ("numeric", "text"),
    "rank": ("integer", "uuid"),
    "price": ("numeric", "uuid"),
    "recent": ("integer", "numeric"),
}
"""Types of the two columns that order a list; the second decides between equals, and is empty by number."""


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
"""Sort keys that are found by a token's id, without the token: the column, and what finds it."""


_AGE: Final = "coalesce(t.minted_at, '-2147483648'::integer)"
"""Of a row `t` of `items`, as its index has it: when it was minted, in seconds since 2000."""
_BURNED: Final = "CASE WHEN t.supply IS NULL THEN t.owner IS NULL ELSE t.supply <= 0 END"


@dataclass(frozen=True, slots=True)
class Source:
    """Rows `(k, tie, number)` of candidates; `size` is how many there are, at most."""

    make: Callable[[], str]
    """Its SQL; called for the source that is chosen, since it adds arguments."""
    with_id: bool
    """Whether its rows have the `id` of the token, too."""
    size: int
    in_order: bool
    """Whether `k` and `tie` are the sort's and the rows come in its order. If not, both are missing."""
    answers: frozenset[str] = frozenset()
    """Filters that every candidate passes already."""


class Start(NamedTuple):
    """Where a page starts: behind this key, as text."""

    k: str
    tie: str


class TokenWalk:
    """Makes the statement of one page."""

    def __init__(
        self,
        named: tuple[ChainId, Address],
        facts: Facts | None,
        asked: TokenFilter,
        sort: TokenSort,
        descending: bool,
        start: Start | None,
        limit: int,
        args: Arguments,
    ) -> None:
        self._named = named
        self._facts = facts
        self._asked = asked
        self._sort: TokenSort = sort
        self._order = "DESC" if descending else "ASC"
        self._beyond = "<" if descending else ">"
        self._start = start
        self._limit = limit
        self._args = args

    # -- the collection, as SQL: arguments are added as they are needed ------------------------------------------------

    @cached_property
    def _collection(self) -> str:
        return COLLECTION_ID if self._facts is None else self._args.put(self._facts.collection_id, "uuid")

    @cached_property
    def _no(self) -> str:
        return COLLECTION if self._facts is None else self._args.put(self._facts.collection, "integer")

    @cached_property
    def _items(self) -> str:
        """Its tokens."""
        chain = CHAIN if self._facts is None else self._args.put(self._facts.chain, "smallint")
        return f"FROM catalog_service.items t WHERE t.chain = {chain} AND t.collection = {self._no}"

    @cached_property
    def _name(self) -> tuple[str, str]:
        """Chain and contract."""
        if self._facts is None:
            return "$1::text", "$2::text"
        chain_id, contract = self._named
        return self._args.put(chain_id, "text"), self._args.put(contract, "text")

    # -- the choice ---------------------------------------------------------------------------------------------------

    def source(self) -> Source:
        """The cheapest source, by the number of candidates it is expected to show."""
        filters = self._sizes()
        total = max(1, self._facts.items if self._facts else 1)

        def cost(source: Source) -> float:
            if not source.in_order:
                return source.size * 1.5  # fetched and sorted before the first is shown
            left = 1.0
            for name, size in filters.items():
                if name not in source.answers:
                    left *= min(1.0, size / total)
            return min(source.size, self._limit / max(left, 1e-9))

        return min(self._sources(), key=cost)

    def _sizes(self) -> dict[str, int]:
        """Tokens that pass each filter, as far as that is known."""
        facts, asked = self._facts, self._asked
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

    def _sources(self) -> Iterator[Source]:
        yield {"number": self._by_number, "rank": self._by_rank, "price": self._by_price, "recent": self._by_age}[
            self._sort
        ]()
        if self._facts is None:
            return
        for made in self._sets():
            if made.in_order or made.size <= LOOKED_AT:
                yield made

    def _sets(self) -> Iterator[Source]:
        """One source for each filter: in the order of numbers where that is asked for."""
        facts, asked = self._facts, self._asked
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
            if self._sort == "number":
                yield self._of_any_price(facts.listed)
        if asked.ranked and self._sort != "rank":
            yield Source(self._ranked_rows, True, facts.ranked, False, frozenset({"rank"}))

    # -- sources in order ---------------------------------------------------------------------------------------------

    def _numbers(self, rows: Callable[[], str], column: str, size: int, answers: str) -> Source:
        """Of an index that ends in token numbers: in order if that is the sort, a set if not."""
        in_order = self._sort == "number"

        def make() -> str:
            if in_order:
                return self._walk(rows(), column)
            return f"SELECT DISTINCT {column} AS number {rows()}"

        return Source(make, False, size, in_order, frozenset({answers}))

    def _walk(self, rows: str, column: str) -> str:
        after = f" AND {column} {self._beyond} {self._args.put(self._start.k, 'text')}::numeric" if self._start else ""
        return f"SELECT {column} AS k, '' AS tie, {column} AS number {rows}{after} ORDER BY {column} {self._order}"

    def _by_number(self) -> Source:
        items = self._facts.items if self._facts else 1
        return self._numbers(lambda: self._items, "t.token_number", items, "")

    def _by_rank(self) -> Source:
        size = self._facts.ranked if self._facts else 1
        return Source(lambda: self._ranked_rows(in_order=True), True, size, True, frozenset({"rank"}))

    def _by_price(self) -> Source:
        def make() -> str:
            columns = "SELECT f.price_native AS k, f.token_id AS tie, f.token_id AS id, f.token_number AS number"
            return f"{columns} {self._priced_rows()}{self._behind('f.price_native', 'f.token_id')}"

        return Source(make, True, self._facts.priced if self._facts else 1, True, frozenset({"listed"}))

    def _by_age(self) -> Source:
        def make() -> str:
            key = f"{_AGE} AS k, t.token_number AS tie, t.token_number AS number"
            return f"SELECT {key} {self._items}{self._behind(_AGE, 't.token_number')}"

        return Source(make, False, self._facts.items if self._facts else 1, True)

    def _behind(self, key: str, tie: str) -> str:
        """The rows behind the start, in order."""
        clause = f" ORDER BY {key} {self._order}, {tie} {self._order}"
        if self._start is None:
            return clause
        return f" AND ({key}, {tie}) {self._beyond} ({self._key(self._start)})" + clause

    # -- sources of filters -------------------------------------------------------------------------------------------

    def _of_trait(self, group: TraitValues) -> Source:
        """One walk for each value, merged."""
        put, answers = self._args.put, group.name
        links = "FROM catalog_service.token_trait_links l WHERE l.trait_value_id"
        if self._sort != "number":

            def make_set() -> str:
                ids = "SELECT DISTINCT l.token_id AS id, l.token_number AS number"
                return f"{ids} {links} = ANY({put(list(group.value_ids), 'uuid[]')})"

            return Source(make_set, True, group.tokens, False, frozenset({answers}))

        def make() -> str:
            walks = [self._walk(f"{links} = {put(value, 'uuid')}", "l.token_number") for value in group.value_ids]
            if len(walks) == 1:
                return walks[0]
            merged = " UNION ALL ".join(f"({walk})" for walk in walks)
            return f"SELECT DISTINCT k, '' AS tie, k AS number FROM ({merged}) m ORDER BY k {self._order}"

        return Source(make, False, group.tokens, True, frozenset({answers}))

    def _of_word(self, word: Word) -> Source:
        put, answers = self._args.put, word.name
        rows = f"FROM catalog_service.token_words w WHERE w.collection_id = {self._collection} AND w.word"
        if not word.prefix:
            return self._numbers(lambda: f"{rows} = {put(word.text, 'text')}", "w.token_number", word.tokens, answers)

        def make() -> str:
            between = f"{put(word.text, 'text')} AND {put(word.text + LAST_CHARACTER, 'text')}"
            return f"SELECT DISTINCT w.token_number AS number {rows} BETWEEN {between}"

        return Source(make, False, word.tokens, False, frozenset({answers}))

    def _of_owner(self, size: int) -> Source:
        """Tokens of an ERC-721 have an owner, those of an ERC-1155 balances; a collection has tokens of one kind."""

        def parts() -> tuple[str, str]:
            owner = self._args.put(self._asked.owner, "text")
            single = f"{self._items} AND t.owner = {account(owner)}"
            units = "FROM catalog_service.unit_balances b WHERE b.quantity > 0 AND b.owner ="
            return single, f"{units} {raw(owner)} AND b.collection = {self._no}"

        def make() -> str:
            single, units = parts()
            if self._sort != "number":
                return f"SELECT t.token_number AS number {single} UNION SELECT b.token_number {units}"
            walks = f"({self._walk(single, 't.token_number')}) UNION ALL ({self._walk(units, 'b.token_number')})"
            return f"SELECT * FROM ({walks}) m ORDER BY k {self._order}"

        return Source(make, False, size, self._sort == "number", frozenset({"owner"}))

    def _of_listed(self, size: int) -> Source:
        return Source(
            lambda: f"SELECT f.token_id AS id, f.token_number AS number {self._priced_rows()}",
            True,
            size,
            False,
            frozenset({"listed"}),
        )

    def _of_any_price(self, size: int) -> Source:
        rows = f"FROM catalog_service.token_floors f WHERE f.collection_id = {self._collection}"
        return self._numbers(lambda: rows, "f.token_number", size, "listed")

    def _priced_rows(self) -> str:
        return f"FROM catalog_service.token_floors f WHERE f.collection_id = {self._collection}" + self._prices("f")

    def _prices(self, floor: str) -> str:
        """The bounds on prices, of rows of `token_floors` by that name."""
        clauses = ""
        for bound, sign in ((self._asked.min_price, ">="), (self._asked.max_price, "<=")):
            if bound is not None:
                clauses += f" AND {floor}.price_native {sign} {self._args.put(bound, 'numeric')}"
        return clauses

    def _ranked_rows(self, *, in_order: bool = False) -> str:
        columns = (
            "r.rank AS k, r.token_id AS tie, " if in_order else ""
        ) + "r.token_id AS id, r.token_number AS number"
        return (
            f"SELECT {columns} FROM catalog_service.rarity_scores r WHERE r.collection_id = {self._collection}"
            f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}'{self._rank_bounds()}"
        ) + (self._behind("r.rank", "r.token_id") if in_order else "")

    def _rank_bounds(self) -> str:
        clauses = ""
        for bound, sign in ((self._asked.min_rank, ">="), (self._asked.max_rank, "<=")):
            if bound is not None:
                clauses += f" AND r.rank {sign} {self._args.put(bound, 'integer')}"
        return clauses

    # -- what each candidate is asked ---------------------------------------------------------------------------------

    def tests(self, source: Source) -> Iterator[str]:
        """Conditions on the row `t` of a token. Each is a scalar subquery, which Postgres runs by key for each
        candidate and cannot turn into a join."""
        put, asked, facts = self._args.put, self._asked, self._facts
        if not asked.spam:
            yield f"{self._flag('is_spam')} IS NOT TRUE"
        if asked.nsfw is not None:
            yield f"{self._flag('is_nsfw')} IS {'' if asked.nsfw else 'NOT '}TRUE"
        if asked.burned is not None:
            yield f"{_BURNED} = {put(asked.burned, 'boolean')}"
        # Also of candidates that are for sale: a listing expires without anybody writing.
        floor = f"SELECT true FROM catalog_service.token_floors f WHERE f.token_id = {{id}} AND {STILL_LISTED}"
        if asked.priced or self._sort == "price":
            yield f"({floor.format(id=self._id())}{self._prices('f')})"
        if asked.listed is False:
            yield f"({floor.format(id=self._id())}) IS NOT TRUE"
        if facts is None:
            return
        for group in facts.traits:
            if group.name not in source.answers:
                yield (
                    "(SELECT true FROM catalog_service.token_trait_links l WHERE l.token_id = "
                    f"{self._id()} AND"
                    f" l.trait_id = {put(group.trait_id, 'uuid')}"
                    f" AND l.trait_value_id = ANY({put(list(group.value_ids), 'uuid[]')}) LIMIT 1)"
                )
        for wide in facts.wide:
            low, high = (f"{put(bound, 'numeric')}" for bound in (wide.bounds.low, wide.bounds.high))
            yield (
                "(SELECT true FROM catalog_service.token_trait_links l CROSS JOIN LATERAL (SELECT"
                " coalesce(v.value_number, v.value_epoch_seconds) AS value FROM catalog_service.trait_values v"
                f" WHERE v.id = l.trait_value_id LIMIT 1) v WHERE l.token_id = {self._id()} AND l.trait_id ="
                f" {put(wide.trait_id, 'uuid')} AND v.value BETWEEN coalesce({low}, '-Infinity')"
                f" AND coalesce({high}, 'Infinity') LIMIT 1)"
            )
        if facts.words:
            yield from self._named_so(facts.words, source)
        if asked.owner is not None and "owner" not in source.answers:
            owner = put(asked.owner, "text")
            yield (
                f"(t.owner IS NOT DISTINCT FROM {account(owner)} AND t.owner IS NOT NULL OR t.supply IS NOT NULL AND"
                " (SELECT true FROM catalog_service.unit_balances b WHERE b.collection = t.collection"
                f" AND b.token_number = t.token_number AND b.owner = {raw(owner)} AND b.quantity > 0))"
            )
        if asked.ranked and "rank" not in source.answers:
            yield (
                f"(SELECT true FROM catalog_service.rarity_scores r WHERE r.token_id = {self._id()}"
                f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}'{self._rank_bounds()})"
            )

    def _id(self) -> str:
        """Of the token `t`."""
        chain_id, contract = self._name
        return f"catalog_service.token_id({chain_id}, {contract}, t.token_number)"

    def _flag(self, flag: str) -> str:
        chain_id, contract = self._name
        return (
            f"(SELECT f.{flag} FROM catalog_service.nft_flags f WHERE f.chain_id = {chain_id}"
            f" AND f.contract = {contract} AND f.token_id = t.token_number)"
        )

    def _named_so(self, words: tuple[Word, ...], source: Source) -> Iterator[str]:
        for word in words:
            if word.name not in source.answers:
                # folded words hold letters and digits only, nothing that LIKE would take for a pattern
                pattern = f"% {word.text}%" if word.prefix else f"% {word.text} %"
                yield f"' ' || catalog_service.folded(left(t.name, 512)) || ' ' LIKE {self._args.put(pattern, 'text')}"

    # -- the statement ------------------------------------------------------------------------------------------------

    def page(self, source: Source, columns: str) -> str:
        """The page's tokens as `columns` of `t`, with `k` and `tie`."""
        tests = list(self.tests(source))
        rows = source.make()
        if source.in_order:
            candidates, k, tie, key = f"{rows} LIMIT {LOOKED_AT}", "d.k", "d.tie", ""
        elif source.with_id and self._sort in _KEYS_BY_ID:
            candidates, k, tie, key = self._sorted_ids(rows), "d.k", "d.tie", ""
        else:
            candidates, (k, tie, key) = rows, self._sorted(tests)
        where = " WHERE " + "\n  AND ".join(tests) if tests else ""
        limit = self._args.put(self._limit, "bigint")
        chosen = (
            f"SELECT t.token_number, {k} AS k, {tie} AS tie FROM ({candidates}) d\n"
            f"CROSS JOIN LATERAL (SELECT t.* {self._items} AND t.token_number = d.number LIMIT 1) t{key}{where}\n"
            f"{self.order_by(k, tie)} LIMIT {limit}"
        )
        shown = f"t.collection_id = {self._collection} AND t.token_number = q.token_number"
        return (
            f"SELECT {columns}, q.k, q.tie FROM ({chosen}) q\n"
            f"CROSS JOIN LATERAL (SELECT * FROM catalog_service.tokens t WHERE {shown} LIMIT 1) t"
        )

    def _sorted_ids(self, rows: str) -> str:
        """A set of ids in the sort's order: the key is looked up for each, the tokens only as the page needs them."""
        k, table = _KEYS_BY_ID[self._sort]
        behind = f"\nWHERE ({k}, d.id) {self._beyond} ({self._key(self._start)})" if self._start else ""
        return (
            f"SELECT d.number, {k} AS k, d.id AS tie FROM ({rows}) d\nCROSS JOIN LATERAL ({table}) x{behind}\n"
            + self.order_by(k, "d.id")
        )

    def _sorted(self, tests: list[str]) -> tuple[str, str, str]:
        """Key, tie, and where they come from, of a set that has another order."""
        join = ""
        if self._sort == "rank":
            k, tie = "r.rank", self._id()
            join = (
                f"\nCROSS JOIN LATERAL (SELECT r.rank FROM catalog_service.rarity_scores r WHERE r.token_id = {tie}"
                f" AND r.method = '{METHOD}' AND r.source = '{SOURCE}' LIMIT 1) r"
            )
        elif self._sort == "price":
            k, tie = "f.price_native", self._id()
            join = (
                "\nCROSS JOIN LATERAL (SELECT f.price_native FROM catalog_service.token_floors f"
                f" WHERE f.token_id = {tie} LIMIT 1) f"
            )
        elif self._sort == "recent":
            k, tie = _AGE, "t.token_number"
        else:
            k, tie = "t.token_number", "''"
        if self._start is not None:
            if self._sort == "number":
                tests.append(f"{k} {self._beyond} {self._args.put(self._start.k, 'text')}::numeric")
            else:
                tests.append(f"({k}, {tie}) {self._beyond} ({self._key(self._start)})")
        return k, tie, join

    def _key(self, start: Start) -> str:
        kinds = SORT_KEYS[self._sort]
        return ", ".join(f"{self._args.put(value, 'text')}::{kind}" for value, kind in zip(start, kinds, strict=True))

    def order_by(self, k: str, tie: str) -> str:
        return f"ORDER BY {k} {self._order}" + ("" if self._sort == "number" else f", {tie} {self._order}")

    def last_looked_at(self, source: Source) -> str:
        """The key of the last candidate that the page could look at; no row if there are fewer. For a page that is not
        full: it ends here, or the list does."""
        last = f"{source.make()} OFFSET {LOOKED_AT - 1} LIMIT 1"
        return f"SELECT k::text, tie::text FROM ({last}) d WHERE {self._collection} IS NOT NULL"
