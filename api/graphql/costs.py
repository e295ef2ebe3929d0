"""What an operation costs: about what as many requests of REST would do.

It is known from the document, but for the rows that variables ask for. So it is worked out once, for a document that
need not be valid: what is too much is refused before anybody looks whether it is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

from api.graphql.shape import META
from api.http.pagination import DEFAULT_LIMIT, MAX_LIMIT

MAX_COST: Final = 500
ASK: Final = 10
"""The cost of one request of REST without its rows, and of a relation, which one statement reads. A row costs 1."""
RELATIONS: Final = frozenset({"collection"})
"""The fields of `api.graphql.relations`. A member of the same name is taken for one: the cost is no bill."""
INTROSPECTION: Final = 150
"""The cost of `__schema` and `__type`: the whole schema takes as long to write as 150 rows."""
MAX_CHANGES: Final = 5
"""Mutations of one operation. They run one after the other, and each may wait for a chain."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a list shows: as many as `first` says, in the limits of its route."""

    default: int = DEFAULT_LIMIT
    most: int = MAX_LIMIT

    def asked(self, first: Any) -> int:
        """A number with a point costs the most. What is no number is refused by its type before anything is read."""
        if isinstance(first, int):
            return min(max(first, 0), self.most)
        return self.most if isinstance(first, float) else self.default


@dataclass(frozen=True, slots=True)
class Weight:
    """What a field costs: requests of REST, and the rows that it shows if it is a list."""

    asks: int = 1
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What one operation costs. A field that a directive may skip counts as well."""

    fixed: int
    rows: tuple[tuple[str, Rows], ...]
    """The variables that say how many rows are asked for, once for each list."""
    defaults: Mapping[str, Any]
    """Of these variables."""
    changes: int
    """Mutations."""

    def cost(self, variables: Mapping[str, Any]) -> int:
        """With the variables as they were given, which may be wrong."""
        return self.fixed + sum(rows.asked(variables.get(name, self.defaults.get(name))) for name, rows in self.rows)


def bill_of(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    weights: Mapping[str, Weight],
) -> Bill:
    """The bill of an operation whose shape has been checked. It need not be valid."""
    roots = list(_fields(operation.selection_set, fragments))
    fixed, variables = 0, list[tuple[str, Rows]]()
    for field in roots:
        fixed += _requests(field, fragments, weights) * ASK
        rows = weights[field.name.value].rows if field.name.value in weights else None
        if field.name.value in META:
            fixed += INTROSPECTION
        elif rows is not None:
            first = _first(field)
            if isinstance(first, VariableNode):
                variables.append((first.name.value, rows))
            else:
                fixed += rows.asked(_written(first))
    defaults = {
        one.variable.name.value: _written(one.default_value)
        for one in operation.variable_definitions or ()
        if one.default_value is not None
    }
    return Bill(fixed, tuple(variables), defaults, len(roots) if operation.operation is OperationType.MUTATION else 0)


def _requests(field: FieldNode, fragments: Mapping[str, FragmentDefinitionNode], weights: Mapping[str, Weight]) -> int:
    weight = weights.get(field.name.value)
    if weight is None:
        return 0
    return weight.asks + sum(one.name.value in RELATIONS for one in _below(field.selection_set, fragments))


def _below(selection: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for one in _fields(selection, fragments):
        yield one
        yield from _below(one.selection_set, fragments)


def _fields(selection: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    """The fields of one place, through fragments."""
    for one in selection.selections if selection else ():
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(one.selection_set, fragments)
        elif isinstance(one, FragmentSpreadNode) and one.name.value in fragments:
            yield from _fields(fragments[one.name.value].selection_set, fragments)


def _first(field: FieldNode) -> ValueNode | None:
    return next((one.value for one in field.arguments or () if one.name.value == "first"), None)


def _written(value: ValueNode | None) -> Any:
    """The number that a document writes out; None for none and for null, and for anything else what it is."""
    if value is None or isinstance(value, NullValueNode):
        return None
    return int(value.value) if isinstance(value, IntValueNode) else value.kind
