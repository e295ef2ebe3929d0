"""Listings and sales, and all that the database keeps of them, counted the plain way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from steadymint.domain.types import UINT256_MAX
from tests.support.catalog_rows import CHAIN, account, at, insert
from tests.support.traits import Drop

MARKETPLACE = UUID(int=77)
DOLLARS = {"currency_address": "0x" + "dd" * 20, "currency_symbol": "USDC", "is_native": False}
"""A currency that does not compare with the chain's own."""
INACTIVE = ["not_owner"]
"""The reasons of an inactive order."""


async def open_market(pool: asyncpg.Pool) -> None:
    await insert(pool, "catalog_service.marketplaces", [{"id": MARKETPLACE, "slug": "elsewhere", "name": "Elsewhere"}])


async def fill_market(pool: asyncpg.Pool) -> None:
    """Two tokens with one trait, their listings and their sales."""
    await open_market(pool)
    drop = await Drop.of(pool, 2)
    await drop.write({0: {"a": "x"}, 1: {"a": "x"}})
    await put(pool, "orders", [listing(drop, 0, 3), listing(drop, 1, 2), listing(drop, 1, 1, reasons=INACTIVE)])
    await put(pool, "sales", [sale(drop, 0, 5, at(1)), sale(drop, 1, 7, at(100))])


def _item(drop: Drop, token: int, price: int | str | Decimal) -> dict[str, Any]:
    with localcontext(prec=200):
        amount = int(Decimal(price) * 10**18)
    return {
        "id": uuid4(),
        "token_id": drop.tokens[token],
        "collection_id": drop.id,
        "marketplace_id": MARKETPLACE,
        "chain_id": CHAIN,
        "contract": drop.row["contract_address"],
        "token_number": token,
        "quantity": 1,
        "price_amount": amount,
        "price_native": Decimal(price),
        "price_native_text": str(price),
        "currency_address": None,
        "currency_symbol": "ETH",
        "is_native": True,
    }


def listing(drop: Drop, token: int, price: int | str | Decimal, **given: Any) -> dict[str, Any]:
    """An active listing of the token by account 1, a row of `orders`. With `reasons` it is inactive. A price beyond a
    uint256, which no order has, is in `price_native` only: floors are made of that."""
    row = {
        "order_hash": "0x" + uuid4().hex * 2,
        "side": "listing",
        "maker": account(1),
        "token_standard": "erc721",
        "in_parts": False,
        "fee_bps": 0,
        "royalty_bps": 0,
        "seaport": account(7),
        "counter": 0,
        "salt": 0,
        "start_at": at(1),
        "end_at": None,
        "components": {},
        "signature": b"",
        "fillable": 1,
        "reasons": [],
    }
    item = _item(drop, token, price)
    return item | {"price_amount": min(item["price_amount"], UINT256_MAX)} | row | given


def sale(drop: Drop, token: int, price: int | str | Decimal, when: datetime, **given: Any) -> dict[str, Any]:
    """Account 1 sells the token to account 2."""
    item = _item(drop, token, price)
    row = {
        "seller_address": account(1),
        "buyer_address": account(2),
        "proceeds_amount": item["price_amount"],
        "fees_amount": 0,
        "royalty_amount": 0,
        "exclusion": None,
        "tx_hash": "0x" + uuid4().hex * 2,
        "place": 0,
        "occurred_at": when,
    }
    return item | row | given


