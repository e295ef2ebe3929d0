"""Shows values that are JSON already, in one pass.

The values of most types are members of a dict, as REST would have written them. The executor of graphql-core completes
each of a page's thousand values by itself, through ten calls. Here a selection is read once, and each row is then a
walk over its names. What a field has to work for, and what does not fit its type, is left to the executor.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    OperationDefinitionNode,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class Shown(NamedTuple):
    """One selected field of an object."""

    key: str
    name: str
    below: Plan | None
    """None for a value that is shown as it is."""
    required: bool


Plan = tuple[Shown, ...]
TYPENAME: Final = "__typename"

_KEPT: Final[dict[int, dict[Any, Plan | None]]] = {}


class MisfitError(Exception):
    """A value is missing, or is not what its type says."""


def keep(operation: OperationDefinitionNode) -> None:
    """Keep the plans of an operation that shows the same whatever its variables."""
    _KEPT[id(operation)] = {}


def drop(operation: OperationDefinitionNode) -> None:
    """Forget them. It has to come before the operation is gone: they are found by its identity."""
    _KEPT.pop(id(operation), None)


class ShowingExecutor(StrawberryGraphQLCoreExecutionContext):
    """The executor of the schema."""

    def collect_and_execute_subfields(
        self, return_type: GraphQLObjectType, field_details_list: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        kept = _KEPT.get(id(self.operation))
        key = (return_type.name, *(id(details.node) for details in field_details_list))
        if kept is not None and key in kept:
            plan = kept[key]
        else:
            plan = self._plan(return_type, field_details_list)
            if kept is not None:
                kept[key] = plan
        if plan is not None and isinstance(result, dict):
            try:
                return _show(plan, result)
            except MisfitError:
                pass  # the executor knows how far an error reaches
        return super().collect_and_execute_subfields(return_type, field_details_list, path, result, position_context)

    def _plan(self, shown: GraphQLObjectType, field_details_list: Any) -> Plan | None:
        """How an object is shown; None if a field below has to be worked for."""
        grouped, deferred, _ = self.collect_subfields(shown, field_details_list)
        if deferred:
            return None
        plan: list[Shown] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name == TYPENAME:
                plan.append(Shown(key, TYPENAME, (Shown(shown.name, "", None, required=False),), required=False))
                continue
            field = shown.fields.get(name)
            member = None if field is None else _member_of(field)
            if field is None or member is None:
                return None
            kind, required = field.type, isinstance(field.type, GraphQLNonNull)
            while isinstance(kind, GraphQLNonNull | GraphQLList):
                kind = kind.of_type
            if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
                plan.append(Shown(key, member, None, required=required))
                continue
            below = self._plan(kind, details) if isinstance(kind, GraphQLObjectType) else None
            if below is None:
                return None
            plan.append(Shown(key, member, below, required=required))
        return tuple(plan)


def _member_of(field: GraphQLField) -> str | None:
    """The member of the dict that the field shows; None if it has a resolver."""
    definition = field.extensions.get("strawberry-definition")
    return None if definition is None or definition.base_resolver is not None else definition.python_name.rstrip("_")


def _show(plan: Plan, value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, name, below, required in plan:
        member = value.get(name)
        if member is None:
            if required:
                raise MisfitError
            shown[key] = below[0].key if below is not None and name == TYPENAME else None
        elif below is None:
            shown[key] = member
        elif isinstance(member, dict):
            shown[key] = _show(below, member)
        elif isinstance(member, list):
            shown[key] = [_show(below, one) for one in member]
        else:
            raise MisfitError
    return shown
