"""The attributes of documents as rows of the catalog: a trait for each name, a value for each value, and links.

Names and values are compared in one form (`normalised_name`). Every id is derived from that form, so reading all
documents again gives the same rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid5

from steadymint.domain.metadata import Attribute, ValueType, normalised_name

MAX_KEY_BYTES: Final = 512
"""A compared text must fit into an index entry (2,704 bytes for two columns). The end of a longer text is a hash."""

MAX_NUMBER_DIGITS: Final = 100
"""Digits before the point, and after it. A uint256 has 78. A longer number is stored as a text."""

_MAX_EPOCH: Final = 2**63


@dataclass(frozen=True, slots=True)
class TraitRow:
    """A row of `traits`. `type` is that of the first document of a batch; the database finds what all agree on."""

    id: UUID
    name: str
    normalized_name: str
    type: ValueType
    display_type: str | None


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of `trait_values`. For numbers and dates `normalized_value` is the value in decimal, and `text` is None."""

    id: UUID
    trait_id: UUID
    type: ValueType
    normalized_value: str
    text: str | None
    max_value: Decimal | None


Link = tuple[UUID, UUID, UUID]
"""Token, trait, value."""


@dataclass(slots=True)
class TraitRows:
    """The rows of a batch of tokens, each once, in the order of the documents."""

    traits: dict[UUID, TraitRow] = field(default_factory=dict[UUID, TraitRow])
    values: dict[UUID, ValueRow] = field(default_factory=dict[UUID, ValueRow])
    links: dict[Link, ValueType] = field(default_factory=dict[Link, ValueType])


def rows_of(collection_id: UUID, documents: Iterable[tuple[UUID, Sequence[Attribute]]]) -> TraitRows:
    """The rows of these documents.

    If a batch has several spellings of a name or value, the first is kept. If a token has a value both as a text and as
    a number, it counts as a text.
    """
    rows = TraitRows()
    trait_ids: dict[str, UUID] = {}
    value_ids: dict[tuple[UUID, str], UUID] = {}
    for token_id, attributes in documents:
        for attribute in attributes:
            name = key_of(normalised_name(attribute.trait_type))
            if (trait_id := trait_ids.get(name)) is None:
                trait_id = trait_ids[name] = uuid5(collection_id, name)
                kind, _ = _value_of(attribute)
                rows.traits[trait_id] = TraitRow(trait_id, attribute.trait_type, name, kind, attribute.display_type)
            kind, normalized = _value_of(attribute)
            if (value_id := value_ids.get((trait_id, normalized))) is None:
                value_id = value_ids[trait_id, normalized] = uuid5(trait_id, normalized)
                text = str(attribute.value) if kind == "string" else None
                rows.values[value_id] = ValueRow(value_id, trait_id, kind, normalized, text, _maximum_of(attribute))
            link = (token_id, trait_id, value_id)
            rows.links[link] = kind if rows.links.get(link, kind) == kind else "string"
    return rows


def identity_of(attribute: Attribute) -> tuple[str, ValueType, str]:
    """The identity of an attribute, which is that of its rows: normalised name, type and normalised value."""
    return key_of(normalised_name(attribute.trait_type)), *_value_of(attribute)


def _value_of(attribute: Attribute) -> tuple[ValueType, str]:
    """The type and normalised value under which it is stored. A value that its column cannot hold is a text."""
    value = attribute.value
    if attribute.value_type == "date" and isinstance(value, int) and -_MAX_EPOCH <= value < _MAX_EPOCH:
        return "date", str(value)
    if attribute.value_type == "number" and not isinstance(value, str):
        number = Decimal(value)
        if _storable(number):
            return "number", _plain(number)
    return "string", key_of(normalised_name(str(value)))


def _maximum_of(attribute: Attribute) -> Decimal | None:
    return attribute.max_value if attribute.max_value is not None and _storable(attribute.max_value) else None


def _storable(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int) and exponent >= -MAX_NUMBER_DIGITS and number.adjusted() < MAX_NUMBER_DIGITS
    )  # an exponent that is no int says NaN or infinity


def _plain(number: Decimal) -> str:
    """Decimal digits without exponent and trailing zeros: 1.50 and 15E-1 are one value, and so are 0 and -0."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def key_of(text: str) -> str:
    """A normalised name or value as it is stored and looked up. The end of a very long one is a hash."""
    encoded = text.encode()
    if len(encoded) <= MAX_KEY_BYTES:
        return text
    digest = hashlib.sha256(encoded).hexdigest()
    return f"{encoded[: MAX_KEY_BYTES - len(digest) - 1].decode(errors='ignore')}#{digest}"
