"""Pages as connections (the Relay specification): over the cursors of REST, which are good for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final

import strawberry
from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionNode, SelectionSetNode
from pydantic import Field
from typing_extensions import TypedDict

from api.graphql.context import Info, raw_of
from api.graphql.members import members_of
from api.graphql.types import Types


class PageInfo(TypedDict):
    """Where a page is in its list."""

    hasNextPage: bool
    hasPreviousPage: bool
    startCursor: str | None
    endCursor: Annotated[str | None, Field(description="Give it as `after`. Null on the last page.")]


class Connections:
    """The types of connections made so far, by the rows that they show."""

    def __init__(self, types: Types) -> None:
        self._types = types
        self._made: dict[Any, Any] = {}

    def rows_of(self, page: Any) -> Any:
        """The connection of a page's body, whose `items` are the rows."""
        items = next(member for member in members_of(page) if member.name == "items")
        (row,) = self._types.answer(items.annotation).__args__
        if row not in self._made:
            self._made[row] = _connection(row, row.__strawberry_definition__.name, self._types.answer(PageInfo))
        return self._made[row]


def _connection(row: Any, name: str, page_info: Any) -> Any:
    edge = strawberry.type(type(f"{name}Edge", (), {"__annotations__": {"cursor": str, "node": row}}))
    fields = {"edges": list[edge], "nodes": list[row], "pageInfo": page_info}
    return strawberry.type(type(f"{name}Connection", (), {"__annotations__": fields}))


def connection_of(page: dict[str, Any]) -> dict[str, Any]:
    """A page of REST as a connection. `cursors` are in the page if they were asked for."""
    rows, following, cursors = page["items"], page["nextCursor"], page.get("cursors", ())
    return {
        "nodes": rows,
        "edges": [{"cursor": cursor, "node": row} for cursor, row in zip(cursors, rows, strict=False)]
        if cursors
        else [{"node": row} for row in rows],
        "pageInfo": {
            "hasNextPage": following is not None,
            "hasPreviousPage": False,  # pages are read forward only
            "startCursor": cursors[0] if cursors else None,
            "endCursor": following,
        },
    }


_CURSORS: Final = (("edges", "cursor"), ("pageInfo", "startCursor"))


def wants_cursors(info: Info) -> bool:
    """Whether the selection shows the cursor of a row. It costs a signature for each, so a page has them if asked."""
    raw = raw_of(info)
    selected = [one for node in raw.field_nodes for one in _of(node.selection_set)]
    found = {
        (outer.name.value, inner.name.value)
        for outer in _fields(selected, raw.fragments)
        for inner in _fields(_of(outer.selection_set), raw.fragments)
    }
    return any(one in found for one in _CURSORS)


def _of(selected: SelectionSetNode | None) -> tuple[SelectionNode, ...]:
    return tuple(selected.selections) if selected else ()


def _fields(selections: Iterable[SelectionNode], fragments: Mapping[str, Any]) -> Iterator[FieldNode]:
    for one in selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(_of(fragments[one.name.value].selection_set), fragments)
        elif isinstance(one, InlineFragmentNode):
            yield from _fields(_of(one.selection_set), fragments)
