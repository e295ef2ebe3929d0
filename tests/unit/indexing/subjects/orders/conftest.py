"""A chain with a collection of each standard, and what the market has of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from steadymint.indexing.reading.logs import Log
from tests.support.forged_logs import ALICE, CATS, EDITIONS, ZERO, single, transfer
from tests.support.forged_trades import put_order
from tests.support.indexing import fetch
from tests.support.projected import Projected, creation, projected


class Market:
    """One chain, as far as orders are concerned. Blocks 1 and 2 are there: alice owns the cats 0 to 4 and ten units."""

    def __init__(self, index: Projected, dsn: str) -> None:
        self.index = index
        self.dsn = dsn

    async def say(self, *logs: Log, upto: int | None = None) -> None:
        await self.index.take(logs, upto or max(int(one.block_number, 16) for one in logs))

    async def order(self, number: int, maker: str = ALICE, token: int = 1, **given: Any) -> None:
        await put_order(self.index.writer.connection, self.index.writer.chain_id, number, maker, token, **given)

    async def one(self, columns: str, table: str = "orders") -> list[tuple[Any, ...]]:
        """The columns of all rows, in the order of their hashes or places."""
        by = "order_hash" if table == "orders" else "place, id" if table == "sales" else "place"
        rows = await fetch(self.dsn, f"select {columns} from catalog_service.{table} order by {by}")
        return [tuple(row.values()) for row in rows]

    async def activities(self, token: int) -> list[str]:
        """The types of what happened to a cat, off chain first."""
        rows = await fetch(
            self.dsn,
            f"select type from catalog_service.activities where contract = '{CATS}' and token_number = {token}"
            " order by block_number <> 0, type",
        )
        return [row["type"] for row in rows]

    async def causes(self) -> set[tuple[Any, ...]]:
        """Kind, account, contract and token number of what is queued, beside single orders."""
        columns = "cause, account, contract, token_number::int, block"
        rows = await fetch(self.dsn, f"select {columns} from catalog_service.order_causes where cause <> 'order'")
        return {tuple(row.values()) for row in rows}

    async def stats(self) -> tuple[Any, ...]:
        """Listed, floor, sales and volume of the cats."""
        columns = "listed_count, floor_price_native, sales_count, volume_all"
        rows = await fetch(
            self.dsn,
            f"select {columns} from catalog_service.collection_stats s join catalog_service.collections c"
            f" on c.id = s.collection_id where c.contract_address = '{CATS}'",
        )
        return tuple(rows[0].values())

    async def accounts(self) -> dict[str, tuple[int, ...]]:
        """Listings, sales, purchases, and what was got and paid, of each account."""
        columns = "account, listings_count, sales_count, purchases_count, volume_sold, volume_purchased"
        rows = await fetch(self.dsn, f"select {columns} from catalog_service.account_stats")
        return {account: tuple(map(int, counted)) for account, *counted in (row.values() for row in rows)}


@pytest.fixture
async def market(database: str) -> AsyncIterator[Market]:
    async with projected(database) as index:
        market = Market(index, database)
        await market.say(creation(CATS, 0, block=1, index=0), creation(EDITIONS, 1, block=1, index=1))
        cats = [transfer(ZERO, ALICE, number, block=2, index=number) for number in range(5)]
        await market.say(*cats, single(ZERO, ALICE, 1, 10, block=2, index=9))
        yield market
