"""The filter of a list of tokens, and the facts that planning a page needs: ids of trait values, and the number of
tokens that pass each filter. One statement finds the facts. Its parts are look-ups by key, and counts with a bound."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Arguments, Query
from steadymint.domain.types import Address, ChainId

TokenSort = Literal["number", "rank", "price", "recent"]

RANGE_VALUES: Final = 64
"""The most values of a trait that a range is replaced by. A wider range is tested on each token."""

METHOD: Final = "openrarity"
"""The method of the ranks in lists. The page of one token has the ranks of every method."""
SOURCE: Final = "steadymint"

LAST_CHARACTER: Final = "\U0010ffff"
"""Sorts behind every other character in bytewise order, so it ends the range of words with a prefix."""


@dataclass(frozen=True, slots=True)
class TraitRange:
    """A range of a numeric trait, given by its normalised name. Both bounds are inclusive; None is no bound. A date
    counts as its seconds since 1970."""

    name: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class TokenFilter:
    """A filter of tokens: all of its conditions must hold. Of several values of one trait, a token needs one."""

    traits: tuple[tuple[str, str], ...] = ()
    """(name, value), both normalised."""
    ranges: tuple[TraitRange, ...] = ()
    owner: Address | None = None
    listed: bool | None = None
    min_price: Decimal | None = None
    """In the native currency."""
    max_price: Decimal | None = None
    min_rank: int | None = None
    max_rank: int | None = None
    q: str | None = None
    """Words of the name. The last is a prefix."""
    burned: bool | None = None
    nsfw: bool | None = None
    spam: bool = False
    """Whether spam is shown."""

    @property
    def priced(self) -> bool:
        return self.listed is True or self.min_price is not None or self.max_price is not None

    @property
    def ranked(self) -> bool:
        return self.min_rank is not None or self.max_rank is not None

    @property
    def needs_facts(self) -> bool:
        """Whether planning a page needs facts."""
        return bool(self.traits or self.ranges or self.owner or self.listed is not None or self.q is not None) or (
            self.priced or self.ranked
        )


@dataclass(frozen=True, slots=True)
class TraitValues:
    """The values of one trait that a filter allows."""

    trait_id: UUID
    value_ids: tuple[UUID, ...]
    tokens: int
    """The number of tokens that have one of them, at most."""

    @property
    def name(self) -> str:
        """The name of this filter. There may be several about one trait."""
        return "values " + " ".join(str(id_) for id_ in self.value_ids)


@dataclass(frozen=True, slots=True)
class WideRange:
    """A range with more than `RANGE_VALUES` values."""

    trait_id: UUID
    bounds: TraitRange


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the name, or the beginning of one if `prefix`."""

    text: str
    prefix: bool
    tokens: int
    """The number of tokens of the collection that have it, counted up to one more than `LOOKED_AT`."""

    @property
    def name(self) -> str:
        return f"{'beginning' if self.prefix else 'word'} {self.text}"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that planning a page needs: the keys of the collection, and how many tokens pass each filter."""

    collection_id: UUID
    collection: int
    """The number of the collection. `chain` is that of its chain."""
    chain: int
    items: int
    listed: int
    priced: int
    """Tokens listed within the bounds on prices; if there are more than `LOOKED_AT`, all listed tokens."""
    ranked: int
    """Tokens ranked within the bounds on ranks; an estimate above `LOOKED_AT`. Equal tokens share a rank."""
    owned: int
    """Units of the collection that the owner in the filter holds."""
    traits: tuple[TraitValues, ...] = ()
    wide: tuple[WideRange, ...] = ()
    words: tuple[Word, ...] = field(default=())
    impossible: bool = False
    """Whether no token can pass: no token has the value, or the search has no word."""


_TRAIT: Final = """
     CROSS JOIN LATERAL (
         SELECT t.id FROM catalog_service.traits t WHERE t.collection_id = c.id AND t.normalized_name = w.n LIMIT 1
     ) t"""
_TRAITS: Final = f"""(
     SELECT jsonb_agg(jsonb_build_array(w.n, t.id, v.id, v.occurrences))
     FROM unnest({{names}}, {{values}}) AS w(n, x){_TRAIT}
     CROSS JOIN LATERAL (
         SELECT v.id, v.occurrences FROM catalog_service.trait_values v
         WHERE v.trait_id = t.id AND v.normalized_value = w.x LIMIT 1
     ) v)"""  # noqa: S608 - constants
_RANGES: Final = f"""(
     SELECT jsonb_agg(jsonb_build_array(w.place, t.id, v.id, v.occurrences))
     FROM unnest({{names}}, {{lows}}, {{highs}}) WITH ORDINALITY AS w(n, low, high, place){_TRAIT}
     CROSS JOIN LATERAL (
         (SELECT v.id, v.occurrences FROM catalog_service.trait_values v
          WHERE v.trait_id = t.id AND v.value_number BETWEEN w.low AND w.high
          ORDER BY v.value_number LIMIT {RANGE_VALUES + 1})
         UNION ALL
         (SELECT v.id, v.occurrences FROM catalog_service.trait_values v
          WHERE v.trait_id = t.id AND v.value_epoch_seconds BETWEEN ceil(greatest(w.low, -1e18))::bigint
              AND floor(least(w.high, 1e18))::bigint
          ORDER BY v.value_epoch_seconds LIMIT {RANGE_VALUES + 1})
     ) v)"""  # noqa: S608 - constants
_WORDS: Final = f"""(
     SELECT jsonb_agg(jsonb_build_array(w.word, (SELECT count(*) FROM (
         SELECT FROM catalog_service.token_words k WHERE k.collection_id = c.id
             AND k.word >= w.word AND k.word <= w.last LIMIT {LOOKED_AT + 1}) k)) ORDER BY w.place)
     FROM (SELECT left(word, 64) AS word, place,
               left(word, 64) || CASE WHEN place = count(*) OVER () THEN '{LAST_CHARACTER}' ELSE '' END AS last
           FROM unnest(string_to_array(catalog_service.folded({{words}}), ' ')) WITH ORDINALITY AS w(word, place)) w
    )"""  # noqa: S608 - constants
# These two are ordered although they are only counted. Without the order, Postgres scans the table where most of it
# belongs to one collection, and keeps that plan for all other collections.
_PRICED: Final = f"""(
     SELECT count(*) FROM (
         SELECT FROM catalog_service.token_floors f WHERE f.collection_id = c.id
             AND f.price_native >= {{low}} AND f.price_native <= {{high}}
         ORDER BY f.price_native LIMIT {LOOKED_AT + 1}) f
    )"""  # noqa: S608 - constants
_RANKED: Final = f"""(
     SELECT count(*) FROM (
         SELECT FROM catalog_service.rarity_scores r WHERE r.collection_id = c.id AND r.method = '{METHOD}'
             AND r.source = '{SOURCE}' AND r.rank >= {{low}} AND r.rank <= {{high}}
         ORDER BY r.rank LIMIT {LOOKED_AT + 1}) r
    )"""  # noqa: S608 - constants
_OWNED: Final = """(
     SELECT o.quantity FROM catalog_service.holders o WHERE o.chain = c.chain_no AND o.collection = c.no
         AND o.owner = (SELECT n.no FROM catalog_service.accounts n
             WHERE n.address = catalog_service.raw_address({owner}))
    )"""
_FACTS: Final = """
SELECT c.id, c.no, c.chain_no, coalesce(s.items_count, 0) AS items, coalesce(s.listed_count, 0) AS listed,
    {owned} AS owned, {traits} AS traits, {ranges} AS ranges, {words} AS words, {priced} AS priced,
    {ranked} AS ranked
