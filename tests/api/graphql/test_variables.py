"""What is wrong with variables is told in places, and looked for no longer than it is told."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLInt, GraphQLScalarType, OperationDefinitionNode, build_schema, parse

from api.graphql.variables import MOST, wrong_variables


def test_no_value_is_looked_at_behind_the_last_place_that_is_told() -> None:
    looked: list[Any] = []

    def look(value: Any) -> int:
        looked.append(value)
        return GraphQLInt.coerce_input_value(value)

    schema = build_schema("scalar Number type Query { sum(of: [Number]): Int }")
    number = schema.type_map["Number"]
    assert isinstance(number, GraphQLScalarType)
    number.coerce_input_value = look  # pyright: ignore[reportAttributeAccessIssue]
    operation = parse("query($of: [Number]) { sum(of: $of) }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    wrong = wrong_variables(schema, operation, {"of": ["x"] * 1000})
    assert [error.message.partition(":")[0] for error in wrong] == [f"of.{place}" for place in range(MOST)]
    assert len(looked) == MOST