async def put(pool: asyncpg.Pool, table: str, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """Insert the rows in one statement; their ids."""
    columns = list(rows[0])
    places = ", ".join(
        "(" + ", ".join(f"${place * len(columns) + number}" for number in range(1, len(columns) + 1)) + ")"
        for place in range(len(rows))
    )
    await pool.execute(
        f"insert into catalog_service.{table} ({', '.join(columns)}) values {places}",
        *(row[column] for row in rows for column in columns),
    )
    return [row["id"] for row in rows]


Kept = dict[str, dict[Any, Any]]


async def kept(pool: asyncpg.Pool) -> Kept:
    """What the database keeps."""

    async def table(name: str, keys: str, columns: str, where: str = "true") -> dict[Any, Any]:
        rows = await pool.fetch(f"select {keys}, {columns} from catalog_service.{name} where {where}")
        width = keys.count(",") + 1
        return {tuple(row)[:width]: tuple(row)[width:] for row in rows}

    return {
        "tokens": await table(
            "token_floors",
            "token_id",
            "collection_id, price_native, currency_symbol, listing_id, listed_at, expires_at",
        ),
        "values": await table("trait_value_floor", "trait_value_id", "floor_price_native"),
        "collections": await table(
            "collection_stats",
            "collection_id",
            "listed_count, floor_price_native, floor_currency_symbol, sales_count, volume_all",
            "listed_count + sales_count > 0 or floor_price_native is not null or volume_all > 0",
        ),
        "hours": await table("collection_volume_hours", "collection_id, hour", "volume_native, sales_count"),
        "accounts": await table(
            "account_stats",
            "account, chain_id",
            "listings_count, sales_count, purchases_count, volume_sold, volume_purchased",
        ),
    }


async def counted(pool: asyncpg.Pool) -> Kept:
    """The same from orders, sales and links alone."""
    listings = await pool.fetch(
        "select * from catalog_service.orders where side = 'listing' and status = 'active' order by price_native, id"
    )
    sales = await pool.fetch("select * from catalog_service.sales")
    links = await pool.fetch("select token_id, trait_value_id from catalog_service.token_trait_links")
    tokens: dict[Any, Any] = {}
    accounts: defaultdict[Any, list[Any]] = defaultdict(lambda: [0, 0, 0, Decimal(0), Decimal(0)])
    for row in listings:
        accounts[row["maker"], row["chain_id"]][0] += 1
        if row["collection_id"] and row["is_native"]:
            columns = ("collection_id", "price_native", "currency_symbol", "id", "start_at", "end_at")
            tokens.setdefault((row["token_id"],), tuple(row[column] for column in columns))
    values: dict[Any, Any] = {}
    for token, value in links:
        if floor := tokens.get((token,)):
            values[value,] = (min(floor[1], *values.get((value,), (floor[1],))),)
    collections: defaultdict[Any, list[Any]] = defaultdict(lambda: [0, None, None, 0, Decimal(0)])
    for (_,), floor in sorted(tokens.items(), key=lambda item: (item[1][1], item[0])):
        one = collections[floor[0],]
        one[:3] = [one[0] + 1, floor[1] if one[1] is None else one[1], one[2] or floor[2]]
    hours: defaultdict[Any, list[Any]] = defaultdict(lambda: [Decimal(0), 0])
    for row in sales:
        price = row["price_native"] if row["is_native"] and row["exclusion"] is None else 0
        if row["collection_id"]:
            hour = row["occurred_at"].replace(minute=0, second=0, microsecond=0)
            hours[row["collection_id"], hour][0] += price
            hours[row["collection_id"], hour][1] += 1
            collections[row["collection_id"],][3] += 1
            collections[row["collection_id"],][4] += price
        for side, who in enumerate((row["seller_address"], row["buyer_address"])):
            accounts[who, row["chain_id"]][1 + side] += 1
            accounts[who, row["chain_id"]][3 + side] += price
    return {
        "tokens": tokens,
        "values": values,
        "collections": {key: tuple(row) for key, row in collections.items()},
        "hours": {key: tuple(row) for key, row in hours.items()},
        "accounts": {key: tuple(row) for key, row in accounts.items()},
    }


def hours_ago(hours: float) -> datetime:
    """Half past an hour, so that a test that runs on from one hour to the next may be told the same."""
    now = datetime.now(at(0).tzinfo).replace(minute=30, second=0, microsecond=0)
    return now - timedelta(hours=hours)
