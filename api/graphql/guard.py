"""What every operation passes before it runs, and its errors before they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, cast

import structlog
from graphql import GraphQLError, OperationDefinitionNode, OperationType, get_operation_ast
from strawberry.extensions import SchemaExtension

from api.graphql.context import Context
from api.graphql.costs import MAX_CHANGES, MAX_COST
from api.graphql.documents import Document
from api.graphql.refusals import refused
from api.graphql.variables import wrong_variables
from api.http.outages import OUTAGES, unavailable
from api.http.process_limits import READS
from steadymint.domain.errors import (
    BadRequestError,
    InvalidInputError,
    QueryTooCostlyError,
    RateLimitedError,
    SteadymintError,
)

_log = structlog.get_logger(__name__)


class Guard(SchemaExtension):
    """One operation's way: counted, read, measured, validated, run, and its unknown errors hidden."""

    _document: Document
    _told = False

    def on_operation(self) -> Iterator[None]:
        yield
        if not self._told:
            hide_unknown(self.execution_context.result)

    def on_stream_result(self, result: Any) -> Iterator[None]:
        self._told = True
        hide_unknown(result)
        yield

    async def on_parse(self) -> AsyncIterator[None]:
        asked = self.execution_context
        context = cast(Context, asked.context)
        scope = context.connection.scope
        try:
            await scope[READS].count(scope)
        except RateLimitedError as error:
            raise refused(error) from error
        try:
            self._document = context.documents.of(asked.query or "")
        except GraphQLError:
            raise
        except Exception as error:  # a fault of ours, whose words are nobody's business
            raise _told(GraphQLError("", original_error=error)) from error
        asked.graphql_document = self._document.parsed
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = [*self._refusals()]
        yield

    def _refusals(self) -> Sequence[GraphQLError]:
        asked = self.execution_context
        documents = cast(Context, asked.context).documents
        operation = get_operation_ast(self._document.parsed, asked.operation_name)
        if operation is None:  # there are several, and none is named
            unnamed = refused(InvalidInputError("The document has several operations: name the one to run"))
            return documents.errors_of(self._document, asked.query or "") or [unnamed]
        variables = asked.variables or {}
        bill = self._document.bills[id(operation)]
        cost = bill.cost(variables)
        if cost > MAX_COST:
            said = f"The operation costs {cost}, and {MAX_COST} is the most; ask for less, or in several requests"
            return [refused(QueryTooCostlyError(said, cost=cost, most=MAX_COST))]
        if bill.changes > MAX_CHANGES:
            return [refused(QueryTooCostlyError(f"An operation may make {MAX_CHANGES} changes at most"))]
        errors = documents.errors_of(self._document, asked.query or "")
        return errors or wrong_variables(documents.schema, operation, variables) or _unheard(operation, asked.context)


def _unheard(operation: OperationDefinitionNode, context: Context) -> Sequence[GraphQLError]:
    """A subscription over HTTP whose client takes no events: the library would run it as a query."""
    if operation.operation is not OperationType.SUBSCRIPTION or not context.answers_once:
        return []
    said = "Subscribe over WebSocket (graphql-transport-ws), or with the header accept: text/event-stream"
    return [refused(BadRequestError(said))]


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
