"""Documents that were sent before: parsed, measured and validated once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoFragmentCyclesRule,
    NoSchemaIntrospectionCustomRule,
    parse,
    specified_rules,
    validate,
)

from api.graphql import showing
from api.graphql.costs import MAX_DOCUMENT, MAX_TOKENS, TooMuchError, check_shape, fragments_of, operations_of
from api.graphql.refusals import refused
from steadymint.domain.errors import InvalidInputError, QueryTooCostlyError

KEPT: Final = 500
"""Documents. Our storefront sends some thirty; 500 of 8 KiB are some 60 MB once parsed, and most are shorter."""
LONGEST_KEPT: Final = 8 * 1024
"""Characters of a document that is kept."""
MAX_ERRORS: Final = 20
"""Errors of one validation."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document, and what is wrong with it."""

    parsed: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class Documents:
    """The documents of one schema, the least recently used first."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self.schema = schema
        self._rules = specified_rules if introspection else (*specified_rules, NoSchemaIntrospectionCustomRule)
        self._kept: OrderedDict[str, Document] = OrderedDict()

    def of(self, text: str) -> Document:
        """The document of a text, with the errors of its syntax, its shape or its validation."""
        found = self._kept.get(text)
        if found is not None:
            self._kept.move_to_end(text)
            return found
        found = self._read(text)
        if found.parsed is not None and not found.errors and len(text) <= LONGEST_KEPT:
            self._keep(text, found)
        return found

    def _read(self, text: str) -> Document:
        if len(text) > MAX_DOCUMENT:
            return Document(None, (refused(QueryTooCostlyError(f"A document has {MAX_DOCUMENT} characters at most")),))
        try:
            text.encode()
            parsed = parse(text, no_location=False, max_tokens=MAX_TOKENS)
            errors = validate(self.schema, parsed, (NoFragmentCyclesRule,), max_errors=MAX_ERRORS)
            if not errors:
                check_shape(parsed)
                errors = validate(self.schema, parsed, self._rules, max_errors=MAX_ERRORS)
        except GraphQLError as error:
            return Document(None, (_invalid(error),))
        except UnicodeEncodeError:
            return Document(None, (refused(InvalidInputError("The document is no text")),))
        except RecursionError:
            return Document(None, (refused(InvalidInputError("The document is nested too deep to read")),))
        except TooMuchError as error:
            return Document(None, (refused(QueryTooCostlyError(str(error))),))
        return Document(parsed, tuple(_invalid(error) for error in errors))

    def _keep(self, text: str, document: Document) -> None:
        assert document.parsed is not None
        self._kept[text] = document
        if not _has_directives(document.parsed):
            for operation in operations_of(document.parsed):
                showing.keep(operation)
        while len(self._kept) > KEPT:
            _, old = self._kept.popitem(last=False)
            for operation in operations_of(old.parsed) if old.parsed else ():
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
