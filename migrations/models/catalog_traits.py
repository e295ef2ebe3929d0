"""Tables of the catalog service: traits and rarity."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Double, Integer, Numeric, Text, UniqueConstraint

from migrations.models.columns import Table, Tally, Time, UuidColumn, check, index, key, optional, required


class Trait(Table, table=True):
    """An attribute that tokens of a collection have."""

    __tablename__ = "traits"
    __table_args__ = (
        UniqueConstraint("collection_id", "normalized_name"),
        check("value_type", "value_type in ('string', 'number', 'date')"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    collection_id: UUID = required(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    name: str = required(Text)
    normalized_name: str = required(Text)
    value_type: str = required(Text, default="'string'")
    display_type: str | None = optional(Text)
    unit: str | None = optional(Text)
    sort_order: int = required(Integer, default="0")


class TraitValue(Table, table=True):
    """A value of an attribute, and how many tokens have it."""

    __tablename__ = "trait_values"
    __table_args__ = (
        UniqueConstraint("trait_id", "normalized_value"),
        check(
            "value",
            (
                "case value_type when 'string' then value_string is not null when 'number' then value_number is not "
                "null when 'date' then value_epoch_seconds is not null else false end"
            ),
        ),
        check("occurrences", "occurrences >= 0"),
        check("frequency", "frequency between 0 and 1"),
        index("trait_values_number_idx", "trait_id", "value_number", where="value_number is not null"),
        index("trait_values_epoch_idx", "trait_id", "value_epoch_seconds", where="value_epoch_seconds is not null"),
        {"schema": "catalog_service"},
    )

    id: UUID = key(UuidColumn, default="gen_random_uuid()")
    trait_id: UUID = required(UuidColumn, references="catalog_service.traits.id", on_delete="CASCADE")
    value_type: str = required(Text, default="'string'")
    value_string: str | None = optional(Text)
    value_number: Decimal | None = optional(Numeric)
    value_epoch_seconds: int | None = optional(BigInteger)
    normalized_value: str = required(Text)
    occurrences: int = required(BigInteger, default="0")
    """Kept by the triggers of `token_trait_links`. A value that nobody has any more is deleted."""
    frequency: float = required(Double, default="0")
    """Share of the collection's tokens that are not burned, 0 to 1, as of its last change or the last ranking."""
    rarity_score: float | None = optional(Double)
    """Ranked tokens by tokens with the value; null for numbers and dates, which make nothing rare."""
    max_value: Decimal | None = optional(Numeric)
    unit: str | None = optional(Text)


class TokenTraitLink(Table, table=True):
    """Which token has which value."""

    __tablename__ = "token_trait_links"
    __table_args__ = (
        check("value_type", "value_type in ('string', 'number', 'date')"),
        index("token_trait_links_number_idx", "trait_value_id", "token_number", "token_id"),
        index("token_trait_links_trait_type_idx", "trait_id", "value_type"),
        {"schema": "catalog_service"},
    )

    token_id: UUID = key(UuidColumn)
    trait_id: UUID = key(UuidColumn, references="catalog_service.traits.id", on_delete="CASCADE")
    trait_value_id: UUID = key(UuidColumn, references="catalog_service.trait_values.id", on_delete="CASCADE")
    value_type: str = required(Text, default="'string'")
    """What the token's own document says. The trait has a type other than string while all its links agree."""
    token_number: int = required(Tally)
    """The token's, for lists in its order."""


class TokenRarity(Table, table=True):
    """The product score alone, as the specification has it; every method is in `rarity_scores`."""

    __tablename__ = "token_rarity"
    __table_args__ = ({"schema": "catalog_service"},)

    token_id: UUID = key(UuidColumn)
    rarity_score_product: float = required(Double)


class RarityScore(Table, table=True):
    """How rare a token is, by each method."""

    __tablename__ = "rarity_scores"
    __table_args__ = (
        check("rank", "rank > 0"),
        index("rarity_scores_rank_idx", "collection_id", "method", "source", "rank", "token_id"),
        {"schema": "catalog_service"},
    )

    token_id: UUID = key(UuidColumn)
    collection_id: UUID = required(UuidColumn, references="catalog_service.collections.id", on_delete="CASCADE")
    method: str = key(Text)
    source: str = key(Text, default="'steadymint'")
    score: float = required(Double)
    rank: int = required(Integer)
    """1 is the rarest."""
    updated_at: datetime = required(Time, default="now()")
    token_number: int = required(Tally)


class TraitValueFloor(Table, table=True):
    """The cheapest active listing among the tokens with a value."""

    __tablename__ = "trait_value_floor"
    __table_args__ = (
        check("price", "floor_price_native >= 0"),
        {"schema": "catalog_service"},
    )

    trait_value_id: UUID = key(UuidColumn, references="catalog_service.trait_values.id", on_delete="CASCADE")
    floor_price_native: Decimal | None = optional(Numeric())
    last_updated_at: datetime = required(Time, default="now()")
