"""What a list of tokens is asked for, and what that means in the collection: ids of trait values, and how many tokens
each filter leaves. One statement, each part of it a look-up by key or a count that stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Query
from steadymint.domain.types import Address, ChainId

TokenSort = Literal["number", "rank", "price", "recent"]

RANGE_VALUES: Final = 64
"""Values of a trait that a range is read as; of a wider one each token is asked."""

LAST_CHARACTER: Final = "\U0010ffff"
"""Sorts behind every other in bytewise order: the end of the words with a prefix."""


@dataclass(frozen=True, slots=True)
class TraitRange:
    """Tokens whose trait (normalised name) lies between two numbers, inclusive; None is no bound. A date counts as
    its seconds since 1970."""

    name: str
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class TokenFilter:
    """All of it must hold. Of one trait any of the values (normalised) will do."""

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
    """Words of the name; the last may be the beginning of one."""
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
        """Whether anything must be looked up before the page can be planned."""
        return bool(self.traits or self.ranges or self.owner or self.listed is not None or self.q is not None) or (
            self.priced or self.ranked
        )


@dataclass(frozen=True, slots=True)
class TraitValues:
    """The values of one trait that a filter allows."""

    trait_id: UUID
    value_ids: tuple[UUID, ...]
    tokens: int
    """How many have one of them, at most."""


@dataclass(frozen=True, slots=True)
class WideRange:
    """A range that holds too many values to name them."""

    trait_id: UUID
    bounds: TraitRange


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the name must have, or begin one with."""

    text: str
    prefix: bool
    tokens: int
    """How many of the collection have it, counted up to one more than `LOOKED_AT`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What planning a page needs to know."""

    collection_id: UUID
    items: int
    listed: int
    priced: int
    """Listed within the bounds on prices; if those are more than `LOOKED_AT`, all that are listed."""
    owned: int
    """Units of the collection that the owner in the filter holds."""
    traits: tuple[TraitValues, ...] = ()
    wide: tuple[WideRange, ...] = ()
    words: tuple[Word, ...] = field(default=())
    impossible: bool = False
    """No token can pass: a value that nobody has, words without a letter."""


_FACTS: Final = f"""
SELECT c.id, coalesce(s.items_count, 0) AS items, coalesce(s.listed_count, 0) AS listed,
    (SELECT o.quantity FROM catalog_service.collection_owners o WHERE o.collection_id = c.id AND o.owner = $3) AS owned,
    (SELECT jsonb_agg(jsonb_build_array(w.n, t.id, v.id, v.occurrences))
     FROM unnest($4::text[], $5::text[]) AS w(n, x)
     CROSS JOIN LATERAL (
         SELECT t.id FROM catalog_service.traits t WHERE t.collection_id = c.id AND t.normalized_name = w.n LIMIT 1
     ) t
     CROSS JOIN LATERAL (
         SELECT v.id, v.occurrences FROM catalog_service.trait_values v
         WHERE v.trait_id = t.id AND v.normalized_value = w.x LIMIT 1
     ) v) AS traits,
    (SELECT jsonb_agg(jsonb_build_array(w.place, t.id, v.id, v.occurrences))
     FROM unnest($6::text[], $7::numeric[], $8::numeric[]) WITH ORDINALITY AS w(n, low, high, place)
     CROSS JOIN LATERAL (
         SELECT t.id FROM catalog_service.traits t WHERE t.collection_id = c.id AND t.normalized_name = w.n LIMIT 1
     ) t
     CROSS JOIN LATERAL (
         (SELECT v.id, v.occurrences FROM catalog_service.trait_values v
          WHERE v.trait_id = t.id AND v.value_number BETWEEN w.low AND w.high ORDER BY v.value_number LIMIT $9)
         UNION ALL
         (SELECT v.id, v.occurrences FROM catalog_service.trait_values v
          WHERE v.trait_id = t.id AND v.value_epoch_seconds BETWEEN ceil(greatest(w.low, -1e18))::bigint
              AND floor(least(w.high, 1e18))::bigint ORDER BY v.value_epoch_seconds LIMIT $9)
     ) v) AS ranges,
    (SELECT jsonb_agg(jsonb_build_array(w.word, (SELECT count(*) FROM (
         SELECT FROM catalog_service.token_words k WHERE k.collection_id = c.id
             AND k.word >= w.word AND k.word <= w.last LIMIT $11) k)) ORDER BY w.place)
     FROM (SELECT word, place, word || CASE WHEN place = count(*) OVER () THEN '{LAST_CHARACTER}' ELSE '' END AS last
           FROM unnest(string_to_array(catalog_service.folded($10), ' ')) WITH ORDINALITY AS w(word, place)) w
    ) AS words,
    CASE WHEN $12::numeric IS NULL AND $13::numeric IS NULL THEN coalesce(s.listed_count, 0) ELSE (
        SELECT count(*) FROM (
            SELECT FROM catalog_service.token_floors f WHERE f.collection_id = c.id
                AND f.price_native >= coalesce($12, 0) AND f.price_native <= coalesce($13, 'Infinity') LIMIT $11) f
    ) END AS priced
FROM catalog_service.collections c
LEFT JOIN catalog_service.collection_stats s ON s.collection_id = c.id
WHERE c.chain_id = $1 AND c.contract_address = $2 AND {VISIBLE}
"""  # noqa: S608 - constants

_LOWEST, _HIGHEST = Decimal("-Infinity"), Decimal("Infinity")


def facts_query(chain_id: ChainId, contract: Address, asked: TokenFilter) -> Query[dict[str, Any]]:
    """The one statement that looks everything up."""
    names, values = zip(*asked.traits, strict=True) if asked.traits else ((), ())
    args = (
        chain_id,
        contract,
        asked.owner,
        names,
        values,
        [range_.name for range_ in asked.ranges],
        [_LOWEST if range_.low is None else range_.low for range_ in asked.ranges],
        [_HIGHEST if range_.high is None else range_.high for range_ in asked.ranges],
        RANGE_VALUES + 1,
        asked.q,
        LOOKED_AT + 1,
        asked.min_price,
        asked.max_price,
    )
    return Query(dict[str, Any], _FACTS, args)


async def facts_of(pool: asyncpg.Pool, chain_id: ChainId, contract: Address, asked: TokenFilter) -> Facts | None:
    """None if there is no such collection."""
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
        items=row["items"],
        listed=row["listed"],
        priced=row["priced"] if row["priced"] <= LOOKED_AT else row["listed"],
        owned=int(row["owned"] or 0),
        traits=tuple(found),
        wide=tuple(wide),
        words=tuple(words),
        impossible=not possible,
    )


def _groups(rows: list[list[Any]]) -> list[TraitValues]:
    """[trait, trait id, value id, occurrences] by trait."""
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
