"""What every operation passes before it runs, and its errors before they are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import structlog
from graphql import FragmentDefinitionNode, GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast
from strawberry.extensions import SchemaExtension

from api.graphql.context import Context
from api.graphql.costs import MAX_COST, Weight, cost_of, fragments_of, roots_of
from api.graphql.refusals import refused
from api.graphql.variables import wrong_variables
from api.http.outages import OUTAGES, unavailable
from api.http.process_limits import READS, peer_of
from steadymint.domain.errors import InvalidInputError, QueryTooCostlyError, RateLimitedError, SteadymintError

MAX_CHANGES: Final = 5
"""Mutations of one operation. They run one after the other, and each may wait for a chain."""

_log = structlog.get_logger(__name__)


class Guard(SchemaExtension):
    """One operation's way: counted, read, measured, run, and its unknown errors hidden."""

    def __init__(self, weights: Mapping[str, Weight]) -> None:
        self._weights = weights
        self._errors: list[GraphQLError] = []
        self._told = False

    def on_operation(self) -> Iterator[None]:
        yield
        if not self._told:
            hide_unknown(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        self._told = True
        hide_unknown(result)
        yield

    def on_parse(self) -> Iterator[None]:
        asked = self.execution_context
        context = cast(Context, asked.context)
        scope = context.connection.scope
        try:
            scope[READS].take(peer_of(scope))
        except RateLimitedError as error:
            raise refused(error) from error
        document = context.documents.of(asked.query or "")
        if document.parsed is None:
            raise document.errors[0]
        asked.graphql_document = document.parsed
        self._errors = [*document.errors]
        yield

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        if not self._errors:
            self._errors = self._refusals()
        asked.pre_execution_errors = self._errors
        yield

    def _refusals(self) -> list[GraphQLError]:
        asked = self.execution_context
        assert asked.graphql_document is not None
        operation = get_operation_ast(asked.graphql_document, asked.operation_name)
        assert operation is not None  # strawberry has found its type
        variables = asked.variables or {}
        wrong = wrong_variables(cast(Context, asked.context).documents.schema, operation, variables)
        if wrong:
            return wrong
        fragments = fragments_of(asked.graphql_document)
        cost = cost_of(operation, fragments, self._weights, variables)
        if cost > MAX_COST:
            said = f"The operation costs {cost}, and {MAX_COST} is the most; ask for less, or in several requests"
            return [refused(QueryTooCostlyError(said, cost=cost, most=MAX_COST))]
        if _changes(operation, fragments) > MAX_CHANGES:
            return [refused(QueryTooCostlyError(f"An operation may make {MAX_CHANGES} changes at most"))]
        return []


def _changes(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    if operation.operation is not OperationType.MUTATION:
        return 0
    return sum(1 for _ in roots_of(operation.selection_set, fragments))


def hide_unknown(result: Any) -> None:
    """Replace errors that are no refusals of ours by what REST says of them; the log has them."""
    errors = getattr(result, "errors", None)
    if errors:
        result.errors = [_told(error) for error in errors]


def _told(error: GraphQLError) -> GraphQLError:
    cause = error.original_error
    if error.extensions and "code" in error.extensions:
        return error
    if cause is None or isinstance(cause, GraphQLError):  # of the document, or of what it was given
        known = refused(InvalidInputError(error.message))
    elif isinstance(cause, SteadymintError):
        known = refused(cause)
    elif isinstance(cause, OUTAGES):
        known = refused(unavailable(cause))
    else:
        _log.error("graphql_field_failed", error=type(cause).__name__, path=error.path, exc_info=cause)
        known = refused(SteadymintError("Something went wrong; it has been logged"))
    return GraphQLError(known.message, nodes=error.nodes, path=error.path, extensions=known.extensions)
