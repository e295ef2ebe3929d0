"""The types of the schema, made from the bodies of REST: a member is written once, there.

A body is a pydantic model or a `TypedDict`. Its type here has the same members, names and descriptions. An answer's
values are those of REST's JSON, so a type's fields read them by name and no object of it is ever made.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NewType,
    NotRequired,
    Union,
    cast,
    get_args,
    get_origin,
)
from uuid import UUID

import strawberry
from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from api.graphql import scalars
from api.graphql.members import Member, is_body, members_of

_NAME: Final = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_ENDINGS: Final = ("Body", "View", "Answer")
_INT_MAX: Final = 2**31 - 1
_FORMATS: Final[dict[str, Any]] = {
    "address": scalars.Address,
    "bytes": scalars.Hex,
    "bytes32": scalars.Hex,
    "date-time": scalars.DateTime,
}
_CHAIN_PATTERN: Final = "^eip155:"


class Types:
    """The types made so far. The same body has the same type wherever it is used."""

    def __init__(self, names: Mapping[str, str], enums: Mapping[frozenset[str], str]) -> None:
        """`names`: what a body's type is called here, where that is not the body's name without its ending. `enums`:
        what an enumeration is called, by its values; others have the name of the place where they first are."""
        self._names = names
        self._enum_names = enums
        self._made: dict[Any, Any] = {}
        self._enums: dict[frozenset[str], Any] = {}
        self._taken: dict[str, Any] = {}
        self._relations: dict[type[Any], list[tuple[str, Callable[[], Any]]]] = {}

    def relate(self, body: type[Any], name: str, make: Callable[[], Any]) -> None:
        """Give the type of a body a field that is no member of it. `make` makes it when the type is made."""
        self._relations.setdefault(body, []).append((name, make))

    def answer(self, annotation: Any, within: str = "") -> Any:
        """The type of what is answered, for an annotation of strawberry. `within` names what holds an enumeration."""
        return self._of(annotation, within, given=False, found=[])

    def argument(self, annotation: Any, within: str = "") -> Any:
        """The type of what is given."""
        return self._of(annotation, within, given=True, found=[])

    def argument_without(self, body: type[Any], name: str, left_out: set[str]) -> Any:
        """The type of what is given, without some members, under another name."""
        members = [member for member in members_of(body) if member.name not in left_out]
        return self._strawberry(self._free(name, name), body.__doc__, members, given=True)

    def name_of(self, body: type[Any], *, given: bool) -> str:
        """The name of a body's type."""
        name = self._names.get(body.__name__)
        if name is None:
            name = body.__name__
            for ending in _ENDINGS:
                name = name.removesuffix(ending)
        return f"{name}Input" if given else name

    def _of(self, annotation: Any, within: str, *, given: bool, found: list[Any]) -> Any:
        """`found`: what annotations around this one have said, the innermost first."""
        origin = get_origin(annotation)
        if isinstance(annotation, TypeAliasType):
            return self._of(annotation.__value__, within, given=given, found=found)
        if origin is NotRequired:
            return self._of(get_args(annotation)[0], within, given=given, found=found)
        if origin is Annotated:
            inner, *said = get_args(annotation)
            return self._of(inner, within, given=given, found=[*said, *found])
        if origin in (Union, UnionType):
            return self._union(get_args(annotation), within, given=given, found=found)
        if origin in (list, tuple):
            return list[self._of(get_args(annotation)[0], within, given=given, found=[])]
        if origin is Literal:
            return self._literal(get_args(annotation), within)
        schema = _schema(found)
        if schema is not None:
            return self._by_schema(schema, within)
        if isinstance(annotation, NewType):
            return self._of(annotation.__supertype__, within, given=given, found=found)
        if isinstance(annotation, type):
            return self._class(cast(type[Any], annotation), found, given=given)
        return scalars.JSON

    def _union(self, options: tuple[Any, ...], within: str, *, given: bool, found: list[Any]) -> Any:
        said = [one for one in options if one is not type(None)]
        if len(said) > 1 and not given and all(is_body(one) for one in said):
            made = self._one_of(said)
        else:
            made = self._of(said[0], within, given=given, found=found) if len(said) == 1 else scalars.JSON
        return made if len(said) == len(options) else Union[made, None]  # noqa: UP007 - it is a value

    def _literal(self, values: tuple[Any, ...], within: str) -> Any:
        if all(isinstance(value, bool) for value in values):
            return bool
        if all(isinstance(value, str) for value in values):
            return self._enum(within, [str(value) for value in values])
        return scalars.JSON

    def _by_schema(self, schema: dict[str, Any], within: str) -> Any:
        if "enum" in schema:
            return self._enum(within, list(schema["enum"]))
        match schema.get("type"):
            case "string":
                return _text(schema)
            case "integer":
                return scalars.WholeNumber
            case "number":
                return float
            case "boolean":
                return bool
            case _:
                options = schema.get("anyOf", ())
                return str if options and all(one.get("type") == "string" for one in options) else scalars.JSON

    def _class(self, cls: type[Any], found: list[Any], *, given: bool) -> Any:
        if issubclass(cls, Enum):
            return self._enum(self._names.get(cls.__name__, cls.__name__), [str(one.value) for one in cls])
        if is_body(cls):
            return self._body(cls, given=given)
        if issubclass(cls, bool):
            return bool
        if issubclass(cls, int):
            return int if _at_most(found) <= _INT_MAX else scalars.WholeNumber
        if issubclass(cls, float):
            return float
        if issubclass(cls, datetime | date):
            return scalars.DateTime
        if issubclass(cls, UUID):
            return strawberry.ID
        if issubclass(cls, str | Decimal):
            return _text(_extras(found))
        return scalars.JSON

    def _enum(self, name: str, values: list[str]) -> Any:
        """An enumeration, or `String` where a value is no name of GraphQL."""
        if not all(_NAME.fullmatch(value) for value in values):
            return str
        key = frozenset(values)
        if key not in self._enums:
            name = self._free(self._enum_names.get(key, name), key)
            made: Any = Enum(name, {value: value for value in values})
            self._enums[key] = strawberry.enum(made)
        return self._enums[key]

    def _body(self, body: type[Any], *, given: bool) -> Any:
        made = self._made.get((body, given))
        if made is None:
            name = self._free(self.name_of(body, given=given), (body, given))
            members = list(members_of(body))
            if not members:
                return scalars.JSON
            more = {} if given else {found: make() for found, make in self._relations.get(body, ())}
            made = self._made[body, given] = self._strawberry(name, body.__doc__, members, more, given=given)
        return made

    def _one_of(self, bodies: list[type[Any]]) -> Any:
        """The type of an answer that is one of several: with the members of all. Those that not all have may be null.
        A union would have each client say everything once for each."""
        name = "Or".join(self.name_of(body, given=False) for body in bodies)
        if name not in self._made:
            every = [{member.name: member for member in members_of(body)} for body in bodies]
            merged = {found: member for one in every for found, member in one.items()}
            members = [
                replace(member, always=all(found in one and one[found].always for one in every))
                for found, member in merged.items()
            ]
            self._made[name] = self._strawberry(self._free(name, name), None, members, given=False)
        return self._made[name]

    def _strawberry(
        self,
        name: str,
        text: str | None,
        members: list[Member],
        more: Mapping[str, Any] | None = None,
        *,
        given: bool,
    ) -> Any:
        annotations: dict[str, Any] = {}
        namespace: dict[str, Any] = {"__annotations__": annotations, "__module__": __name__, **(more or {})}
        for member in members:
            attribute = f"{member.name}_" if keyword.iskeyword(member.name) else member.name
            made = self._of(
                member.annotation, f"{name.removesuffix('Input')}{_capital(member.name)}", given=given, found=[]
            )
            there = member.required if given else member.always
            annotations[attribute] = made if there else Union[made, None]  # noqa: UP007 - it is a value
            default = {} if there or not given else {"default": strawberry.UNSET}
            namespace[attribute] = strawberry.field(name=member.name, description=member.description, **default)
        decorate = strawberry.input if given else strawberry.type
        return decorate(type(name, (), namespace), name=name, description=_first_words(text))

    def _free(self, name: str, key: Any) -> str:
        if self._taken.setdefault(name, key) != key:
            raise ValueError(f"two types would be called {name}; name one in `api.graphql.schema`")
        return name


def _schema(found: list[Any]) -> dict[str, Any] | None:
    """What an annotation says of its JSON, where it says so in full."""
    return next((cast(dict[str, Any], one.json_schema) for one in found if isinstance(one, WithJsonSchema)), None)


def _extras(found: list[Any]) -> dict[str, Any]:
    """What the fields around a text say of its form."""
    said: dict[str, Any] = {}
    for one in found:
        if isinstance(one, FieldInfo):
            said |= one.json_schema_extra if isinstance(one.json_schema_extra, dict) else {}
            said |= _extras([part for part in one.metadata if not isinstance(part, FieldInfo)])
        elif getattr(one, "pattern", None):
            said["pattern"] = one.pattern
    return said


def _text(schema: dict[str, Any]) -> Any:
    if str(schema.get("pattern", "")).startswith(_CHAIN_PATTERN):
        return scalars.ChainId
    return _FORMATS.get(schema.get("format", ""), str)


def _at_most(found: list[Any]) -> float:
    bounds = [part for one in found for part in (one.metadata if isinstance(one, FieldInfo) else [one])]
    return min((float(part.le) for part in bounds if getattr(part, "le", None) is not None), default=float("inf"))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _first_words(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None
