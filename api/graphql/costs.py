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
MAX_INTROSPECTED_DEPTH: Final = 20
"""Levels of fields with those below them. The query that tools send has 14."""
MAX_SAME: Final = 10
"""Fields with one name in one place of an answer. The validation compares each two of them."""
MAX_VISITED: Final = 3_000
"""Fields, inline fragments and uses of fragments of a whole document, what a fragment holds counted at each use."""
MAX_FRAGMENTS: Final = 100
"""Of a document. The validation compares each two that are used in one place."""
MAX_NAME: Final = 40
"""Characters of a name that a refusal repeats."""

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
    """What one operation has so far."""

    fields: int = 0
    introspected: int = 0
    aliases: int = 0


def check_shape(document: DocumentNode) -> None:
    """Raises TooMuchError for a document beyond a limit on its shape. It need not be valid, but a circle of fragments
    is refused as too much."""
    written = [one for one in document.definitions if isinstance(one, FragmentDefinitionNode)]
    if len(written) > MAX_FRAGMENTS:
        raise TooMuchError(f"The document has more than {MAX_FRAGMENTS} fragments")
    shape = _Shape(fragments_of(document))
    for operation in operations_of(document):
        shape.check(operation.selection_set)
    for fragment in written:
        name = fragment.name.value
        if name not in shape.reached or shape.fragments[name] is not fragment:  # the validation looks at these as well
            shape.check(fragment.selection_set)


class _Shape:
    """Walks a document as its answer is made: selections of one place of the answer are one, wherever they stand.

    The validation compares each two fields of a place that have one name. Their number is bounded here, and every node
    that is visited counts, so that neither walk can be longer than the limits.
    """

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.reached: set[str] = set()
        """Fragments that were walked where they are used."""
        self._visited = 0

    def check(self, root: SelectionSetNode) -> None:
        """Raises TooMuchError for an operation, or a fragment, beyond a limit."""
        count = _Count()
        waiting: list[tuple[list[SelectionSetNode], bool, int]] = [([root], False, 1)]
        while waiting:
            here, below, depth = waiting.pop()
            most = MAX_INTROSPECTED_DEPTH if below else MAX_DEPTH
            if depth > most:
                raise TooMuchError(f"The operation is more than {most} levels deep")
            for name, fields in self._places(here, count, below=below).items():
                deeper = [field.selection_set for field in fields if field.selection_set]
                if deeper:
                    introspects = below or any(field.name.value in _META for field in fields)
                    waiting.append((deeper, introspects, depth + 1))
                if len(fields) > MAX_SAME:
                    raise TooMuchError(f"A selection has more than {MAX_SAME} fields with the name {name[:MAX_NAME]}")

    def _places(self, selections: list[SelectionSetNode], count: _Count, *, below: bool) -> dict[str, list[FieldNode]]:
        """The fields of selections that are one in the answer, by their names there."""
        found: dict[str, list[FieldNode]] = {}
        waiting = [*selections]
        while waiting:
            here = waiting.pop().selections
            if len(here) > MAX_BREADTH:
                raise TooMuchError(f"A selection has more than {MAX_BREADTH} fields")
            for one in here:
                self._visited += 1
                if self._visited > MAX_VISITED:
                    raise TooMuchError(f"The document has more than {MAX_VISITED} fields and fragments")
                if isinstance(one, FieldNode):
                    _count(one, count, below=below)
                    found.setdefault((one.alias or one.name).value, []).append(one)
                elif isinstance(one, InlineFragmentNode):
                    waiting.append(one.selection_set)
                elif isinstance(one, FragmentSpreadNode) and one.name.value in self.fragments:
                    self.reached.add(one.name.value)
                    waiting.append(self.fragments[one.name.value].selection_set)
        return found


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
