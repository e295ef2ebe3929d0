"""The trait values of a collection, with the occurrences of each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from steadymint.catalog.reads.query import COLLECTION_ID, Query
from steadymint.domain.types import Address, ChainId


@dataclass(frozen=True, slots=True)
class TraitValue:
    """A value of a trait. `value_type` says which of the three values is set. `frequency` lies between 0 and 1."""

    name: str
    normalized_name: str
    normalized_value: str
    display_type: str | None
    unit: str | None
    value_type: str
    value_string: str | None
    value_number: Decimal | int | None
    value_epoch_seconds: int | None
    max_value: Decimal | int | None
    occurrences: int
    frequency: float
    rarity_score: float | None
    floor_price_native: Decimal | int | None


class AfterTrait(NamedTuple):
    """The position in the list: the name and value of its last row."""

    name: str
    value: str


_COLUMNS: Final = """t.name, t.normalized_name, v.normalized_value, t.display_type, coalesce(v.unit, t.unit) AS unit,
       v.value_type, v.value_string, v.value_number, v.value_epoch_seconds, v.max_value, v.occurrences, v.frequency,
       v.rarity_score, f.floor_price_native"""
# First the rest of the trait in which the last page ended, then the traits after it, at most a page of each.
_TRAITS: Final = f"""
SELECT * FROM (
(SELECT {_COLUMNS}
 FROM catalog_service.traits t
 CROSS JOIN LATERAL (
     SELECT * FROM catalog_service.trait_values v
     WHERE v.trait_id = t.id AND v.normalized_value > $4::text ORDER BY v.normalized_value LIMIT $5
 ) v
 LEFT JOIN LATERAL (
     SELECT * FROM catalog_service.trait_value_floor f WHERE f.trait_value_id = v.id LIMIT 1
 ) f ON true
 WHERE t.collection_id = {COLLECTION_ID} AND t.normalized_name = $3::text
 ORDER BY v.normalized_value LIMIT $5)
UNION ALL
(SELECT {_COLUMNS}
 FROM catalog_service.traits t
 CROSS JOIN LATERAL (
     SELECT * FROM catalog_service.trait_values v WHERE v.trait_id = t.id ORDER BY v.normalized_value LIMIT $5
 ) v
 LEFT JOIN LATERAL (
     SELECT * FROM catalog_service.trait_value_floor f WHERE f.trait_value_id = v.id LIMIT 1
 ) f ON true
 WHERE t.collection_id = {COLLECTION_ID} AND t.normalized_name > coalesce($3::text, '')
 ORDER BY t.normalized_name, v.normalized_value LIMIT $5)
) found
ORDER BY normalized_name, normalized_value LIMIT $5
"""  # noqa: S608 - constants


def traits(chain_id: ChainId, contract: Address, *, after: AfterTrait | None, limit: int) -> Query[TraitValue]:
    """Trait values in the order of name and value."""
    name, value = after if after else (None, None)
    return Query(TraitValue, _TRAITS, (chain_id, contract, name, value, limit))
