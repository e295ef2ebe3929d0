"""Fields that ask a route of REST: their arguments, their type, and how they ask."""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Any, Final, Union, cast

import orjson
import strawberry
from fastapi.routing import APIRoute

from api.graphql.asking import Question
from api.graphql.connections import Connections, connection_of, wants_cursors
from api.graphql.context import Info
from api.graphql.costs import Weight
from api.graphql.refusals import refused
from api.graphql.routes import IDEMPOTENCY_KEY, Parts, Place, parts_of
from api.graphql.types import Types
from steadymint.domain.errors import InvalidInputError

_JSON: Final = (b"content-type", b"application/json")


class Fields:
    """Makes the fields of a schema, and remembers what each of them costs."""

    def __init__(self, routes: Mapping[Place, APIRoute], types: Types) -> None:
        self.routes = routes
        self.types = types
        self.connections = Connections(types)
        self.weights: dict[str, Weight] = {}
        self.reached: set[Place] = set()

    def asking(self, name: str, place: Place) -> Any:
        """The field `name`, which asks this route. Its arguments are the members of path and query, `input` for a body,
        and `idempotencyKey`."""
        route = self.routes[place]
        parts = parts_of(route)
        self.reached.add(place)
        self.weights[name] = Weight(rows=parts.rows)
        page = self.connections.rows_of(parts.answer) if parts.paged else None

        async def ask(info: Info, **given: Any) -> Any:
            question = question_of(route, parts, given, edges=page is not None and wants_cursors(info))
            found = await info.context.asker.value(question)
            return found if page is None else connection_of(found)

        resolver = cast(Any, ask)
        resolver.__signature__ = inspect.Signature([INFO, *self.arguments(parts, name)])
        made = bool if parts.answer is None else self.types.answer(parts.answer) if page is None else page
        if route.methods == {"GET"}:
            made = Union[made, None]  # noqa: UP007 - one part that is not found is no reason to show nothing
        return strawberry.field(resolver=resolver, graphql_type=made, name=name, description=parts.summary)

    def question(self, place: Place, **given: Any) -> Question:
        """What a field asks that was written by hand. `given` is by the names of `asking`."""
        route = self.routes[place]
        self.reached.add(place)
        return question_of(route, parts_of(route), given)

    def arguments(self, parts: Parts, name: str) -> Iterator[inspect.Parameter]:
        """The arguments of a field that asks such a route."""
        for part, annotation in parts.path.items():
            yield argument(part, self.types.argument(annotation))
        if parts.body is not None:
            yield argument("input", self.types.argument(parts.body))
        for member in parts.query:
            made = self.types.argument(member.annotation, _capital(name) + _capital(member.name))
            yield argument(member.name, made, member.description, required=member.required)
        if parts.rows is not None:
            said = f"Rows, {parts.rows.default} if left out and {parts.rows.most} at most."
            yield argument("first", int, said, required=False)
        if parts.paged:
            yield argument("after", str, "A cursor of the same list: what follows it.", required=False)
        if parts.keyed:
            said = "The same key and input return what they made before."
            yield argument("idempotencyKey", str, said, required=False)


INFO: Final = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=strawberry.Info)


def argument(name: str, made: Any, description: str | None = None, *, required: bool = True) -> inspect.Parameter:
    """An argument of a field."""
    said = strawberry.argument(name=name, description=description)
    return inspect.Parameter(
        _attribute(name),
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if required else strawberry.UNSET,
        annotation=Annotated[made if required else Union[made, None], said],  # noqa: UP007 - it is a value
    )


def question_of(route: APIRoute, parts: Parts, given: Mapping[str, Any], *, edges: bool = False) -> Question:
    """What a field asks. `given` is by the names of its arguments."""
    headers: list[tuple[bytes, bytes]] = []
    body = b""
    if parts.body is not None:
        headers.append(_JSON)
        body = _json(plain(given["input"]))
    if (key := given.get("idempotencyKey")) not in (None, strawberry.UNSET):
        headers.append((IDEMPOTENCY_KEY.lower().encode(), str(key).encode("utf-8", "replace")))
    renamed = {"limit": given.get("first"), "cursor": given.get("after")}
    asked = {member.name: given.get(_attribute(member.name)) for member in parts.query} | renamed
    query = [(name, text) for name, value in asked.items() for text in _texts(value)]
    path = {name: str(plain(given[_attribute(name)])) for name in parts.path}
    return Question(route, path, query, headers, body, edges)


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # half of a character is no text in JSON, whatever a parser says
        raise refused(InvalidInputError("input: holds what is no text")) from None


def _texts(value: Any) -> Iterator[str]:
    """The value as parameters of a query have it."""
    value = plain(value)
    if value is None or value is strawberry.UNSET:
        return
    for one in cast(list[Any], value if isinstance(value, list) else [value]):
        yield str(one).lower() if isinstance(one, bool) else str(one)


def plain(value: Any) -> Any:
    """What was given, as JSON has it. Members that were left out stay out."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list):
        return [plain(one) for one in cast(list[Any], value)]
    definition = getattr(value, "__strawberry_definition__", None)
    if definition is None:
        return value
    members = (
        (field.graphql_name or field.python_name, getattr(value, field.python_name)) for field in definition.fields
    )
    return {name: plain(member) for name, member in members if member is not strawberry.UNSET}


def _attribute(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
