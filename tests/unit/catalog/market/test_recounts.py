"""Whatever happens to a market, alone or at once, all that is kept of it equals a recount."""

from __future__ import annotations

import asyncio
import random
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from tests.support.catalog_rows import account, at
from tests.support.market import DOLLARS, INACTIVE, counted, kept, listing, open_market, put, sale
from tests.support.traits import Drop


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

    def currency(self) -> dict[str, Any]:
        return self.dice.choice([{}, {}, {}, DOLLARS])

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
                drop, token, self.price(), maker=account(self.dice.randint(1, 3)),
                reasons=self.dice.choice([[], [], [], [], INACTIVE]), **self.currency(),
            )
            for token in tokens
        ]  # fmt: skip
        if rows:
            await put(self.pool, "orders", rows)

    async def sell_some(self, drop: Drop) -> None:
        alive = await self.alive(drop)
        people = [account(1), account(2), account(3)]
        rows = [
            sale(
                drop, token, self.price(), at(self.dice.randrange(300)), **self.currency(),
                seller_address=self.dice.choice(people), buyer_address=self.dice.choice(people),
            )
            for token in self.some(drop) if token in alive
        ]  # fmt: skip
        if rows:
            await put(self.pool, "sales", rows)

    async def change_some(self, _: Drop) -> None:
        change = self.dice.choice(
            [
                "update {}orders set reasons = case when reasons = '{{}}' then '{{not_owner}}'::text[] else '{{}}' end",
                "update {}orders set price_native = mod(price_native * 7 + 0.25, 4)",
                "update {}orders set reasons = '{{not_owner}}'",
                "update {}orders set is_native = not is_native",
                "update {}orders set is_expired = true",
                "update {}orders set quantity_filled = quantity",
                "update {}orders set maker = '" + account(2) + "'",
                "update {}sales set exclusion = case when exclusion is null then 'self_trade' end",
                "update {}sales set price_native = price_native + 1",
                "update {}sales set occurred_at = occurred_at + interval '50 minutes'",
                "update {}sales set collection_id = null",
                "update {}sales set buyer_address = seller_address",
            ]
        )
        await self.touch(change)

    async def delete_some(self, _: Drop) -> None:
        await self.touch(f"delete from {{}}{self.dice.choice(['orders', 'sales'])}")

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
async def test_all_that_is_kept_equals_a_recount_whatever_happens(pool: asyncpg.Pool, seed: int) -> None:
    await open_market(pool)
    market = Market([await Drop.of(pool, 12, number=number) for number in range(2)], seed)
    seen: set[str] = set()
    for _ in range(80):
        await market.do_something()
        found = await kept(pool)
        assert found == await counted(pool)
        seen |= {name for name, rows in found.items() if rows}
    assert seen == {"tokens", "values", "collections", "hours", "accounts"}


async def test_all_that_is_kept_equals_a_recount_after_many_did_it_at_once(pool: asyncpg.Pool) -> None:
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
