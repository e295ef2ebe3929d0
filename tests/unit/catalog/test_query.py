"""Rows of statements as objects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest

from steadymint.catalog.reads.query import Query


@dataclass(frozen=True, slots=True)
class Pair:
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Named:
    left: int
    right: int = field(kw_only=True)


@pytest.mark.parametrize("row", [Pair, Named, dict])
@pytest.mark.parametrize("columns", ["1 as left, 2 as right", "2 as right, 1 as left"])
async def test_each_value_of_a_row_is_that_of_its_column_in_whatever_order(
    pool: asyncpg.Pool, row: type[Any], columns: str
) -> None:
    query = Query(row, f"select {columns} union all select 3, 3", ())
    assert await query.fetch(pool) == [row(left=1, right=2), row(left=3, right=3)]
    assert await query.first(pool) == row(left=1, right=2)


async def test_a_row_without_a_member_is_refused(pool: asyncpg.Pool) -> None:
    with pytest.raises(TypeError):
        await Query(Pair, "select 1 as left, 2 as wrong", ()).fetch(pool)
