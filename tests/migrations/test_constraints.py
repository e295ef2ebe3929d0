"""The database refuses bad rows by itself, whoever writes them."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.migrations.refusals import DOUBLES, REFUSALS, Refusal
from tests.migrations.rows import COMPANIONS, ROWS, USER, fill, insert

SERVICES = sorted({table.split(".")[0] for table in (*ROWS, *COMPANIONS)})

CHECKS = """
select conname from pg_constraint k join pg_namespace n on n.oid = k.connamespace
where contype = 'c' and n.nspname like '%\\_service'
"""


async def refused_by(connection: asyncpg.Connection, table: str, row: dict[str, Any]) -> str | None:
    """The name of the constraint that refuses the row, None if it is taken; leaves no trace."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        if table in COMPANIONS:
            (column, value), *_ = row.items()
            await connection.execute(f"update {table} set {column} = $2 where user_id = $1", USER, value)
        else:
            await insert(connection, table, row)
    except asyncpg.IntegrityConstraintViolationError as error:
        return error.constraint_name
    finally:
        await transaction.rollback()
    return None


async def test_a_good_row_fits_every_table(connection: asyncpg.Connection) -> None:
    tables = await connection.fetch("select schemaname, tablename from pg_tables where schemaname like '%\\_service'")
    await fill(connection)
    assert {f"{schema}.{table}" for schema, table in tables} == {*ROWS, *COMPANIONS}
    for schema, table in tables:
        assert await connection.fetchval(f"select count(*) from {schema}.{table}") > 0, table


@pytest.mark.parametrize("service", SERVICES)
async def test_a_bad_value_is_refused_by_the_constraint_that_forbids_it(
    service: str, connection: asyncpg.Connection
) -> None:
    await fill(connection)
    cases = [case for case in REFUSALS if case[0].startswith(f"{service}.")]
    assert cases
    wrong: list[tuple[Refusal, str | None]] = []
    for case in cases:
        table, spoiled, constraint = case
        row = spoiled if table in COMPANIONS else {**ROWS[table], **spoiled}
        if (by := await refused_by(connection, table, row)) != constraint:
            wrong.append((case, by))
    assert wrong == []


async def test_a_second_row_of_the_same_thing_is_refused(connection: asyncpg.Connection) -> None:
    await fill(connection)
    wrong: list[tuple[Refusal, str | None]] = []
    for case in DOUBLES:
        table, changed, constraint = case
        if (by := await refused_by(connection, table, {**ROWS[table], **changed})) != constraint:
            wrong.append((case, by))
    assert wrong == []


async def test_every_check_is_put_to_the_test(connection: asyncpg.Connection) -> None:
    checks = {row["conname"] for row in await connection.fetch(CHECKS)}
    assert checks - {constraint for _, _, constraint in REFUSALS} == set()


async def test_no_foreign_key_leaves_its_service(connection: asyncpg.Connection) -> None:
    crossing = await connection.fetch("""
        select k.conname from pg_constraint k
        join pg_class here on here.oid = k.conrelid join pg_class there on there.oid = k.confrelid
        where k.contype = 'f' and here.relnamespace <> there.relnamespace
    """)
    assert crossing == []


async def test_every_foreign_key_has_an_index(connection: asyncpg.Connection) -> None:
    # A delete or update of the named row looks for those that name it: an index may leave out rows that name none.
    bare = await connection.fetch("""
        select k.conname from pg_constraint k
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
        where k.contype = 'f' and not exists (
            select from pg_index i
            where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1]
                and coalesce(pg_get_expr(i.indpred, i.indrelid), '') in ('', format('(%I IS NOT NULL)', a.attname))
        )
    """)
    assert [row["conname"] for row in bare] == []
