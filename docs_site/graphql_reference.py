"""The GraphQL reference, from `docs/schema.graphql`: operations first, then types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
)

from docs_site.schemas import anchor, cell

_BUILT_IN: Final = {"String", "Int", "Float", "Boolean", "ID"}


def page(sdl: str) -> str:
    return "\n".join(_lines(build_schema(sdl)))


def _lines(schema: GraphQLSchema) -> Iterator[str]:
    yield "# GraphQL reference\n"
    yield "The schema that is served at `/graphql`. As SDL: [schema.graphql](schema.graphql).\n"
    roots = {
        "Queries": schema.query_type,
        "Mutations": schema.mutation_type,
        "Subscriptions": schema.subscription_type,
    }
    for title, root in roots.items():
        if root is None:
            continue
        yield f"## {title}\n"
        for name, field in root.fields.items():
            yield f"### {name} {{ #{title.lower()}-{anchor(name)} }}\n"
            yield from _field(field)
    others = [one for one in schema.type_map.values() if one not in roots.values() and not one.name.startswith("__")]
    yield "## Types\n"
    for one in sorted(others, key=lambda one: one.name):
        if one.name not in _BUILT_IN:
            yield from _type(one)


def _field(field: GraphQLField) -> Iterator[str]:
    if field.description:
        yield f"{field.description}\n"
    yield f"Answers {_link(str(field.type), get_named_type(field.type).name)}.\n"
    if field.args:
        yield "| argument | type | |"
        yield "|---|---|---|"
        for name, argument in field.args.items():
            kind = _link(str(argument.type), get_named_type(argument.type).name)
            yield f"| `{name}` | {kind} | {cell(argument.description or '')} |"
        yield ""


def _type(one: GraphQLNamedType) -> Iterator[str]:
    yield f"### {one.name} {{ #{anchor(one.name)} }}\n"
    if one.description:
        yield f"{one.description}\n"
    if isinstance(one, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        yield "| field | type | |"
        yield "|---|---|---|"
        for name, field in one.fields.items():
            kind = _link(str(field.type), get_named_type(field.type).name)
            yield f"| `{name}` | {kind} | {cell(field.description or '')} |"
    elif isinstance(one, GraphQLEnumType):
        yield "| value | |"
        yield "|---|---|"
        for name, value in one.values.items():
            yield f"| `{name}` | {cell(value.description or '')} |"
    elif isinstance(one, GraphQLUnionType):
        yield "One of " + ", ".join(_link(kind.name, kind.name) for kind in one.types) + "."
    elif isinstance(one, GraphQLScalarType) and one.specified_by_url:
        yield f"See <{one.specified_by_url}>."
    yield ""


def _link(text: str, name: str) -> str:
    return f"`{text}`" if name in _BUILT_IN else f"[`{text}`](#{anchor(name)})"
