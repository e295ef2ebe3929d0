"""A statement with its arguments and the shape of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import asyncpg

Row = TypeVar("Row")
Position = TypeVar("Position")

VISIBLE: Final = "NOT c.is_hidden AND c.status <> 'removed'"
"""Of a collection `c`, in every public statement."""

OF_CONTRACT: Final = "c.chain_id = $1 AND c.contract_address = $2 AND " + VISIBLE
COLLECTION_ID: Final = f"(SELECT c.id FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
"""The visible collection of contract $2 on chain $1, or null. As a scalar it leaves the order of an index alone."""
COLLECTION: Final = f"(SELECT c.no FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
CHAIN: Final = f"(SELECT c.chain_no FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
"""Its number and its chain's, by which rows of the hot tables name it."""


def account(placeholder: str) -> str:
    """The number of the account whose address is given; null for one that nobody has seen."""
    return f"(SELECT n.no FROM catalog_service.accounts n WHERE n.address = {raw(placeholder)})"  # noqa: S608 - constants


def raw(placeholder: str) -> str:
    """An address as it is stored, of one in hex."""
    return f"catalog_service.raw_address({placeholder}::text)"


STILL_LISTED: Final = "(f.expires_at IS NULL OR f.expires_at > now())"
"""Of a row `f` of `token_floors`: nobody writes when time passes."""

LOOKED_AT: Final = 2_000
"""Rows that one page may look at and leave out. A list whose filters leave out more than that gives a short page and a
cursor: what a request costs is bounded, whatever it asks for."""


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """`sql` is put together from constants only; what a caller says is in `args`."""

    row: type[Row]
    sql: str
    args: tuple[Any, ...]

    async def fetch(self, pool: asyncpg.Pool) -> list[Row]:
        row = self.row
        return [row(**found) for found in await pool.fetch(self.sql, *self.args)]

    async def first(self, pool: asyncpg.Pool) -> Row | None:
        found = await pool.fetchrow(self.sql, *self.args)
        return None if found is None else self.row(**found)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row, Position]):
    """The rows of one page of a list."""

    rows: list[Row]
    resume: Position | None = None
    """Where the list continues, if the page ended before it was full because it had to leave out too much."""


async def read_page(
    pool: asyncpg.Pool, query: Query[Row], end: Query[Position] | None, limit: int
) -> Page[Row, Position]:
    """At most `limit` rows. `end` reads the last row that the page could look at; None if no row is left out."""
    rows = await query.fetch(pool)
    if end is None or len(rows) == limit:
        return Page(rows)
    return Page(rows, await end.first(pool))


class Arguments:
    """The arguments of a statement under construction."""

    def __init__(self, *values: Any) -> None:
        self._values: list[Any] = list(values)

    def put(self, value: Any, kind: str = "") -> str:
        """The placeholder of one more argument, cast to `kind` if that is given."""
        self._values.append(value)
        return f"${len(self._values)}" + (f"::{kind}" if kind else "")

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(self._values)
