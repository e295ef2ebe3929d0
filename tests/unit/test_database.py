"""Values keep their worth between Python and Postgres."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.database import create_engine, create_pool, decode_numeric, encode_numeric

EXACT = st.one_of(
    st.integers(min_value=-(10**90), max_value=10**90),
    st.decimals(allow_nan=False, allow_infinity=False, places=18, min_value=-(10**20), max_value=10**20),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@given(EXACT)
def test_a_number_survives_the_wire_form(value: int | Decimal) -> None:
    assert decode_numeric(encode_numeric(value)) == value


@given(st.integers())
def test_a_whole_number_comes_back_as_an_int(value: int) -> None:
    assert type(decode_numeric(encode_numeric(value))) is int


@pytest.mark.parametrize("value", [0.1, 1.0, True, "1", None])
def test_only_exact_numbers_are_taken(value: object) -> None:
    with pytest.raises(TypeError):
        encode_numeric(value)  # pyright: ignore[reportArgumentType]


NUMBERS = [0, 1, -1, 9_999, 10_000, 10_001, 10**77, 2**256 - 1, -(2**255), Decimal("0.1"), Decimal("-0.00001"),
           Decimal("1.50"), Decimal("1E+5"), Decimal("12345678.9"), Decimal("0E-8"), Decimal("10000.0001")]  # fmt: skip


async def test_postgres_reads_our_numbers_and_we_read_its(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    for value in NUMBERS:
        written = f"{Decimal(value):f}"
        assert await pool.fetchval("select $1::numeric::text", value) == written
        assert await pool.fetchval("select $1::text::numeric", written) == value
        assert await pool.fetchval("select $1::numeric", value) == value
    assert await pool.fetchval("select sum(n) from unnest($1::numeric[]) n", [2**256 - 1, 1]) == 2**256
    assert (await pool.fetchval("select 'NaN'::numeric")).is_nan()
    assert await pool.fetchval("select '-Infinity'::numeric") == Decimal("-Infinity")
    with pytest.raises(asyncpg.DataError):
        await pool.fetchval("select $1::numeric", 0.1)
    await pool.close()


async def test_json_and_ids_are_plain_python_objects(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    given = {"a": [1, "x", None, {"b": True}], "é": "\U0001f600"}
    assert await pool.fetchval("select $1::jsonb", given) == given
    assert await pool.fetchval("select $1::jsonb", [uuid4(), datetime.now(UTC)]) is not None
    assert type(await pool.fetchval("select gen_random_uuid()")) is UUID
    one = uuid4()
    assert await pool.fetchval("select array[$1::uuid]", one) == [one]
    with pytest.raises(asyncpg.DataError):  # it would come back as a float
        await pool.fetchval("select $1::jsonb", {"amount": 2**64})
    await pool.close()


async def test_copy_takes_the_same_values(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    rows = [(uuid4(), 2**256 - 1, {"k": 1}), (uuid4(), 0, [])]
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("create temp table t (id uuid, n numeric(78, 0), j jsonb) on commit drop")
        await connection.copy_records_to_table("t", records=rows)
        assert [tuple(row) for row in await connection.fetch("select * from t order by n desc")] == rows
    await pool.close()


async def test_a_query_by_the_pool_is_the_only_statement_that_it_sends(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    other = await create_pool(postgres, min_size=1, max_size=1)
    pid = await pool.fetchval("select pg_backend_pid()")
    assert await other.fetchval("select query from pg_stat_activity where pid = $1", pid) == "select pg_backend_pid()"
    await other.close()
    await pool.close()


async def test_a_transaction_left_open_does_not_reach_the_next_user_of_the_connection(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    async with pool.acquire() as connection:
        pid = await connection.fetchval("select pg_backend_pid()")
        await connection.execute("begin; create table left_open (n int)")
    assert await pool.fetchrow("select pg_backend_pid(), to_regclass('left_open')") == (pid, None)
    await pool.close()


async def test_a_query_that_nobody_waits_for_any_more_does_not_answer_the_next_one(postgres: str) -> None:
    pool = await create_pool(postgres, min_size=1, max_size=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await pool.fetchval("select 1 from pg_sleep(30)")
    assert await pool.fetchval("select 2") == 2
    await pool.close()


async def test_the_engine_takes_a_plain_dsn_with_parameters(postgres: str) -> None:
    from sqlalchemy import text

    engine = create_engine(f"{postgres}?sslmode=disable")
    async with engine.connect() as connection:
        assert await connection.scalar(text("select current_setting('timezone')")) == "UTC"
    await engine.dispose()
