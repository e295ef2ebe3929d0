"""The document as the generator of models is given it."""

from __future__ import annotations

from collections.abc import Iterator
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


def omitted(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The members of requests that may be left out and may not be null: (schema, member)."""
    for name in sorted(_reached(document, [_bodies(document)], set())):
        schema = document["components"]["schemas"][name]
        for member, its in schema.get("properties", {}).items():
            if member not in schema.get("required", ()) and {"type": "null"} not in its.get("anyOf", ()):
                yield name, member


def _bodies(document: dict[str, Any]) -> list[Any]:
    return [route.get("requestBody") for path in document["paths"].values() for route in path.values()]


def _reached(document: dict[str, Any], part: Any, found: set[str]) -> set[str]:
    """The names of the schemas that a part of the document refers to, and those that these refer to."""
    if isinstance(part, dict):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in found:
            found.add(name)
            _reached(document, document["components"]["schemas"][name], found)
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _reached(document, one, found)
    return found


def _simple(part: Any, named: bool = False) -> Any:
    if isinstance(part, list):
        return [_simple(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _simple(value, not named and key in _NAMED) for key, value in part.items() if named or _counts(key, value)
    }
    return kept if named else _without_doubles(_with_whole_numbers(kept))


def _counts(key: str, value: Any) -> bool:
    if key == "format":
        return value == "date-time"
    # A newer API may answer with more members.
    return key not in _LEFT_OUT and not (key == "additionalProperties" and value is False)


def _with_whole_numbers(schema: dict[str, Any]) -> dict[str, Any]:
    """A number may be a whole one, which stays one: 5 would be sent as 5.0."""
    if schema.get("type") != "number":
        return schema
    return {"anyOf": [{"type": "integer"}, {"type": "number"}]} | {k: v for k, v in schema.items() if k != "type"}


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
