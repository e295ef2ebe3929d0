"""What an operation asks for, measured before anything is done: its shape, by its text, and its cost.

A document of a few lines can ask for everything there is, a hundred times. So its depth, its aliases and its fields are
counted before it is validated, and its cost, which is about what as many requests of REST would do, before it runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from api.http.pagination import DEFAULT_LIMIT, MAX_LIMIT

MAX_DOCUMENT: Final = 32 * 1024
"""Characters. The longest that our own clients send has 3,000."""
MAX_TOKENS: Final = 4_000
MAX_DEPTH: Final = 12
"""Levels of fields. The deepest type, an order with its findings in an answer of many, has 7."""
MAX_ALIASES: Final = 30
MAX_BREADTH: Final = 100
"""Fields of one selection. The largest type has 35."""
MAX_FIELDS: Final = 1_000
"""Fields in all, each fragment counted wherever it is used."""
MAX_COST: Final = 500
ASK: Final = 10
"""The cost of one request of REST without its rows, and of a relation, which one statement reads. A row costs 1."""
RELATIONS: Final = frozenset({"collection"})
"""The fields of `api.graphql.relations`. A member of the same name is taken for one: the cost is no bill."""
INTROSPECTION: Final = 150
"""The cost of `__schema` and `__type`: the whole schema takes as long to write as 150 rows."""
MAX_INTROSPECTED: Final = 2_000
"""Fields below them. The query that tools send has 1,100."""

_META: Final = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Weight:
    """What a field costs: requests of REST, and whether it shows as many rows as `first` says."""

    asks: int = 1
    rows: bool = False


class TooMuchError(Exception):
    """The operation is beyond a limit; the text says which."""


@dataclass(slots=True)
class _Count:
    fields: int = 0
    introspected: int = 0
    aliases: int = 0


def check_shape(document: DocumentNode) -> None:
    """Raises TooMuchError for a document beyond a limit on its shape. It need not be valid."""
    fragments = fragments_of(document)
    for operation in operations_of(document):
        count = _Count()
        for selection, below, depth in _selections(operation.selection_set, fragments, count):
            if below:
                continue
            if depth > MAX_DEPTH:
                raise TooMuchError(f"The operation is more than {MAX_DEPTH} levels deep")
            if len(selection.selections) > MAX_BREADTH:
                raise TooMuchError(f"A selection has more than {MAX_BREADTH} fields")


def _selections(
    selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], count: _Count
) -> Iterator[tuple[SelectionSetNode, bool, int]]:
    """Every selection, whether it is below an introspection, and its depth. Raises TooMuchError as soon as there are
    too many fields: fragments of fragments can hold more than can be counted."""
    waiting: list[tuple[SelectionSetNode, bool, int, frozenset[str]]] = [(selection, False, 1, frozenset())]
    while waiting:
        here, below, depth, within = waiting.pop()
        yield here, below, depth
        for one in here.selections:
            if isinstance(one, FieldNode):
                _count(one, count, below=below)
                if one.selection_set:
                    deeper = below or one.name.value in _META
                    waiting.append((one.selection_set, deeper, depth + 1, within))
            elif isinstance(one, FragmentSpreadNode):
                name = one.name.value
                found = fragments.get(name)
                if found is not None and name not in within:  # a cycle is for the validation to tell
                    waiting.append((found.selection_set, below, depth, within | {name}))
            elif isinstance(one, InlineFragmentNode):
                waiting.append((one.selection_set, below, depth, within))
        if len(waiting) > MAX_INTROSPECTED:
            raise TooMuchError("The operation has too many selections")


def _count(field: FieldNode, count: _Count, *, below: bool) -> None:
    if below:
        count.introspected += 1
    else:
        count.fields += 1
    if field.alias is not None:
        count.aliases += 1
    if count.fields > MAX_FIELDS or count.introspected > MAX_INTROSPECTED:
        raise TooMuchError(f"The operation has more than {MAX_FIELDS} fields")
    if count.aliases > MAX_ALIASES:
        raise TooMuchError(f"The operation has more than {MAX_ALIASES} aliases")


def cost_of(
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    weights: Mapping[str, Weight],
    variables: Mapping[str, Any],
) -> int:
    """What an operation costs that is valid. A field that a directive may skip counts as well."""
    defaults = {one.variable.name.value: _number(one.default_value, {}) for one in operation.variable_definitions or ()}
    known = {name: value for name, value in defaults.items() if value is not None} | dict(variables)
    return sum(_cost(one, fragments, weights, known) for one in roots_of(operation.selection_set, fragments))


def _cost(
    field: FieldNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    weights: Mapping[str, Weight],
    variables: Mapping[str, Any],
) -> int:
    name = field.name.value
    if name in _META:
        return INTROSPECTION
    weight = weights.get(name)
    if weight is None:
        return 0
    related = sum(1 for one in _below(field.selection_set, fragments) if one.name.value in RELATIONS)
    return (weight.asks + related) * ASK + (_rows(field, variables) if weight.rows else 0)


def _below(selection: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for one in roots_of(selection, fragments) if selection else ():
        yield one
        yield from _below(one.selection_set, fragments)


def _rows(field: FieldNode, variables: Mapping[str, Any]) -> int:
    """As many rows as are asked for. What is no number costs the most, and is refused by its route."""
    for one in field.arguments or ():
        if one.name.value == "first":
            rows = _number(one.value, variables)
            return DEFAULT_LIMIT if rows is None else min(max(rows, 0), MAX_LIMIT)
    return DEFAULT_LIMIT


def _number(value: Any, variables: Mapping[str, Any]) -> int | None:
    if isinstance(value, VariableNode):
        given = variables.get(value.name.value)
        return given if isinstance(given, int) or given is None else MAX_LIMIT
    return int(value.value) if isinstance(value, IntValueNode) else None


def roots_of(selection: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    """The fields of the operation itself, through its fragments."""
    for one in selection.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, InlineFragmentNode):
            yield from roots_of(one.selection_set, fragments)
        elif isinstance(one, FragmentSpreadNode):
            yield from roots_of(fragments[one.name.value].selection_set, fragments)


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
