"""The shape of a document, by its text alone: measured before anything looks at what it means.

A document of a few lines can be much: fragments of fragments, one field many times, a list of a thousand values. Its
validation compares and prints what is in it, so the walk here comes first. It visits nothing twice that the limits do
not bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FloatValueNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
)

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
MAX_INTROSPECTED: Final = 2_000
"""Fields below them. The query that tools send has 1,100."""
MAX_INTROSPECTED_DEPTH: Final = 20
"""Levels of fields with those below them. The query that tools send has 14."""
MAX_SAME: Final = 10
"""Fields with one name in one place of an answer. The validation compares each two of them."""
MAX_SAME_LEAVES: Final = 30
"""The same for fields with nothing below and no arguments, which are soon compared: clients write `__typename` into
each fragment."""
MAX_VISITED: Final = 3_000
"""Fields, inline fragments and uses of fragments of a whole document, what a fragment holds counted at each use."""
MAX_FRAGMENTS: Final = 50
"""Of a document. The validation compares each two that are used in one place."""
MAX_WITHIN: Final = 20
"""Fragments within each other, in one place of an answer. A circle of them has more."""
MAX_VALUES: Final = 300
"""Values that a document writes out, with those of lists and objects. An error of the validation prints all that stand
in its place. Variables may have as many as fit into a body."""
MAX_DIGITS: Final = 100
"""Digits of a number that a document writes out. A uint256 has 78, and Python reads none of thousands."""
MAX_NAME: Final = 40
"""Characters of a name that a refusal repeats."""

META: Final = ("__schema", "__type")


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
    for one in document.definitions:
        shape.read(getattr(one, "directives", ()))
    for operation in operations_of(document):
        for definition in operation.variable_definitions or ():
            shape.read(definition.directives)
            if definition.default_value is not None:
                shape.write(definition.default_value)
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
        self._values = 0

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
                    introspects = below or any(field.name.value in META for field in fields)
                    waiting.append((deeper, introspects, depth + 1))
                same = MAX_SAME if deeper or any(field.arguments for field in fields) else MAX_SAME_LEAVES
                if len(fields) > same:
                    raise TooMuchError(f"A selection has more than {same} fields with the name {name[:MAX_NAME]}")

    def _places(self, selections: list[SelectionSetNode], count: _Count, *, below: bool) -> dict[str, list[FieldNode]]:
        """The fields of selections that are one in the answer, by their names there."""
        found: dict[str, list[FieldNode]] = {}
        waiting = [(selection, 0) for selection in selections]
        while waiting:
            selection, within = waiting.pop()
            here = selection.selections
            if len(here) > MAX_BREADTH:
                raise TooMuchError(f"A selection has more than {MAX_BREADTH} fields")
            if within > MAX_WITHIN:
                raise TooMuchError(f"More than {MAX_WITHIN} fragments are within each other, or they are a circle")
            for one in here:
                self._visit(one)
                if isinstance(one, FieldNode):
                    _count(one, count, below=below)
                    found.setdefault((one.alias or one.name).value, []).append(one)
                elif isinstance(one, InlineFragmentNode):
                    waiting.append((one.selection_set, within + 1))
                elif isinstance(one, FragmentSpreadNode) and one.name.value in self.fragments:
                    self.reached.add(one.name.value)
                    waiting.append((self.fragments[one.name.value].selection_set, within + 1))
        return found

    def _visit(self, one: SelectionNode) -> None:
        self._visited += 1
        if self._visited > MAX_VISITED:
            raise TooMuchError(f"The document has more than {MAX_VISITED} fields and fragments")
        if isinstance(one, FieldNode):
            for argument in one.arguments or ():
                self.write(argument.value)
        self.read(one.directives)

    def read(self, directives: Iterable[DirectiveNode] | None) -> None:
        """Counts the values of directives."""
        for directive in directives or ():
            for argument in directive.arguments or ():
                self.write(argument.value)

    def write(self, value: ValueNode) -> None:
        """Counts a value that is written out, with all that is in it."""
        waiting = [value]
        while waiting:
            self._values += 1
            if self._values > MAX_VALUES:
                raise TooMuchError(f"The document writes out more than {MAX_VALUES} values; give them as variables")
            one = waiting.pop()
            if isinstance(one, IntValueNode | FloatValueNode) and len(one.value) > MAX_DIGITS:
                raise TooMuchError(f"A number has more than {MAX_DIGITS} digits")
            if isinstance(one, ListValueNode):
                waiting += one.values
            elif isinstance(one, ObjectValueNode):
                waiting += (field.value for field in one.fields)


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


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}


def operations_of(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
