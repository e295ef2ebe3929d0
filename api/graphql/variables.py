"""What is wrong with the variables of an operation: place and reason, never the value, which may be a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    is_input_type,
    is_non_null_type,
    type_from_ast,
    validate_input_value,
)

from api.graphql.refusals import refused
from steadymint.domain.errors import InvalidInputError

MOST: Final = 20
"""Places that are told."""


def wrong_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]
) -> list[GraphQLError]:
    """One error for each invalid place."""
    places: list[tuple[str, str]] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        kind = type_from_ast(schema, definition.type)
        if not is_input_type(kind):
            continue  # the validation has told it
        if name not in given:
            if is_non_null_type(kind) and definition.default_value is None:
                places.append((name, "is required"))
            continue

        def note(error: GraphQLError, path: Sequence[str | int], name: str = name) -> None:
            places.append((".".join(map(str, (name, *path))), _reason(error)))

        try:
            validate_input_value(given[name], kind, note, hide_suggestions=True)
        except RecursionError:
            places.append((name, "is nested too deep"))
    return [
        refused(InvalidInputError(f"{place}: {reason}", fields=[{"field": f"query.{place}", "reason": reason}]))
        for place, reason in places[:MOST]
    ]


def _reason(error: GraphQLError) -> str:
    """Why a value was not taken. The library's words may repeat it, so only the cause's own are told."""
    cause = error.original_error
    if cause is not None and not isinstance(cause, GraphQLError):
        return str(cause)
    message = error.message
    if "was not provided" in message:
        return "misses a member that is required: " + message.split("'")[1]
    if "is not defined by type" in message:
        return "has a member that is not known"
    if "not to be null" in message:
        return "must not be null"
    if "Enum" in message or "enum" in message:
        return "is not one of the values that are known"
    return "is of another type"
