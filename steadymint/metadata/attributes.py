"""The reading of a token's traits from the forms that documents use. Pure.

| form | read as |
|---|---|
| `[{"trait_type": "Eyes", "value": "Blue", "display_type": ..., "max_value": ...}]` | OpenSea's, the usual one |
| `["Blue", 3]` | values of a trait called `Property` |
| `{"Eyes": "Blue"}`, `{"Eyes": {"value": "Blue"}}`, `{"Eyes": ["Blue", "Green"]}` | names and values |

They are in `attributes`, else in `traits`, else in `properties` (ERC-1155, Enjin).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, Final, cast

from steadymint.domain.metadata import Attribute, ValueType, normalised_name
from steadymint.domain.texts import without_padding
from steadymint.metadata.texts import as_text

MAX_ATTRIBUTES: Final = 200
MAX_ENTRIES: Final = 2_000
"""Entries that are read. A document with more is filled on purpose with duplicates and junk."""
MAX_NAME: Final = 100
"""Code points of a trait's name."""
MAX_VALUE: Final = 500
"""Code points of a value: 2,000 bytes at most, so that it fits an index of Postgres (2,704)."""
NAMELESS: Final = "Property"
_MAX_DIGITS: Final = 100

_WHERE: Final = ("attributes", "traits", "properties")
_NAME: Final = ("trait_type", "traitType", "name", "key", "type")
_VALUE: Final = ("value", "val")
_NOT_TRAITS: Final = frozenset({"files", "category", "creators", "collection", "name", "description", "image"})
"""Members of `properties` that are no traits (Metaplex, the example of EIP-1155)."""
_NUMBERS: Final = frozenset({"number", "boost_number", "boost_percentage"})
_DISPLAY_TYPES: Final = _NUMBERS | {"date"}
_DECIMAL: Final = re.compile(r"[+-]?(\d{1,80}(\.\d{0,80})?|\.\d{1,80})([eE][+-]?\d{1,2})?%?", re.ASCII)
_MILLISECONDS_FROM: Final = 100_000_000_000
"""In seconds this is the year 5138, in milliseconds 1973. A larger number comes from JavaScript's clock."""
_FIRST_SECOND, _LAST_SECOND = -62_135_596_800, 253_402_300_799  # years 1 to 9999

Entry = tuple[object, object, object, object]
"""Name, value, display type and maximum, as the document has them."""


def attributes_of(document: Mapping[str, Any]) -> tuple[Attribute, ...]:
    """At most `MAX_ATTRIBUTES`, in the document's order, one for each name and value."""
    for where in _WHERE:
        found: dict[tuple[str, str, str], Attribute] = {}
        for entry in islice(_entries(document.get(where), where), MAX_ENTRIES):
            attribute = _attribute(*entry)
            if attribute is not None:
                key = (
                    normalised_name(attribute.trait_type),
                    attribute.value_type,
                    normalised_name(str(attribute.value)),
                )
                found.setdefault(key, attribute)
            if len(found) == MAX_ATTRIBUTES:
                break
        if found:
            return tuple(found.values())
    return ()


def _entries(given: object, where: str) -> Iterator[Entry]:
    if isinstance(given, Mapping) and "trait_type" in given and "value" in given:
        yield from _entry(cast(object, given), None)  # one attribute without a list around it
    elif isinstance(given, Mapping):
        for name, value in cast(Mapping[object, object], given).items():
            if where != "properties" or name not in _NOT_TRAITS:
                yield from _entry(value, name)
    elif isinstance(given, list | tuple):
        for element in cast(Sequence[object], given):
            yield from _entry(element, None)


def _entry(element: object, name: object) -> Iterator[Entry]:
    """The entries of one element: `name` is its key in an object, None in a list."""
    if isinstance(element, Mapping):
        members = cast(Mapping[str, object], element)
        said = next((members[key] for key in _NAME if members.get(key) not in (None, "")), None)
        value = next((members[key] for key in _VALUE if key in members), None)
        display, maximum = members.get("display_type"), members.get("max_value")
        name = said if name is None else name
    else:
        value, display, maximum = element, None, None
    for one in cast(Sequence[object], value) if isinstance(value, list | tuple) else (value,):
        yield name, one, display, maximum


def _attribute(name: object, value: object, display: object, maximum: object) -> Attribute | None:
    display_type = without_padding(display).lower() if isinstance(display, str) else None
    display_type = display_type if display_type in _DISPLAY_TYPES else None
    typed = _typed(value, display_type)
    if typed is None:
        return None
    value_type, known = typed
    most = None if value_type == "string" or isinstance(maximum, bool) else _number(maximum)
    if (value_type == "date") != (display_type == "date") or value_type == "string":
        display_type = None  # the value is not of the declared type
    return Attribute(as_text(name, MAX_NAME) or NAMELESS, known, value_type, display_type, most)


def _typed(value: object, display_type: str | None) -> tuple[ValueType, str | Decimal | int] | None:
    """The type of the value, and the value. A text is a number or a date only if `display_type` says so."""
    if isinstance(value, bool):
        return "string", "true" if value else "false"
    if display_type == "date" and (seconds := _seconds(value)) is not None:
        return "date", seconds
    if (not isinstance(value, str) or display_type in _NUMBERS) and (number := _number(value)) is not None:
        return "number", number
    text = as_text(value, MAX_VALUE)
    return None if text is None else ("string", text)


def _number(value: object) -> Decimal | None:
    """An exact number in its shortest form: `1.10` is 1.1, `1e2` is 100, 0.1 is 0.1. None if it is not a number."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = repr(value)  # the shortest text that means this float, so 0.1 is 0.1
    if isinstance(value, str):
        value = without_padding(value)
        if not _DECIMAL.fullmatch(value):
            return None
        value = value.rstrip("%")
    elif not isinstance(value, int | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:  # an int beyond what Decimal takes
        return None
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS or len(number.as_tuple().digits) > _MAX_DIGITS:
        return None
    plain = format(number, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return Decimal(0) if plain in ("-0", "-", "") else Decimal(plain)


def _seconds(value: object) -> int | None:
    """Seconds since 1970 from seconds, from milliseconds, or from an ISO 8601 date."""
    number = _number(value)
    if number is not None:
        seconds = int(number / 1000 if abs(number) >= _MILLISECONDS_FROM else number)
    elif isinstance(value, str):
        try:
            date = datetime.fromisoformat(without_padding(value)[:40])
            seconds = int(date.replace(tzinfo=date.tzinfo or UTC).timestamp())
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return seconds if _FIRST_SECOND <= seconds <= _LAST_SECOND else None
