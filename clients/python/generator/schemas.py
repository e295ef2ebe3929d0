"""The document as the generator of models is given it."""

from __future__ import annotations

from typing import Any, Final

_LEFT_OUT: Final = {
    # for readers of `/docs`
    "title", "example", "examples",
    # the API checks what it is given; a client that does so too only disagrees with a newer API
    "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties",
    "maxProperties", "propertyNames", "contentMediaType",
}  # fmt: skip
_NAMED: Final = {"properties", "schemas"}
"""Keys of objects whose own keys are names."""


def simplified(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas of the document without routes, limits and examples. Every text is a plain one, but for moments."""
    schemas = document["components"]["schemas"]
    return {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": {},
        "components": {"schemas": _simple(schemas, named=True)},
    }


def enumerations(document: dict[str, Any]) -> dict[str, list[Any]]:
    """The enumerations that the document names, and their values."""
    return {name: one["enum"] for name, one in document["components"]["schemas"].items() if "enum" in one}


def _simple(part: Any, named: bool = False) -> Any:
    if isinstance(part, list):
        return [_simple(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _simple(value, not named and key in _NAMED) for key, value in part.items() if named or _counts(key, value)
    }
    return kept if named else _without_doubles(kept)


def _counts(key: str, value: Any) -> bool:
    if key == "format":
        return value == "date-time"
    # A newer API may answer with more members.
    return key not in _LEFT_OUT and not (key == "additionalProperties" and value is False)


def _without_doubles(schema: dict[str, Any]) -> dict[str, Any]:
    """Alternatives that have become the same are one."""
    if "anyOf" not in schema:
        return schema
    distinct: list[Any] = []
    for one in schema["anyOf"]:
        if one not in distinct:
            distinct.append(one)
    if len(distinct) > 1:
        return schema | {"anyOf": distinct}
    return distinct[0] | {key: value for key, value in schema.items() if key != "anyOf"}
