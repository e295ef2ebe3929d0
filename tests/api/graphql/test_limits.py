"""How much one operation may ask for. What is too much is refused before a statement runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import build_client_schema, build_schema, get_introspection_query, is_required_argument, print_schema

from api.graphql import costs, documents, shape
from api.graphql.costs import MAX_CHANGES
from api.graphql.schema import QUERIES
from tests.support.graphql import GraphQL, counted_statements

COMMITTED = Path(__file__).parents[3] / "docs" / "schema.graphql"
PAGE = "collections(first: 100) { nodes { name } }"


def everything() -> dict[str, str]:
    """Every field of `Query`, with what it requires."""
    schema: Any = build_schema(COMMITTED.read_text())
    return {name: name + _required(field.args) + "{ __typename }" for name, field in schema.query_type.fields.items()}


def _required(arguments: dict[str, Any]) -> str:
    needed = [f'{name}: "x"' for name, argument in arguments.items() if is_required_argument(argument)]
    return f"({', '.join(needed)})" if needed else ""


def aliased(count: int, field: str = PAGE) -> str:
    return "{" + " ".join(f"a{number}: {field}" for number in range(count)) + "}"


def deep(levels: int, top: str = "a{") -> str:
    return "{" + top + "a{" * (levels - 1) + "b" + "}" * levels + "}"


def repeated(field: str) -> str:
    """One name once more than it may be in one place, half of it through a fragment."""
    half = (shape.MAX_SAME if "{" in field else shape.MAX_SAME_LEAVES) // 2
    return "{" + f"{field} " * half + "... {" + f"{field} " * (half + 1) + "} }"


def doubling(levels: int) -> str:
    """Fragments of nothing but fragments, each spread twice."""
    fragments = [f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "{ ...F0 ...F0 } " + " ".join(fragments) + f" fragment F{levels} on Query {{ __typename }}"


def exploding(levels: int) -> str:
    """Each fragment spreads the next one ten times."""
    fragments = [f"fragment F{n} on Query {{ {' '.join(['...F' + str(n + 1)] * 10)} }}" for n in range(levels)]
    return "{ ...F0 } " + " ".join(fragments) + f" fragment F{levels} on Query {{ chains {{ nodes {{ name }} }} }}"


def within(levels: int) -> str:
    """Inline fragments within each other, half of them below another fragment."""
    half = "... {" * (levels // 2), "}" * (levels // 2)
    return "{" + half[0] + "...F" + half[1] + "} fragment F on Query {" + half[0] + "a" + half[1] + "}"


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The documents that are validated meanwhile."""
    seen: list[Any] = []
    validate = documents.validate

    def noted(schema: Any, document: Any, *rest: Any, **more: Any) -> Any:
        seen.append(document)
        return validate(schema, document, *rest, **more)

    monkeypatch.setattr(documents, "validate", noted)
    return seen


async def test_a_query_of_everything_at_once_is_refused_by_its_cost_with_no_statement_run(
    graphql: GraphQL, validated: list[Any]
) -> None:
    fields = everything()
    assert fields.keys() == QUERIES.keys()
    with counted_statements(graphql.pool) as seen:
        answer = await graphql("{" + " ".join(fields.values()) + "}")
    assert (answer.codes, seen) == (["query_too_costly"], [])
    assert answer.errors[0]["extensions"]["cost"] > len(fields) * costs.ASK
    assert answer.data is None
    assert validated == []


