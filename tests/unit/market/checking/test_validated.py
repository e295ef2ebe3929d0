"""An order that its maker validated on chain becomes one of the catalog, although nobody has handed it in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.indexing.subjects.orders.take_up import take_up
from steadymint.market.checking.checker import OrderChecker
from tests.support.catalog_rows import CHAIN, collection_row, insert
from tests.support.orders import ALICE, CATS, BumpedPages, ScriptedMarket, listed, wanted

PLACE = 50 << 24


async def validated(pool: asyncpg.Pool, order: OrderComponents, place: int = PLACE) -> None:
    """As the index writes it: without the counter."""
    order_hash = "0x" + SubmittedOrder.of(order).hash.hex()
    components = order.model_dump(mode="json", by_alias=True, exclude={"counter"})
    await pool.execute(
        "insert into catalog_service.order_validations"
        " (chain_id, place, order_id, order_hash, contract, components, tx_hash)"
        " values ($1::text, $2, catalog_service.order_id($1::text, $3::text), $3::text, $4, $5, $6)",
        CHAIN, place, order_hash, CATS, components, "0x" + "77" * 32,
    )  # fmt: skip


async def counter(pool: asyncpg.Pool, number: int, place: int) -> None:
    await pool.execute(
        "insert into catalog_service.counter_increments (chain_id, place, maker, counter, tx_hash)"
        " values ($1, $2, $3, $4, $5)",
        CHAIN, place, ALICE, number, "0x" + "88" * 32,
    )  # fmt: skip


async def orders(pool: asyncpg.Pool) -> list[tuple[Any, ...]]:
    rows = await pool.fetch(
        "select o.status, m.slug, o.collection_id is not null, length(o.signature) from catalog_service.orders o"
        " join catalog_service.marketplaces m on m.id = o.marketplace_id"
    )
    return [tuple(row) for row in rows]


async def waiting(pool: asyncpg.Pool) -> int:
    return await pool.fetchval("select count(*) from catalog_service.order_validations where taken_at is null")


@pytest.fixture
async def collection(pool: asyncpg.Pool) -> UUID:
    row = collection_row(1, contract_address=CATS, chain_id=CHAIN)
    await insert(pool, "catalog_service.collections", [row])
    return row["id"]


TAKEN = [("active", "seaport", True, 0)]


@pytest.mark.usefixtures("collection")
async def test_it_is_taken_once_and_shown(pool: asyncpg.Pool, checker: OrderChecker, pages: BumpedPages) -> None:
    await validated(pool, listed(1))
    assert (await checker.round()).changed == 1
    assert await orders(pool) == TAKEN
    assert pages.dropped == [(CHAIN, CATS)]
    assert await waiting(pool) == 0
    await checker.round()  # the cause that came with the order
    assert (await checker.round()).idle


@pytest.mark.usefixtures("collection")
async def test_it_is_found_by_the_counter_that_its_maker_had(
    pool: asyncpg.Pool, checker: OrderChecker, market: ScriptedMarket
) -> None:
    order = listed(1).model_copy(update={"counter": 5})
    market.say(order, counter=5)
    await counter(pool, 5, PLACE - 9)
    await counter(pool, 7, PLACE + 9)
    await validated(pool, order)
    await validated(pool, listed(2), PLACE + 1)
    await checker.round()
    held = await pool.fetch("select counter::int from catalog_service.orders")
    assert [row["counter"] for row in held] == [5]
    assert await waiting(pool) == 0


@pytest.mark.usefixtures("collection")
async def test_what_the_market_refuses_is_not_taken_and_not_asked_about_again(
    pool: asyncpg.Pool, checker: OrderChecker, market: ScriptedMarket
) -> None:
    market.say(listed(1), cancelled=True)
    await validated(pool, listed(1))
    await validated(pool, wanted(2), PLACE + 1)
    await checker.round()
    assert market.asked == [2]
    assert [row[0] for row in await orders(pool)] == ["active"], "the offer"
    assert await waiting(pool) == 0


@pytest.mark.usefixtures("collection")
async def test_a_block_that_no_node_has_yet_is_waited_for(
    pool: asyncpg.Pool, checker: OrderChecker, market: ScriptedMarket
) -> None:
    await validated(pool, listed(1), (market.now.number + 1) << 24)
    assert (await checker.round()).idle
    market.now.number += 1
    await checker.round()
    assert await orders(pool) == TAKEN


async def test_an_order_of_an_unknown_collection_is_taken_once_it_is_imported(
    pool: asyncpg.Pool, checker: OrderChecker, market: ScriptedMarket
) -> None:
    await validated(pool, listed(1))
    await checker.round()
    assert (await orders(pool), await waiting(pool), market.asked) == ([], 0, [])
    row = collection_row(1, contract_address=CATS, chain_id=CHAIN)
    await insert(pool, "catalog_service.collections", [row])
    async with pool.acquire() as connection:
        await take_up(connection, [row["id"]])
    await checker.round()
    assert await orders(pool) == TAKEN
