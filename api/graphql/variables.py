"""What is wrong with the variables of an operation: place and reason, never the value, which may be a secret."""

from __future__ import annotations

import re
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

_MISSING: Final = re.compile(r"to include required field '(\w+)'", re.ASCII)
_SAID: Final = {
    "not to include unknown field": "has a member that is not known",
    "not to be None": "must not be null",
    "does not exist in": "is none of the values that are known",
}
"""The library's words, without the value that stands behind them."""
MOST: Final = 20
"""Places that are told."""


class _EnoughError(Exception):
    """There are as many wrong places as are told."""


def wrong_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, given: Mapping[str, Any]
) -> list[GraphQLError]:
    """One error for each invalid place, for MOST of them. What follows is not looked at: a list may have a wrong place
    in every few bytes."""
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
            if len(places) >= MOST:
                raise _EnoughError

        try:
            validate_input_value(given[name], kind, note, hide_suggestions=True)
        except RecursionError:
            places.append((name, "is nested too deep"))
        except _EnoughError:
            break
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
    if found := _MISSING.search(message):
        return f"has to have {found[1]}"
    return next((said for words, said in _SAID.items() if words in message), "is of another type")
