"""The attributes of a token: what its document says, in its order and spelling, with what the catalog counts.

The rows of traits are shared by all tokens of a collection: a name or a value that two tokens spell in two ways has the
spelling of the first. So the words come from the token's own document, and the rows give the counts. Without the
document the rows give all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from api.catalog.bodies.tokens import AttributeBody
from api.catalog.views.collections import display_type_of
from api.catalog.views.values import add, json_number
from api.http import shown
from steadymint.catalog.trait_rows import identity_of
from steadymint.domain.metadata import Attribute

Row = Mapping[str, Any]
"""A trait of the token as `steadymint.catalog.reads.tokens` reads it."""


def attribute_bodies(rows: Sequence[Row], written: object) -> list[AttributeBody]:
    """One body for each row. `written` are the attributes of the normalised document, as they are stored."""
    left = {(row["normalizedName"], row["valueType"], row["normalizedValue"]): row for row in rows}
    bodies: list[AttributeBody] = []
    for attribute in _attributes(written):
        row = left.pop(identity_of(attribute), None)
        if row is not None:
            bodies.append(_body(row, attribute))
    return bodies + [_body(row, _of_row(row)) for row in left.values()]


def _attributes(written: object) -> Iterator[Attribute]:
    for one in cast(Sequence[Any], written) if isinstance(written, list) else ():
        with suppress(KeyError, TypeError, InvalidOperation):  # written by an older version, or by hand
            yield Attribute(
                trait_type=one["trait_type"],
                value=_value(one["value"], one["value_type"]),
                value_type=one["value_type"],
                display_type=one["display_type"],
                max_value=_decimal(one["max_value"]),
            )


def _value(stored: Any, value_type: str) -> str | Decimal | int:
    match value_type:
        case "number":
            return Decimal(str(stored))
        case "date":
            return int(stored)
        case _:
            return str(stored)


def _of_row(row: Row) -> Attribute:
    column = {"string": "string", "number": "number", "date": "epoch"}[row["valueType"]]
    return Attribute(
        trait_type=row["name"],
        value=_value(row[column], row["valueType"]),
        value_type=row["valueType"],
        display_type=display_type_of(row["valueType"], row["displayType"]),
        max_value=_decimal(row["maxValue"]),
    )


def _body(row: Row, attribute: Attribute) -> AttributeBody:
    body: dict[str, Any] = {
        "traitType": attribute.trait_type,
        "value": attribute.value if isinstance(attribute.value, str) else json_number(attribute.value),
        "valueType": row["valueType"],
        "occurrences": row["occurrences"],
        "frequency": row["frequency"],
    }
    add(
        body,
        displayType=attribute.display_type,
        maxValue=None if attribute.max_value is None else json_number(attribute.max_value),
        floorPrice=None if row["floor"] is None else shown.amount(Decimal(row["floor"])),
    )
    return cast(AttributeBody, body)


def _decimal(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))
