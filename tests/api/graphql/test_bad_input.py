"""Bad input to each argument of each query, mutation and subscription, and to each member of each input: told at that
place, in words.

The schema is walked, so a new field is tested as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    build_schema,
    get_named_type,
    get_nullable_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

from api.graphql import serving
from tests.support.graphql import Answer, GraphQL, answer_of
from tests.support.intents_api import User

SCHEMA: Any = build_schema((Path(__file__).parents[3] / "docs" / "schema.graphql").read_text())
ROOTS = {"query": SCHEMA.query_type, "mutation": SCHEMA.mutation_type, "subscription": SCHEMA.subscription_type}
FIELDS: dict[str, Any] = {name: field for root in ROOTS.values() for name, field in root.fields.items()}
ROOT_OF = {name: word for word, root in ROOTS.items() for name in root.fields}
Place = tuple[str | int, ...]
ANYTHING = {"JSON", "Upload"}
TEXT = "\0" + "x" * 5_000
JUNK: dict[str, Any] = {"ID": "no id", "Int": -(2**31), "WholeNumber": -1, "Float": -1.0, "Boolean": True}
JUNK |= dict.fromkeys(("String", "Address", "ChainId", "Hex", "DateTime"), TEXT)
JUNK["JSON"] = {"no": "such"}
REFUSED = [SCHEMA.type_map[name] for name in JUNK if name not in ("Boolean", "JSON")]
MOST = 20
"""Places that a problem names."""
IN_ORDER = {
    "verifySiwe": "invalid_message",  # nothing is told of a proof but that it is none
    "linkWallet": "input.accountId",
    "trackCollectionTx": "intentId",  # the intent is looked for before what is said of it
    "trackMintTx": "intentId",
}
"""Fields whose values are looked at one after the other, and what is told of the first."""


def places(name: str, kind: Any, before: Place = ()) -> Iterator[tuple[Place, Any]]:
    """An argument or a member, and what is in it. Of a list it is the first."""
    here = (*before, name) if name else before
    yield here, kind
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        yield from places("", inner.of_type, (*here, 0))
    elif is_input_object_type(inner):
        for member, field in inner.fields.items():
            yield from places(member, field.type, here)


def operation(name: str) -> str:
    word, field = ROOT_OF[name], FIELDS[name]
    given = ", ".join(f"${argument}: {one.type}" for argument, one in field.args.items())
    passed = ", ".join(f"{argument}: ${argument}" for argument in field.args)
    shown = " { __typename }" if hasattr(get_named_type(field.type), "fields") else ""
    return f"{word}({given}) {{ {name}({passed}){shown} }}" if given else f"{word} {{ {name}{shown} }}"


def places_of(name: str) -> list[tuple[Place, Any]]:
    return [found for argument, one in FIELDS[name].args.items() for found in places(argument, one.type)]


def at(place: Place, value: Any) -> Any:
    """The variables that have this value at the place, and nothing else."""
    for part in reversed(place):
        value = [value] if part == 0 else {part: value}
    return value


def wrong(kind: Any) -> Any:
    """What is of another type."""
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return wrong(inner.of_type)  # one value stands for a list of it
    return "no such" if is_input_object_type(inner) or is_enum_type(inner) else {"no": "such"}


async def told(graphql: GraphQL, name: str, variables: Any) -> dict[str, str]:
    """What is said of each place."""
    answer = await graphql(operation(name), **variables)
    assert set(answer.codes) == {"invalid_input"}
    return {error["extensions"]["field"]: error["message"] for error in answer.errors}


@pytest.mark.parametrize("name", FIELDS)
async def test_a_value_of_another_type_is_told_at_its_place(graphql: GraphQL, name: str) -> None:
    for place, kind in places_of(name):
        path = ".".join(map(str, place))
        if get_named_type(kind).name not in ANYTHING:
            assert (await told(graphql, name, at(place, wrong(kind))))[path].startswith(f"{path}: ")
        if is_non_null_type(kind):
            assert (await told(graphql, name, at(place, None)))[path] == f"{path}: must not be null"


def junk(kind: Any) -> Any:
    """A value of the type that no route takes, in each member."""
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return [junk(inner.of_type)]
    if is_input_object_type(inner):
        return {member: junk(field.type) for member, field in inner.fields.items()}
    if is_enum_type(inner):
        return next(iter(inner.values))
    return JUNK[inner.name]


async def answered(asking: User, name: str, given: Any) -> Answer:
    """The answer; of a subscription the first event, in which a refusal comes."""
    streams = ROOT_OF[name] == "subscription"
    accepted = {"accept": "text/event-stream"} if streams else {}
    asked = {"query": operation(name), "variables": given}
    found = await asking.http.post(serving.PATH, json=asked, headers=accepted)
    if not streams:
        return answer_of(found)
    event = next(line for line in found.text.splitlines() if line.startswith("data: {"))
    payload = json.loads(event.removeprefix("data: "))
    return Answer(payload.get("data"), payload["errors"])


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.args and name != "uploadMedia"])
async def test_a_value_that_its_route_does_not_take_is_told_at_its_place(alice: User, name: str) -> None:
    given = {argument: junk(one.type) for argument, one in FIELDS[name].args.items()}
    if ROOT_OF[name] == "subscription":  # `after` is looked at first, since no route takes it as an argument
        (error,) = (await answered(alice, name, given)).errors
        assert error["extensions"]["field"] == "after"
        del given["after"]
    found = await answered(alice, name, given)
    (error,) = found.errors
    said = {one["field"]: one["reason"] for one in error["extensions"].get("fields", ())}
    if name in IN_ORDER:
        assert IN_ORDER[name] in (found.codes[0], error["extensions"].get("field"))
        return
    assert found.codes == ["invalid_input"]
    assert error["message"].startswith(f"{error['extensions']['field']}: ")
    looked_at = [(place, kind) for place, kind in places_of(name) if place[0] in given]
    expected = {".".join(map(str, place)) for place, kind in looked_at if get_nullable_type(kind) in REFUSED}
    assert expected <= said.keys() or len(said) == MOST
    assert all(said.values())
