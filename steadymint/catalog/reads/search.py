"""Search over the names of collections and tokens. It finds the best few, and has no further pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from steadymint.catalog.reads.collection_lists import words_sql
from steadymint.catalog.reads.collections import BESIDE as BESIDE_COLLECTION
from steadymint.catalog.reads.collections import COLUMNS, Collection
from steadymint.catalog.reads.query import LOOKED_AT, VISIBLE, Query
from steadymint.catalog.reads.token_filters import LAST_CHARACTER
from steadymint.catalog.reads.tokens import BESIDE, ROW, SHOWN, Token

FOUND: Final = 50
"""The most results of each kind."""


@dataclass(frozen=True, slots=True)
class FoundToken(Token):
    """A token and the name of its collection."""

    collection_name: str
    collection_slug: str


# Order: collections with exactly this name, then verified ones, then by traded volume.
_COLLECTIONS: Final = f"""
SELECT {COLUMNS} FROM (
    SELECT c.*, v.volume_all AS traded, catalog_service.folded(c.name) = catalog_service.folded($1) AS exact
    FROM ({words_sql("$1")}) w
    CROSS JOIN LATERAL (
        SELECT * FROM catalog_service.collections c WHERE c.id = w.collection_id AND {VISIBLE} LIMIT 1
    ) c
    LEFT JOIN LATERAL (
        SELECT s.volume_all FROM catalog_service.collection_stats s WHERE s.collection_id = c.id LIMIT 1
    ) v ON true
    ORDER BY exact DESC, c.is_verified DESC, traded DESC NULLS LAST, c.id LIMIT $2
) c{BESIDE_COLLECTION}
ORDER BY c.exact DESC, c.is_verified DESC, c.traded DESC NULLS LAST, c.id
"""  # noqa: S608 - constants

# The number of names with each word, counted up to a bound. Names with the rarest word are read, and the other words
# are looked for in those names.
_WORDS: Final = f"""
SELECT w.word, w.place = count(*) OVER () AS prefix, (
    SELECT count(*) FROM (
        SELECT FROM catalog_service.token_words k WHERE k.word >= left(w.word, 64)
            AND k.word <= left(w.word, 64) || CASE WHEN w.place = w.words THEN '{LAST_CHARACTER}' ELSE '' END
        LIMIT {LOOKED_AT + 1}) k
    ) AS names
FROM (SELECT word, place, count(*) OVER () AS words
      FROM unnest(string_to_array(catalog_service.folded($1), ' ')) WITH ORDINALITY AS w(word, place)) w
ORDER BY w.place
"""  # noqa: S608 - constants

# `places` steps from one collection with the word to the next, with one index probe each. So a hidden collection with
# many tokens costs one step. All look-ups keep that order, which is the order of the result.
_TOKENS: Final = f"""
WITH RECURSIVE places AS (
    (SELECT k.word, k.collection_id FROM catalog_service.token_words k
     WHERE k.word >= $1::text AND k.word <= $2::text ORDER BY k.word, k.collection_id LIMIT 1)
    UNION ALL
    SELECT n.word, n.collection_id FROM places p CROSS JOIN LATERAL (
        SELECT k.word, k.collection_id FROM catalog_service.token_words k
        WHERE (k.word, k.collection_id) > (p.word, p.collection_id) AND k.word <= $2::text
        ORDER BY k.word, k.collection_id LIMIT 1
    ) n
)
SELECT {SHOWN}, p.collection_name, p.collection_slug
FROM (
    SELECT {ROW}, d.collection_name, d.collection_slug, d.word, d.collection_id
    FROM (
        SELECT w.word, w.collection_id, c.name AS collection_name, c.slug AS collection_slug, k.token_number
        FROM (SELECT * FROM places LIMIT {LOOKED_AT}) w
        CROSS JOIN LATERAL (
            SELECT * FROM catalog_service.collections c WHERE c.id = w.collection_id AND {VISIBLE} LIMIT 1
        ) c
        CROSS JOIN LATERAL (
            SELECT k.token_number FROM catalog_service.token_words k
            WHERE k.word = w.word AND k.collection_id = w.collection_id ORDER BY k.token_number LIMIT {LOOKED_AT}
        ) k
        LIMIT {LOOKED_AT}
    ) d
    CROSS JOIN LATERAL (
        SELECT * FROM catalog_service.tokens t
        WHERE t.collection_id = d.collection_id AND t.token_number = d.token_number LIMIT 1
    ) t
    WHERE ' ' || catalog_service.folded(left(t.name, 512)) || ' ' LIKE ALL ($3::text[])
      AND ($4::boolean OR (SELECT f.is_spam FROM catalog_service.nft_flags f WHERE f.chain_id = t.chain_id
          AND f.contract = t.contract_address AND f.token_id = t.token_number) IS NOT TRUE)
    LIMIT $5
) p
{BESIDE}
ORDER BY p.word, p.collection_id, p.token_number
"""  # noqa: S608 - constants


def found_collections(asked: str, limit: int) -> Query[Collection]:
    return Query(Collection, _COLLECTIONS, (asked, limit))


def token_words(asked: str) -> Query[Any]:
    """The words of a search, with the number of names that have each. The last word is a prefix."""
    return Query(dict[str, Any], _WORDS, (asked,))


def tokens_with(first: str, last: str, patterns: list[str], *, spam: bool, limit: int) -> Query[FoundToken]:
    """Tokens with a word from `first` to `last`, and a name that matches all patterns."""
    return Query(FoundToken, _TOKENS, (first, last, patterns, spam, limit))


async def search_tokens(pool: asyncpg.Pool, asked: str, *, spam: bool, limit: int) -> list[FoundToken]:
    """Tokens whose names have all words of the text. At most `LOOKED_AT` tokens with the rarest of the words are
    read."""
    words = await token_words(asked).fetch(pool)
    if not words or any(not word["word"] or not word["names"] for word in words):
        return []
    rarest = min(words, key=lambda word: word["names"])
    patterns = [f"% {word['word']}%" if word["prefix"] else f"% {word['word']} %" for word in words]
    first = rarest["word"][:64]
    query = tokens_with(first, first + LAST_CHARACTER if rarest["prefix"] else first, patterns, spam=spam, limit=limit)
    # A name with two words that begin with the prefix is found twice.
    found: dict[tuple[str, str, int], FoundToken] = {}
    for row in await query.fetch(pool):
        found.setdefault((row.chain_id, row.contract_address, row.token_number), row)
    return list(found.values())
