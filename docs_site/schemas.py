"""JSON schemas as Markdown: a table of members, and a type in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]
Link = Callable[[str], str]
"""From the name of a schema to where it is described."""


def type_of(schema: Schema, link: Link) -> str:
    """The type in a few words, with links to what has a name."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}]({link(name)})"
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(type_of(one, link) for one in alternatives))
    if "allOf" in schema:
        return type_of(schema["allOf"][0], link)
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}), link)}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {type_of(schema['additionalProperties'], link)}"
    form = schema.get("format")
    return f"{kind} ({form})" if form else kind


def members(schema: Schema, link: Link) -> Iterator[str]:
    """The lines of a table of an object's members."""
    required = set(schema.get("required", ()))
    yield "| member | type | |"
    yield "|---|---|---|"
    for name, one in schema.get("properties", {}).items():
        always = "" if name in required else "Optional. "
        yield f"| `{name}` | {cell(type_of(one, link))} | {cell(always + words_of(one))} |"


def words_of(schema: Schema) -> str:
    """What is said of a value: its description and its default."""
    said = schema.get("description", "")
    default = schema.get("default")
    shown = "" if default is None or "efault" in said else f" Default: `{json.dumps(default)}`"
    return (said + shown).strip()


def cell(text: str) -> str:
    """Text that stays within a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def example(value: Any, title: str) -> Iterator[str]:
    """A block that is closed until somebody opens it."""
    yield f'??? example "{title}"'
    yield ""
    yield "    ```json"
    yield from (f"    {line}" for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines())
    yield "    ```"
    yield ""


def anchor(name: str) -> str:
    """An anchor for a name in camel case."""
    return name.lower()
