"""Regular expressions of the product mean the same to every Python that we support.

CPython 3.11 before 3.11.5 captures other characters when a group stands in a possessive repetition or an atomic group
(python/cpython#106052), so the product has neither.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.syntax import nodes_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("steadymint", "api", "workflows", "activities", "workers", "migrations", "contracts")
SCRIPTS = {"steadymint.cli.__main__", "migrations.env"}
"""Modules that act when they are imported; neither compiles an expression."""


def sources() -> list[Path]:
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    return sorted(file for file in files if "node_modules" not in file.parts)


def module_name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def compiled_in(value: object, depth: int = 4) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    """The expressions among a module's values, also in collections, records and classes."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        for item in value:
            yield from compiled_in(item, depth - 1)
    elif depth and isinstance(value, dict):
        yield from compiled_in([*value.keys(), *value.values()], depth)
    elif depth and isinstance(value, type):
        yield from compiled_in(list(vars(value).values()), depth - 1)
    elif depth and dataclasses.is_dataclass(value):
        yield from compiled_in([getattr(value, field.name, None) for field in dataclasses.fields(value)], depth - 1)


def written_in(file: Path) -> Iterator[str | bytes]:
    """The expressions that are literals in calls of `re`."""
    for node in nodes_of(file):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[ast.Constant(value=text), *_]):
                if isinstance(text, (str, bytes)):
                    yield text
            case _:
                pass


def not_read_alike(expression: str | bytes) -> bool:
    """Whether it holds a possessive repetition or an atomic group, by the standard library's own parser."""
    parsed = str(re._parser.parse(expression))  # type: ignore[attr-defined]
    return "POSSESSIVE_REPEAT" in parsed or "ATOMIC_GROUP" in parsed


@pytest.mark.parametrize("expression", ["a*+", "(?>a)", rb"(?:x|[a-z]++)?", "(a(?:b?+c))"])
def test_what_pythons_read_differently_is_seen(expression: str | bytes) -> None:
    assert not_read_alike(expression)


def test_no_expression_is_one_that_pythons_read_differently() -> None:
    found: dict[str | bytes, str] = {}
    for file in sources():
        name = module_name(file)
        found |= dict.fromkeys(written_in(file), name)
        if name not in SCRIPTS:
            values = list(vars(importlib.import_module(name)).values())
            found |= {pattern.pattern: name for pattern in compiled_in(values)}
    assert len(found) > 50, "the search finds nothing any more"
    assert {name for expression, name in found.items() if not_read_alike(expression)} == set()
