"""Keyset pages: the next page starts in the index where this one ended, so that every page costs the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from pydantic import BeforeValidator, Field

from api.http.cursors import CURSOR_MAX_LENGTH, CursorCodec, scope_of
from api.http.queries import NoQuery

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100

EDGES: Final = "steadymint.edges"
"""Key of the scope: whether a page is to have the cursor of each row, in its order, as `cursors`."""

Position = TypeVar("Position")
Row = TypeVar("Row")


_DECIMAL = re.compile(r"[0-9]{1,9}", re.ASCII)


def plain_decimal(value: Any) -> Any:
    # What else can be read as an integer (`1_0`, ` 10 `, `10.0`) has no business in a query.
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        raise ValueError("must be a number in decimal digits")
    return value


class PageQuery(NoQuery):
    """The query of a list without filters; lists with filters extend it."""

    limit: Annotated[int, BeforeValidator(plain_decimal)] = Field(
        DEFAULT_LIMIT,
        ge=1,
        le=MAX_LIMIT,
        description=f"Rows per page, 1 to {MAX_LIMIT}; outside of that range is a 422.",
    )
    cursor: str | None = Field(
        None,
        max_length=CURSOR_MAX_LENGTH,
        description="`nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours.",
    )

    def filters(self) -> dict[str, Any]:
        """The filters that are set, by their names in the query."""
        return self.model_dump(mode="json", by_alias=True, exclude={"limit", "cursor"}, exclude_none=True)


@dataclass(frozen=True, slots=True)
class Pager:
    """One request's view of a list: where it starts, and how its answer names the next page."""

    codec: CursorCodec
    scope: bytes
    limit: int
    cursor: str | None
    edges: bool = False

    def after(self, position: type[Position]) -> Position | None:
        """Where the page starts; None for the first page."""
        return None if self.cursor is None else self.codec.open(self.scope, self.cursor, position)

    @property
    def fetch(self) -> int:
        """Rows to read: one more than is shown tells whether a next page exists."""
        return self.limit + 1

    def page(
        self,
        rows: Sequence[Row],
        show: Callable[[Row], Any],
        position_of: Callable[[Row], Any],
        *,
        resume: Any = None,
    ) -> dict[str, Any]:
        """`{items, nextCursor}` of at most `limit` of the rows. `resume` is where the list goes on behind a page that
        ended before it was full."""
        shown = rows[: self.limit]
        after = position_of(shown[-1]) if len(rows) > self.limit else resume
        page = {
            "items": [show(row) for row in shown],
            "nextCursor": None if after is None else self.codec.seal(self.scope, after),
        }
        if self.edges:
            page["cursors"] = [self.codec.seal(self.scope, position_of(row)) for row in shown]
        return page


class Pages:
    """What a list route asks for: `pages.of(query)` is its pager."""

    def __init__(self, path: str, codec: CursorCodec, *, edges: bool = False) -> None:
        """`edges`: whether each row's cursor is asked for."""
        self._path = path.lower()  # an address in another casing names the same list
        self._codec = codec
        self._edges = edges

    def of(self, query: PageQuery) -> Pager:
        return Pager(self._codec, scope_of(self._path, query.filters()), query.limit, query.cursor, self._edges)
