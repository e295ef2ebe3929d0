"""When the showcase's orders were opened."""

from __future__ import annotations

import asyncpg

from steadymint.demo.showcase.dating import date_orders
from steadymint.domain.types import ChainId
from tests.support.catalog_rows import CHAIN, at
from tests.support.market import INACTIVE, listing, open_market, put
from tests.support.traits import Drop


async def test_orders_of_the_past_were_opened_when_they_begin_and_no_others(database: str, pool: asyncpg.Pool) -> None:
    await open_market(pool)
    drop = await Drop.of(pool, 3)
    rows = [
        listing(drop, 0, 1, start_at=at(1)),
        listing(drop, 1, 1, start_at=at(1)),
        listing(drop, 2, 1, start_at=at(1), reasons=INACTIVE),
    ]
    await put(pool, "orders", rows)
    await date_orders(database, ChainId(CHAIN), [row["order_hash"] for row in (rows[0], rows[2])])
    opened = {
        row["order_hash"]: row["opened_at"]
        for row in await pool.fetch("select order_hash, opened_at from catalog_service.orders")
    }
    assert opened[rows[0]["order_hash"]] == at(1)
    assert opened[rows[1]["order_hash"]] > at(1)
    assert opened[rows[2]["order_hash"]] is None
