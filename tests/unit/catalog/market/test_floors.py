"""Floors are right in every transaction, whoever writes listings, links or tokens."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.catalog.reads.tokens import token
from steadymint.domain.types import TokenId
from tests.support.market import DOLLARS, counted, kept, listing, open_market, put
from tests.support.traits import Drop


async def floors(drop: Drop) -> dict[str, Any]:
    """By value; and that of the collection."""
    rows = await drop.pool.fetch(
        """select v.normalized_value, f.floor_price_native
        from catalog_service.trait_value_floor f join catalog_service.trait_values v on v.id = f.trait_value_id"""
    )
    whole = await drop.pool.fetchrow(
        """select listed_count, floor_price_native, floor_currency_symbol
        from catalog_service.collection_stats where collection_id = $1""",
        drop.id,
    )
    return {row[0]: row[1] for row in rows} | {"": tuple(whole) if whole else None}


async def set_listing(pool: asyncpg.Pool, identity: UUID, change: str, *arguments: Any) -> None:
    await pool.execute(f"update catalog_service.orders set {change} where id = $1", identity, *arguments)


async def test_a_listing_makes_the_floor_of_its_token_its_values_and_its_collection(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, 0, 3), listing(drop, 4, 2)])
    assert await floors(drop) == {"red": 3, "blue": 2, "big": 2, "": (2, 2, "ETH")}


async def test_the_next_cheapest_is_the_floor_when_the_cheapest_goes(drop: Drop) -> None:
    first, _, _ = await put(drop.pool, "orders", [listing(drop, 0, 1), listing(drop, 0, 5), listing(drop, 1, 7)])
    await set_listing(drop.pool, first, "reasons = '{not_owner}'")
    assert await floors(drop) == {"red": 5, "big": 5, "": (2, 5, "ETH")}
    await drop.pool.execute("delete from catalog_service.orders where price_native = 5")
    assert await floors(drop) == {"red": 7, "big": 7, "": (1, 7, "ETH")}
    await set_listing(drop.pool, first, "reasons = '{}'")
    await drop.pool.execute("delete from catalog_service.orders")
    assert await floors(drop) == {"": (0, None, None)}


async def test_a_price_that_rises_and_falls_moves_the_floor(drop: Drop) -> None:
    one, _ = await put(drop.pool, "orders", [listing(drop, 0, 2), listing(drop, 1, 3)])
    for price, floor in ((4, 3), (1, 1), ("1.000000000000000001", Decimal("1.000000000000000001"))):
        await set_listing(drop.pool, one, "price_native = $2", Decimal(price))
        assert await floors(drop) == {"red": floor, "big": floor, "": (2, floor, "ETH")}


async def test_a_value_that_very_many_have_has_the_cheapest_of_them_as_its_floor(pool: asyncpg.Pool) -> None:
    await open_market(pool)
    drop = await Drop.of(pool, 260)
    await drop.write({token: {"Hat": "Red" if token % 20 else "Blue"} for token in range(260)})
    dice = random.Random(1)
    for _ in range(6):
        chosen = dice.sample(range(260), 40)
        await put(pool, "orders", [listing(drop, token, dice.randint(1, 50)) for token in chosen])
        assert await kept(pool) == await counted(pool)
        for _ in range(5):
            await pool.execute(
                """update catalog_service.orders set reasons = '{not_owner}' where id in (
                select listing_id from catalog_service.token_floors order by price_native, token_id limit 3)"""
            )
            assert await kept(pool) == await counted(pool)


async def test_prices_in_another_currency_are_no_floor(drop: Drop) -> None:
    (identity,) = await put(drop.pool, "orders", [listing(drop, 0, 1, **DOLLARS)])
    assert await floors(drop) == {"": None}
    await set_listing(drop.pool, identity, "is_native = true, currency_symbol = 'ETH'")
    assert await floors(drop) == {"red": 1, "big": 1, "": (1, 1, "ETH")}


async def test_a_token_shows_how_many_units_its_cheapest_listing_sells_together_only(pool: asyncpg.Pool) -> None:
    await open_market(pool)
    drop = await Drop.of(pool, 3, standard="erc1155")
    whole: dict[str, Any] = {"token_standard": "erc1155", "quantity": 5, "fillable": 5}
    in_parts = {**whole, "in_parts": True}
    rows = [listing(drop, 0, 1, **whole), listing(drop, 0, 2, **in_parts), listing(drop, 1, 1, **in_parts)]
    await put(pool, "orders", rows)
    named = (drop.row["chain_id"], drop.row["contract_address"])
    found = [row for number in range(3) for row in await token(*named, TokenId(number)).fetch(pool)]
    assert [row.lot_size for row in found] == [5, None, None]


async def test_a_floor_follows_the_traits_of_what_is_listed(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, 0, 1), listing(drop, 1, 2)])
    await drop.write({0: {"Hat": "Blue"}})
    assert await floors(drop) == {"red": 2, "big": 2, "blue": 1, "": (2, 1, "ETH")}


async def test_a_reorg_that_takes_a_token_takes_its_listing_off_the_floor_and_keeps_the_row(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, 0, 1), listing(drop, 1, 2)])
    await drop.pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[0])
    assert await floors(drop) == {"red": 2, "big": 2, "": (1, 2, "ETH")}
    rows = await drop.pool.fetch("select status, reasons from catalog_service.orders order by price_native")
    assert [tuple(row) for row in rows] == [("inactive", ["not_owner"]), ("active", [])]


async def test_a_change_that_is_none_writes_nothing(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, 0, 1)])
    versions = "select ctid::text from catalog_service.token_floors union all select ctid::text from"
    versions += " catalog_service.collection_stats union all select ctid::text from catalog_service.account_stats"
    before = await drop.pool.fetch(versions)
    await drop.pool.execute("update catalog_service.orders set checked_block = 7")
    assert await drop.pool.fetch(versions) == before


async def test_what_is_for_sale_is_read_from_its_index(drop: Drop) -> None:
    await put(drop.pool, "orders", [listing(drop, token, 10 - token) for token in range(6)])
    async with drop.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off; set local enable_sort = off")
        plan = await connection.fetchval(
            f"""explain (format json) select token_id from catalog_service.token_floors
            where collection_id = '{drop.id}' order by price_native, token_id limit 2"""
        )
    assert "token_floors_price_idx" in str(plan)
    assert "Sort" not in str(plan)