FROM catalog_service.collections c
LEFT JOIN catalog_service.collection_stats s ON s.collection_id = c.id
WHERE c.chain_id = $1 AND c.contract_address = $2 AND {visible}
"""

HIGHEST_RANK: Final = 2**31 - 1
_LOWEST, _HIGHEST = Decimal("-Infinity"), Decimal("Infinity")


def facts_query(chain_id: ChainId, contract: Address, asked: TokenFilter) -> Query[dict[str, Any]]:
    """The statement that finds the facts for this filter."""
    args = Arguments(chain_id, contract)
    owned = traits = ranges = words = "NULL"
    priced = "coalesce(s.listed_count, 0)"
    ranked = "coalesce(s.items_count, 0)"
    if asked.owner is not None:
        owned = _OWNED.format(owner=args.put(asked.owner, "text"))
    if asked.traits:
        names, values = (list(column) for column in zip(*asked.traits, strict=True))
        traits = _TRAITS.format(names=args.put(names, "text[]"), values=args.put(values, "text[]"))
    if asked.ranges:
        ranges = _RANGES.format(
            names=args.put([range_.name for range_ in asked.ranges], "text[]"),
            lows=args.put([_or(range_.low, _LOWEST) for range_ in asked.ranges], "numeric[]"),
            highs=args.put([_or(range_.high, _HIGHEST) for range_ in asked.ranges], "numeric[]"),
        )
    if asked.q is not None:
        words = _WORDS.format(words=args.put(asked.q, "text"))
    if asked.min_price is not None or asked.max_price is not None:
        priced = _PRICED.format(
            low=args.put(_or(asked.min_price, _LOWEST), "numeric"),
            high=args.put(_or(asked.max_price, _HIGHEST), "numeric"),
        )
    if asked.ranked:
        ranked = _RANKED.format(
            low=args.put(asked.min_rank or 1, "integer"), high=args.put(asked.max_rank or HIGHEST_RANK, "integer")
        )
    sql = _FACTS.format(
        owned=owned, traits=traits, ranges=ranges, words=words, priced=priced, ranked=ranked, visible=VISIBLE
    )
    return Query(dict[str, Any], sql, args.values)


def _or(bound: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if bound is None else bound


async def facts_of(pool: asyncpg.Pool, chain_id: ChainId, contract: Address, asked: TokenFilter) -> Facts | None:
    """The facts for this filter; None if there is no such collection."""
    row = await facts_query(chain_id, contract, asked).first(pool)
    if row is None:
        return None
    found: list[TraitValues] = _groups(row["traits"] or [])
    possible = {name for name, *_ in row["traits"] or []} == {name for name, _ in asked.traits}
    wide: list[WideRange] = []
    for place, range_ in enumerate(asked.ranges, 1):
        rows = [one[1:] for one in row["ranges"] or [] if one[0] == place]
        if len(rows) > RANGE_VALUES:
            wide.append(WideRange(UUID(rows[0][0]), range_))
        elif rows:
            found += _groups([[place, *one] for one in rows])
        else:
            possible = False
    words = _words(row["words"] or [])
    if asked.q is not None:
        possible = possible and bool(words) and all(word.tokens for word in words)
    if asked.owner is not None:
        possible = possible and bool(row["owned"])
    return Facts(
        collection_id=row["id"],
        collection=row["no"],
        chain=row["chain_no"],
        items=row["items"],
        listed=row["listed"],
        priced=row["priced"] if row["priced"] <= LOOKED_AT else row["listed"],
        ranked=_ranked(asked, row["ranked"], row["items"]),
        owned=int(row["owned"] or 0),
        traits=tuple(found),
        wide=tuple(wide),
        words=tuple(words),
        impossible=not possible,
    )


def _ranked(asked: TokenFilter, counted: int, items: int) -> int:
    """The tokens within the bounds on ranks: the count, or an estimate from the bounds if it reached its limit."""
    if counted <= LOOKED_AT:
        return counted
    return max(counted, min(asked.max_rank or items, items) - (asked.min_rank or 1) + 1)


def _groups(rows: list[list[Any]]) -> list[TraitValues]:
    """The values of each trait, from rows (trait, trait id, value id, occurrences)."""
    by_trait: dict[Any, list[list[Any]]] = {}
    for name, *rest in rows:
        by_trait.setdefault(name, []).append(rest)
    return [
        TraitValues(UUID(rest[0][0]), tuple(UUID(one[1]) for one in rest), sum(one[2] for one in rest))
        for rest in by_trait.values()
    ]


def _words(rows: list[list[Any]]) -> list[Word]:
    last = len(rows) - 1
    return [Word(text, place == last, count) for place, (text, count) in enumerate(rows) if text]
