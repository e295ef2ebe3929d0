"""The rows that a ranking reads and writes, as numpy arrays over Postgres' binary COPY.

In a binary COPY each column is its length and its value, big-endian, so rows of one shape are one packed numpy type.
The rows are joined here and not in SQL. In a database that has just been filled, the planner expects one row where
there are a hundred thousand, and chooses a nested loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from steadymint.catalog.rarity import Method, Scores, TokenTraits

_HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER: Final = b"\xff\xff"

_UUID: Final = "S16"
"""Sixteen bytes, ordered as Postgres orders uuids. Numpy drops trailing zeros only on conversion to Python bytes."""

TOKENS: Final = """
select catalog_service.token_id(c.chain_id, c.contract_address, t.token_number), t.ok
from catalog_service.collections c, lateral (
    select token_number, coalesce(metadata_status = 'ok', false) as ok from catalog_service.items
    where chain = c.chain_no and collection = c.no and owner is not null offset 0) t
where c.id = $1 order by 1"""
"""Each token: its id, and whether the last reading of its document succeeded."""

# OpenRarity's own trait is computed, so values that documents give to a trait of its name are left out.
VALUES: Final = """
select v.id, t.id, t.value_type = 'string', t.value_type <> 'string' or v.normalized_value not in ('', 'none')
from catalog_service.traits t join catalog_service.trait_values v on v.trait_id = t.id
where t.collection_id = $1 and t.normalized_name <> 'meta_trait:trait_count' order by v.id"""
"""Each value: its id, its trait, whether it is a text, and whether it counts (not empty, not "none")."""

# `offset 0` makes the planner read the links of each trait by index, and not those of all collections.
LINKS: Final = """
select l.token_id, l.trait_value_id from catalog_service.traits t, lateral (
    select token_id, trait_value_id from catalog_service.token_trait_links where trait_id = t.id offset 0
) l where t.collection_id = $1"""


def _row(**columns: str) -> np.dtype[Any]:
    """The type of a row whose columns are never null."""
    fields: list[tuple[str, str]] = [("_count", ">i2")]
    for name, kind in columns.items():
        fields += [(f"_{name}", ">i4"), (name, kind)]
    return np.dtype(fields)


_TOKEN: Final = _row(id=_UUID, read="?")
_VALUE: Final = _row(id=_UUID, trait=_UUID, text="?", counts="?")
_LINK: Final = _row(holder=_UUID, value=_UUID)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ids of tokens and their scores, in the same order. Both are empty if there is nothing to rank."""

    ids: NDArray[np.bytes_]
    scores: Mapping[Method, Scores]


NOTHING: Final = Ranked(np.empty(0, _UUID), {})


def read(tokens: bytes, values: bytes, links: bytes) -> tuple[NDArray[np.bytes_], TokenTraits]:
    """The ids of the ranked tokens, and their traits, from the binary copies of the three queries.

    A token is ranked if its document was read, or if it still has the traits of a document that cannot be read any
    more. A token whose document was never read has no traits and would count as the rarest of all, so it is left out.
    """
    token, value, link = _rows(tokens, _TOKEN), _rows(values, _VALUE), _rows(links, _LINK)
    holder, held = _places(token["id"], link["holder"]), _places(value["id"], link["value"])
    known = (holder >= 0) & (held >= 0)
    holder, held = holder[known], held[known]

    ranked = token["read"].copy()
    ranked[holder] = True
    number = np.cumsum(ranked) - 1
    holder = number[holder]
    trait_counts = np.bincount(holder, value["counts"][held], minlength=np.count_nonzero(ranked)).astype(np.int64)

    text = value["text"][held]
    places, link_value = np.unique(held[text], return_inverse=True)
    _, value_trait = np.unique(value["trait"][places], return_inverse=True)
    return token["id"][ranked], TokenTraits(trait_counts, value_trait, holder[text], link_value)


def written(ranked: Ranked) -> Iterator[bytes]:
    """Rows of (token uuid, method text, score float8, rank int4) as a binary COPY, one method after the other."""
    yield _HEADER
    for method, scores in ranked.scores.items():
        rows = np.empty(len(ranked.ids), _row(id=_UUID, method=f"S{len(method)}", score=">f8", rank=">i4"))
        rows["_count"], rows["_id"], rows["_method"], rows["_score"], rows["_rank"] = 4, 16, len(method), 8, 4
        rows["id"], rows["method"], rows["score"], rows["rank"] = ranked.ids, method.encode(), scores.score, scores.rank
        yield rows.tobytes()
    yield _TRAILER


def _rows(copied: bytes, row: np.dtype[Any]) -> NDArray[Any]:
    return np.frombuffer(copied, row, (len(copied) - len(_HEADER) - len(_TRAILER)) // row.itemsize, len(_HEADER))


def _places(ids: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """The place of each wanted id among the sorted `ids`; -1 for an id that is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1).astype(np.int64)
    places[ids[places] != wanted] = -1
    return places
