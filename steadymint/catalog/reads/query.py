"""Statements with their arguments and the type of their rows, and the SQL that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import asyncpg

Row = TypeVar("Row")
Position = TypeVar("Position")

VISIBLE: Final = "NOT c.is_hidden AND c.status <> 'removed'"
"""The condition on a collection `c` in every public statement."""

OF_CONTRACT: Final = "c.chain_id = $1 AND c.contract_address = $2 AND " + VISIBLE
COLLECTION_ID: Final = f"(SELECT c.id FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
"""The visible collection of contract $2 on chain $1, or null. It is a scalar and not a join, so that the planner keeps
the order of an index."""
COLLECTION: Final = f"(SELECT c.no FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
CHAIN: Final = f"(SELECT c.chain_no FROM catalog_service.collections c WHERE {OF_CONTRACT})"  # noqa: S608 - constants
"""The numbers of that collection and of its chain, which rows of the hot tables hold."""


def collection_number(chain_id: str, contract: str) -> str:
    """SQL: the number of the collection that these placeholders name, whether it is shown or not; null for none."""
    of = f"n.chain_id = {chain_id}::text AND n.contract_address = {contract}::text"
    return f"(SELECT n.no FROM catalog_service.collections n WHERE {of})"  # noqa: S608 - constants


def chain_number(chain_id: str) -> str:
    """SQL: the number of the chain within the catalog; null for one that it does not know."""
    return f"(SELECT n.no FROM catalog_service.chain_numbers n WHERE n.chain_id = {chain_id}::text)"  # noqa: S608


def account(placeholder: str) -> str:
    """SQL: the number of the account with this address; null for an unknown account."""
    return f"(SELECT n.no FROM catalog_service.accounts n WHERE n.address = {raw(placeholder)})"  # noqa: S608 - constants


def raw(placeholder: str) -> str:
    """SQL: the stored form of an address in hex."""
    return f"catalog_service.raw_address({placeholder}::text)"


STILL_LISTED: Final = "(f.expires_at IS NULL OR f.expires_at > now())"
"""The condition on a row `f` of `token_floors`. A listing expires without a write."""

LOOKED_AT: Final = 2_000
"""Rows that one page may read. If filters leave out so many that the page is not full, the list answers a short page
with a cursor. So the cost of a request is bounded, whatever its filters."""


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """A statement. `sql` is composed of constants only; the values of a caller are in `args`."""

    row: type[Row]
    sql: str
    args: tuple[Any, ...]

    async def fetch(self, pool: asyncpg.Pool) -> list[Row]:
        row = self.row
        found = await pool.fetch(self.sql, *self.args)
        # By name, the 21 rows of a page of tokens take three times as long. Not every type of row has places.
        if found and tuple(found[0].keys()) == getattr(row, "__match_args__", ()):
            return [row(*one) for one in found]
        return [row(**one) for one in found]

    async def first(self, pool: asyncpg.Pool) -> Row | None:
        found = await pool.fetchrow(self.sql, *self.args)
        return None if found is None else self.row(**found)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row, Position]):
    """The rows of one page of a list."""

    rows: list[Row]
    resume: Position | None = None
    """The position where the list continues, if the page had to leave out so many rows that it is not full."""


async def read_page(
    pool: asyncpg.Pool, query: Query[Row], end: Query[Position] | None, limit: int
) -> Page[Row, Position]:
    """At most `limit` rows. `end` reads the last row that the page could read; None for a list that leaves none out."""
    rows = await query.fetch(pool)
    if end is None or len(rows) == limit:
        return Page(rows)
    return Page(rows, await end.first(pool))


class Arguments:
    """The arguments of a statement under construction."""

    def __init__(self, *values: Any) -> None:
        self._values: list[Any] = list(values)

    def put(self, value: Any, kind: str = "") -> str:
        """Add an argument. Returns its placeholder, with a cast to `kind` if that is given."""
        self._values.append(value)
        return f"${len(self._values)}" + (f"::{kind}" if kind else "")

    @property
    def values(self) -> tuple[Any, ...]:
        return tuple(self._values)
