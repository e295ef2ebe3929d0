"""Floors and market statistics are right in every transaction, whoever writes listings, sales, links or tokens."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal, localcontext
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from steadymint.catalog.account_totals import AccountTotals, totals_of
from steadymint.domain.types import Address, ChainId
from tests.support.catalog_rows import account, at, insert
from tests.support.market import DOLLARS, counted, hours_ago, kept, listing, open_market, put, sale
from tests.support.traits import Drop

Pool = asyncpg.Pool


@pytest.fixture
async def drop(pool: Pool) -> Drop:
    await open_market(pool)
    drop = await Drop.of(pool, 6)
    await drop.write({token: {"Hat": "Red" if token < 3 else "Blue", "Eyes": "Big"} for token in range(6)})
    return drop


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


async def set_listing(pool: Pool, identity: UUID, change: str, *arguments: Any) -> None:
    await pool.execute(f"update catalog_service.listings set {change} where id = $1", identity, *arguments)


async def test_a_listing_makes_the_floor_of_its_token_its_values_and_its_collection(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, 0, 3), listing(drop, 4, 2)])
    assert await floors(drop) == {"red": 3, "blue": 2, "big": 2, "": (2, 2, "ETH")}


async def test_the_next_cheapest_is_the_floor_when_the_cheapest_goes(drop: Drop) -> None:
    first, _, _ = await put(drop.pool, "listings", [listing(drop, 0, 1), listing(drop, 0, 5), listing(drop, 1, 7)])
    await set_listing(drop.pool, first, "is_active = false")
    assert await floors(drop) == {"red": 5, "big": 5, "": (2, 5, "ETH")}
    await drop.pool.execute("delete from catalog_service.listings where price_native = 5")
    assert await floors(drop) == {"red": 7, "big": 7, "": (1, 7, "ETH")}
    await set_listing(drop.pool, first, "is_active = true")
    await drop.pool.execute("delete from catalog_service.listings")
    assert await floors(drop) == {"": (0, None, None)}


async def test_a_price_that_rises_and_falls_moves_the_floor(drop: Drop) -> None:
    one, _ = await put(drop.pool, "listings", [listing(drop, 0, 2), listing(drop, 1, 3)])
    for price, floor in ((4, 3), (1, 1), ("1.000000000000000001", Decimal("1.000000000000000001"))):
        await set_listing(drop.pool, one, "price_native = $2", Decimal(price))
        assert await floors(drop) == {"red": floor, "big": floor, "": (2, floor, "ETH")}


async def test_a_value_that_very_many_have_has_the_cheapest_of_them_as_its_floor(pool: Pool) -> None:
    await open_market(pool)
    drop = await Drop.of(pool, 260)
    await drop.write({token: {"Hat": "Red" if token % 20 else "Blue"} for token in range(260)})
    dice = random.Random(1)
    for _ in range(6):
        chosen = dice.sample(range(260), 40)
        await put(pool, "listings", [listing(drop, token, dice.randint(1, 50)) for token in chosen])
        assert await kept(pool) == await counted(pool)
        for _ in range(5):
            await pool.execute(
                """update catalog_service.listings set is_active = false where id in (
                select listing_id from catalog_service.token_floors order by price_native, token_id limit 3)"""
            )
            assert await kept(pool) == await counted(pool)


async def test_prices_in_another_currency_are_no_floor(drop: Drop) -> None:
    (identity,) = await put(drop.pool, "listings", [listing(drop, 0, 1, currency_address=DOLLARS)])
    assert await floors(drop) == {"": None}
    await set_listing(drop.pool, identity, "currency_address = null")
    assert await floors(drop) == {"red": 1, "big": 1, "": (1, 1, "ETH")}


async def test_a_floor_follows_the_traits_of_what_is_listed(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, 0, 1), listing(drop, 1, 2)])
    await drop.write({0: {"Hat": "Blue"}})
    assert await floors(drop) == {"red": 2, "big": 2, "blue": 1, "": (2, 1, "ETH")}


async def test_a_reorg_takes_the_listing_of_its_token_off_the_floor_and_keeps_the_row(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, 0, 1), listing(drop, 1, 2)])
    await drop.pool.execute("delete from catalog_service.tokens where id = $1", drop.tokens[0])
    assert await floors(drop) == {"red": 2, "big": 2, "": (1, 2, "ETH")}
    assert await drop.pool.fetchval("select count(*) from catalog_service.listings where is_active") == 2


async def test_a_change_that_is_none_writes_nothing(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, 0, 1)])
    versions = "select ctid::text from catalog_service.token_floors union all select ctid::text from"
    versions += " catalog_service.collection_stats union all select ctid::text from catalog_service.account_stats"
    before = await drop.pool.fetch(versions)
    await drop.pool.execute("update catalog_service.listings set url = 'https://market.example/1'")
    assert await drop.pool.fetch(versions) == before


async def test_a_day_and_a_week_of_sales_move_on_by_themselves(drop: Drop) -> None:
    times = [hours_ago(hours) for hours in (2, 20, 30, 150, 200)]
    rows = [sale(drop, token, 10**token, when) for token, when in enumerate(times)]
    dollars = sale(drop, 5, 10**5, hours_ago(2), currency_address=DOLLARS)
    await put(drop.pool, "sales", [*rows, dollars])
    row = await drop.pool.fetchrow(
        "select volume_day, sales_day, volume_week, sales_week from catalog_service.collection_volumes"
    )
    assert row == (11, 3, 1111, 5)
    stats = await drop.pool.fetchrow("select sales_count, volume_all from catalog_service.collection_stats")
    assert stats == (6, 11111)


@pytest.mark.parametrize("decimals", [0, 6, 18, 30])
async def test_volumes_beyond_every_price_are_exact_whatever_the_decimals_of_the_currency(
    drop: Drop, decimals: int
) -> None:
    with localcontext(prec=200):
        most = Decimal(2**256 - 1).scaleb(-decimals)
        await put(drop.pool, "listings", [listing(drop, 0, most)])
        await put(drop.pool, "sales", [sale(drop, token % 6, most, hours_ago(2)) for token in range(20)])
        found = await kept(drop.pool)
        assert found["hours"] == {(drop.id, when): (20 * most, 20) for _, when in found["hours"]}
        assert found["collections"] == {(drop.id,): (1, most, "ETH", 20, 20 * most)}
        assert {row[3:] for row in found["accounts"].values()} == {(20 * most, 0), (0, 20 * most)}
        await drop.pool.execute("delete from catalog_service.sales where token_number > 0")
        assert await kept(drop.pool) == await counted(drop.pool)
        one = (Address(account(1)), ChainId("eip155:31337"))
        assert (await totals_of(drop.pool, [one])).volume_sold == 4 * most


async def test_a_sale_that_a_reorg_takes_back_is_counted_out(drop: Drop) -> None:
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1)), sale(drop, 1, 4, at(2))])
    await drop.pool.execute("delete from catalog_service.sales where price_native = 3")
    found = await kept(drop.pool)
    assert found["collections"] == {(drop.id,): (0, None, None, 1, 4)}
    assert found["accounts"] == {
        (account(1), "eip155:31337"): (0, 1, 0, 4, 0),
        (account(2), "eip155:31337"): (0, 0, 1, 0, 4),
    }
    await drop.pool.execute("delete from catalog_service.sales")
    found = await kept(drop.pool)
    assert found["accounts"] == found["hours"] == found["collections"] == {}


async def test_a_collection_goes_with_its_market_and_the_history_stays(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, 0, 1)])
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1))])
    await drop.pool.execute("delete from catalog_service.collections")
    found = await kept(drop.pool)
    assert found["tokens"] == found["values"] == found["collections"] == found["hours"] == {}
    assert found["accounts"] == (await counted(drop.pool))["accounts"] != {}


async def test_the_totals_of_a_user_are_those_of_all_their_accounts(drop: Drop) -> None:
    chain, elsewhere = ChainId("eip155:31337"), ChainId("eip155:5")
    await put(drop.pool, "listings", [listing(drop, 0, 1), listing(drop, 1, 2, seller_address=account(2))])
    await put(drop.pool, "sales", [sale(drop, 0, 3, at(1)), sale(drop, 1, 5, at(2), seller_address=account(9))])
    await insert(
        drop.pool,
        "catalog_service.collection_owners",
        [
            {"collection_id": drop.id, "owner": account(who), "quantity": quantity, "updated_at": at(1)}
            for who, quantity in ((1, 4), (2, 30), (3, 9))
        ],
    )
    one, two = Address(account(1)), Address(account(2))
    assert await totals_of(drop.pool, [(one, chain), (two, chain), (one, chain)]) == AccountTotals(
        1, 34, 2, 1, 2, Decimal(3), Decimal(8)
    )
    most = 12 * (2**256 - 1)
    await drop.pool.execute("update catalog_service.collection_owners set quantity = $1", most)
    assert (await totals_of(drop.pool, [(one, chain), (two, chain)])).items == 2 * most
    await drop.pool.execute("update catalog_service.collections set is_hidden = true")
    hidden = await totals_of(drop.pool, [(one, chain)])
    assert (hidden.collections, hidden.items) == (0, 0)
    nobody = AccountTotals(0, 0, 0, 0, 0, Decimal(0), Decimal(0))
    assert await totals_of(drop.pool, [(one, elsewhere)]) == await totals_of(drop.pool, []) == nobody


async def test_what_is_for_sale_is_read_from_its_index(drop: Drop) -> None:
    await put(drop.pool, "listings", [listing(drop, token, 10 - token) for token in range(6)])
    async with drop.pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off; set local enable_sort = off")
        plan = await connection.fetchval(
            f"""explain (format json) select token_id from catalog_service.token_floors
            where collection_id = '{drop.id}' order by price_native, token_id limit 2"""
        )
    assert "token_floors_price_idx" in str(plan)
    assert "Sort" not in str(plan)


class Market:
    """Does things to a market at random."""

    def __init__(self, drops: list[Drop], seed: int) -> None:
        self.drops, self.dice, self.pool = drops, random.Random(seed), drops[0].pool

    async def do_something(self) -> None:
        dice, drop = self.dice, self.dice.choice(self.drops)
        deeds = [self.list_some] * 4 + [self.sell_some] * 3 + [self.change_some] * 4 + [self.delete_some] * 2
        await dice.choice([*deeds, self.describe, self.describe, self.forget_links, self.reorg])(drop)

    def some(self, drop: Drop) -> list[int]:
        return self.dice.choices(range(len(drop.tokens)), k=self.dice.randint(1, 4))

    def price(self) -> Decimal:
        return Decimal(self.dice.randint(1, 12)) / 4

    def currency(self) -> str | None:
        return self.dice.choice([None, None, None, DOLLARS])

    async def alive(self, drop: Drop) -> list[int]:
        rows = await self.pool.fetch(
            "select token_number from catalog_service.tokens where collection_id = $1 order by 1", drop.id
        )
        return [int(row[0]) for row in rows]

    async def list_some(self, drop: Drop) -> None:
        alive = await self.alive(drop)
        tokens = [token for token in self.some(drop) if token in alive]
        rows = [
            listing(
                drop, token, self.price(), seller_address=account(self.dice.randint(1, 3)),
                currency_address=self.currency(), is_active=self.dice.random() < 0.8,
            )
            for token in tokens
        ]  # fmt: skip
        if rows:
            await put(self.pool, "listings", rows)

    async def sell_some(self, drop: Drop) -> None:
        alive = await self.alive(drop)
        people = [None, account(1), account(2), account(3)]
        rows = [
            sale(
                drop, token, self.price(), at(self.dice.randrange(300)), currency_address=self.currency(),
                seller_address=self.dice.choice(people), buyer_address=self.dice.choice(people),
            )
            for token in self.some(drop) if token in alive
        ]  # fmt: skip
        if rows:
            await put(self.pool, "sales", rows)

    async def change_some(self, _: Drop) -> None:
        change = self.dice.choice(
            [
                "update {}listings set is_active = not is_active",
                "update {}listings set price_native = mod(price_native * 7 + 0.25, 4)",
                "update {}listings set is_active = false",
                "update {}listings set currency_address = case when currency_address is null then '"
                + DOLLARS
                + "' end",
                "update {}listings set token_id = null",
                "update {}listings set seller_address = '" + account(2) + "'",
                "update {}sales set price_native = price_native + 1",
                "update {}sales set occurred_at = occurred_at + interval '50 minutes'",
                "update {}sales set collection_id = null",
                "update {}sales set buyer_address = seller_address",
            ]
        )
        await self.touch(change)

    async def delete_some(self, _: Drop) -> None:
        await self.touch(f"delete from {{}}{self.dice.choice(['listings', 'sales'])}")

    async def touch(self, statement: str) -> None:
        """Run it for about a quarter of the rows."""
        quarter = self.dice.choice("0123")
        await self.pool.execute(
            f"{statement.format('catalog_service.')} where mod(hashtext(id::text), 4) in ({quarter}, -{quarter})"
        )

    async def describe(self, drop: Drop) -> None:
        names = [name for name in "abc" if self.dice.random() < 0.7]
        await drop.write({token: {name: self.dice.choice("xyz") for name in names} for token in self.some(drop)})

    async def forget_links(self, drop: Drop) -> None:
        await self.pool.execute(
            "delete from catalog_service.token_trait_links where token_id = $1", self.dice.choice(drop.tokens)
        )

    async def reorg(self, drop: Drop) -> None:
        token = self.dice.choice(drop.tokens)
        await self.pool.execute("delete from catalog_service.tokens where id = $1", token)


@pytest.mark.parametrize("seed", range(4))
async def test_all_that_is_kept_equals_a_recount_whatever_happens(pool: Pool, seed: int) -> None:
    await open_market(pool)
    market = Market([await Drop.of(pool, 12, number=number) for number in range(2)], seed)
    seen: set[str] = set()
    for _ in range(80):
        await market.do_something()
        found = await kept(pool)
        assert found == await counted(pool)
        seen |= {name for name, rows in found.items() if rows}
    assert seen == {"tokens", "values", "collections", "hours", "accounts"}


async def test_all_that_is_kept_equals_a_recount_after_many_did_it_at_once(pool: Pool) -> None:
    await open_market(pool)
    drops = [await Drop.of(pool, 30, number=number) for number in range(2)]
    for drop in drops:
        await drop.write({token: {"a": "xyz"[token % 3], "b": "x"} for token in range(30)})

    async def keep_busy(seed: int) -> None:
        market = Market(drops, seed)
        for _ in range(40):
            deed = market.dice.choice([market.list_some, market.sell_some, market.describe, market.reorg])
            try:
                await deed(market.dice.choice(drops))
            except asyncpg.ForeignKeyViolationError:
                continue  # a reorg took the token between looking and listing

    await asyncio.gather(*(keep_busy(seed) for seed in range(5)))
    found = await kept(pool)
    assert found == await counted(pool)
    assert all(found.values())