async def test_what_is_too_much_is_refused_before_anybody_looks_whether_it_is_right(
    graphql: GraphQL, validated: list[Any]
) -> None:
    wrong = "collections(first: 100) { noSuchField ...NoSuchFragment }"
    for document in ("{" + (wrong + " ") * 5 + "}", "mutation {" + "a { b }" * (MAX_CHANGES + 1) + "}"):
        assert (await graphql(document)).codes == ["query_too_costly"]
    assert validated == []
    assert (await graphql("{" + wrong + "}")).codes == ["invalid_input"] * 2
    assert len(validated) == 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (aliased(shape.MAX_ALIASES + 1, "__typename"), "aliases"),
        (deep(shape.MAX_DEPTH), "levels deep"),
        (exploding(12), "fields"),
        (doubling(shape.MAX_WITHIN - 2), "fields"),
        ("{ chains { nodes { name } } } " + doubling(shape.MAX_WITHIN - 2).partition("} ")[2], "fields"),
        (doubling(shape.MAX_FRAGMENTS), f"more than {shape.MAX_FRAGMENTS} fragments"),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "a circle"),
        (within(2 * shape.MAX_WITHIN), "within each other"),
        ("{ collections(sort: [" + "x " * shape.MAX_VALUES + "]) { nodes { name } } }", "values"),
        ("query($v: [Int] = [" + "1 " * shape.MAX_VALUES + "]) { chains { nodes { name } } }", "values"),
        ("mutation { signInSiwe(input: {" + "a: 1 " * shape.MAX_VALUES + "}) { nonce } }", "values"),
        ("{ collections(first: " + "9" * 5_000 + ") { nodes { name } } }", "digits"),
        ("query($n: Int = " + "9" * 5_000 + ") { collections(first: $n) { nodes { name } } }", "digits"),
        ("{ chains @a(b: [" + "1 " * shape.MAX_VALUES + "]) { nodes { name } } }", "values"),
        (deep(shape.MAX_INTROSPECTED_DEPTH, "__schema{"), "levels deep"),
        ("{" + "chains{nodes{name name name name name name}}" * 6 + "}", "with the name name"),
        ("{...F} fragment F on Query" + repeated("x") + "fragment F on Query{x}", "with the name x"),
        ("query A{...F} fragment F on Query{x} query F" + repeated("x"), "with the name x"),
        (repeated("chains{nodes{name}}"), "with the name chains"),
        ("{__schema{types{fields" + repeated("name") + "}}}", "with the name name"),
        ("{__schema{types{fields{" + "name " * (shape.MAX_BREADTH + 1) + "}}}}", "fields"),
        ("{" + "chains{nodes{name}}" * (shape.MAX_BREADTH + 1) + "}", "fields"),
        ("#" + "x" * shape.MAX_DOCUMENT + "\n{ chains { nodes { name } } }", "characters"),
    ],
)
async def test_a_document_beyond_a_limit_on_its_shape_is_refused(
    graphql: GraphQL, validated: list[Any], document: str, said: str
) -> None:
    with counted_statements(graphql.pool) as seen:
        answer = await graphql(document)
    assert (answer.codes, seen) == (["query_too_costly"], [])
    assert said in answer.errors[0]["message"]
    assert validated == []


async def test_rows_are_costed_by_what_variables_say(graphql: GraphQL) -> None:
    query = "query($n: Int = 100) {" + " ".join(
        f"a{i}: collections(first: $n) {{ nodes {{ name }} }}" for i in range(5)
    )
    assert (await graphql(query + "}")).codes == ["query_too_costly"]
    assert (await graphql(query + "}", n=10)).codes == []


async def test_rows_are_costed_in_the_limits_of_their_route(graphql: GraphQL) -> None:
    page = 'events(webhookId: "x", first: 1000) { items { name } }'
    answer = await graphql("{" + page + "}")
    assert (answer.codes, answer.errors[0]["extensions"]["cost"]) == (["query_too_costly"], 1000 + costs.ASK)


@pytest.mark.parametrize(
    "document",
    [
        "{ __typename } query B { __typename }",
        "{ chains { nodes { name } } } { chains { nodes { name } } }",
    ],
)
async def test_what_only_the_validation_would_refuse_is_left_to_it(graphql: GraphQL, document: str) -> None:
    """The bill is made before, also of operations of which none is named."""
    answer = await graphql(document)
    assert set(answer.codes) == {"invalid_input"}
    assert all(error["message"] for error in answer.errors)


async def test_each_of_a_dozen_fragments_may_name_its_type(graphql: GraphQL) -> None:
    fragments = [f"fragment F{n} on Chain {{ __typename name }}" for n in range(12)]
    spread = " ".join(f"...F{n}" for n in range(12))
    assert (await graphql(f"{{ chains {{ nodes {{ {spread} }} }} }} {' '.join(fragments)}")).codes == []


async def test_an_operation_makes_a_few_changes_at_most(graphql: GraphQL) -> None:
    many = aliased(MAX_CHANGES + 1, "signOut")
    for operation in ("mutation " + many, "mutation { ...Many } fragment Many on Mutation " + many):
        answer = await graphql(operation)
        assert answer.codes == ["query_too_costly"]
        assert f"{MAX_CHANGES} changes" in answer.errors[0]["message"]


async def test_nesting_that_no_parser_bears_is_refused_in_words(graphql: GraphQL) -> None:
    answer = await graphql("{" + "a(x:" + "[" * 3000 + "]" * 3000 + ")}")
    assert answer.codes in (["invalid_input"], ["query_too_costly"])
    answer = await graphql("query($x: JSON) { chains { nodes { name } } }", x=1)
    assert answer.codes == ["invalid_input"]


async def test_the_whole_schema_may_be_asked_for_by_tools(graphql: GraphQL) -> None:
    schema = build_client_schema(await graphql.data(get_introspection_query()))
    assert "signInSiwe" in print_schema(schema)
