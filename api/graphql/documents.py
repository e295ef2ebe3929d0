"""Documents: parsed, measured and validated once. What is too much is refused before it is validated."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from api.graphql import showing
from api.graphql.costs import Bill, Weight, bill_of
from api.graphql.refusals import refused
from api.graphql.shape import MAX_DOCUMENT, MAX_TOKENS, TooMuchError, check_shape, fragments_of, operations_of
from steadymint.domain.errors import InvalidInputError, QueryTooCostlyError

KEPT: Final = 500
"""Documents. Our storefront sends some thirty; 500 of 8 KiB are some 60 MB once parsed, and most are shorter."""
LONGEST_KEPT: Final = 8 * 1024
"""Characters of a document that is kept."""
MAX_ERRORS: Final = 5
"""Errors of one validation. Each may repeat as much as a document writes out."""
SUGGESTED: Final = 1_000
"""Characters of a document whose errors suggest a name: each that is unknown is compared with all that are known."""


@dataclass(slots=True)
class Document:
    """A document that could be read, and whose shape is within the limits."""

    parsed: DocumentNode
    bills: Mapping[int, Bill]
    """What each operation costs, by its identity."""
    errors: Sequence[GraphQLError] | None = None
    """What the validation has found. None until it has looked."""


class Documents:
    """The documents of one schema, the least recently used first."""

    def __init__(self, schema: GraphQLSchema, weights: Mapping[str, Weight], *, introspection: bool) -> None:
        """`weights` are those of the fields of `Query`, `Mutation` and `Subscription`."""
        self.schema = schema
        self._weights = weights
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def of(self, text: str) -> Document:
        """The document of a text. Raises GraphQLError for what is none, and for too much."""
        found = self._kept.get(text)
        if found is not None:
            self._kept.move_to_end(text)
            return found
        if len(text) > MAX_DOCUMENT:
            raise refused(QueryTooCostlyError(f"A document has {MAX_DOCUMENT} characters at most"))
        try:
            text.encode()
            parsed = parse(text, no_location=False, max_tokens=MAX_TOKENS)
            check_shape(parsed)
        except GraphQLError as error:
            raise _invalid(error) from error
        except UnicodeEncodeError:
            raise refused(InvalidInputError("The document is no text")) from None
        except RecursionError:
            raise refused(InvalidInputError("The document is nested too deep to read")) from None
        except TooMuchError as error:
            raise refused(QueryTooCostlyError(str(error))) from None
        fragments = fragments_of(parsed)
        return Document(parsed, {id(one): bill_of(one, fragments, self._weights) for one in operations_of(parsed)})

    def errors_of(self, document: Document, text: str) -> Sequence[GraphQLError]:
        """What is wrong with a document. It is looked at once, and a short one without an error is kept."""
        if document.errors is None:
            brief = len(text) > SUGGESTED
            found = validate(self.schema, document.parsed, self._rules, max_errors=MAX_ERRORS, hide_suggestions=brief)
            document.errors = tuple(_invalid(error) for error in found)
            if not found and len(text) <= LONGEST_KEPT:
                self._keep(text, document)
        return document.errors

    def _keep(self, text: str, document: Document) -> None:
        self._kept[text] = document
        if not _has_directives(document.parsed):
            for operation in operations_of(document.parsed):
                showing.keep(operation)
        while len(self._kept) > KEPT:
            _, old = self._kept.popitem(last=False)
            for operation in operations_of(old.parsed):
                showing.drop(operation)


def _invalid(error: GraphQLError) -> GraphQLError:
    """The error with the code that REST has for what does not follow the schema."""
    code = refused(InvalidInputError(error.message)).extensions
    return GraphQLError(
        error.message, nodes=error.nodes, source=error.source, positions=error.positions, extensions=code
    )


def _has_directives(document: DocumentNode) -> bool:
    """Whether what is shown may depend on variables: `@skip` and `@include`."""
    waiting = [one.selection_set for one in (*operations_of(document), *fragments_of(document).values())]
    while waiting:
        for one in waiting.pop().selections:
            if one.directives:
                return True
            below = getattr(one, "selection_set", None)
            if below is not None:
                waiting.append(below)
    return False
