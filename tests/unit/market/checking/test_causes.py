"""A cause waits until its orders are checked at a block that stays, and again if that block leaves the chain."""

from __future__ import annotations

from dataclasses import replace

import asyncpg
import pytest

from steadymint.domain.market.facts import ALL
from steadymint.domain.types import ChainId
from steadymint.market.checking.checker import OrderChecker
from tests.support.catalog_rows import CHAIN
from tests.support.orders import ALICE, CATS, CONDUIT, GOOD, BumpedPages, Head, ScriptedMarket, listed, put_orders
from tests.unit.market.checking.test_checker import cause, queue, stands


async def test_an_order_whose_row_has_changed_meanwhile_waits_on_though_it_was_queued_for_this_block(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    (order,) = await put_orders(pool, listed(1))
    market.say(listed(1), held=0)

    async def changed() -> None:
        await pool.execute("update catalog_service.orders set fillable = 0")

    market.meanwhile = changed
    await cause(pool, "order", order_id=order, block=100)
    await checker.round()
    assert await queue(pool) == 1
    await checker.round()
    assert await stands(pool, order) == ("inactive", ["not_owner"], 0)


INDEXED = """
insert into indexer_service.indexer_checkpoints (chain_id, last_block, published_block, state)
values ($1, $2, $2, 'live') on conflict (chain_id) do update set last_block = excluded.last_block"""


async def test_orders_are_checked_at_the_block_that_the_index_has_read(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    """A newer block may leave the chain before the index has read it, and nobody would check the order again."""
    (order,) = await put_orders(pool, listed(1))
    for indexed, asked in ((97, 97), (None, 100), (103, 100), (-1, 0)):
        await pool.execute("delete from indexer_service.indexer_checkpoints")
        if indexed is not None:
            await pool.execute(INDEXED, CHAIN, indexed)
        await cause(pool, "order", order_id=order, block=0)
        await checker.round()
        assert market.blocks[-1] == asked, indexed


async def test_what_was_checked_at_a_newer_block_is_not_put_back_to_an_older_one(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    """An order that was just handed in is active by the newest block, while the index is still behind."""
    await pool.execute(INDEXED, CHAIN, 97)
    await put_orders(pool, listed(1), listed(2))
    await pool.execute("update catalog_service.orders set checked_block = 99 where token_number = 1")
    await cause(pool, "approval", contract=CATS, account=ALICE, block=97)
    await cause(pool, "token", contract=CATS, token_number=1, block=97)
    await checker.round()
    assert market.blocks == [100]
    rows = await pool.fetch("select token_number::int, status, checked_block from catalog_service.orders order by 1")
    assert [tuple(row) for row in rows] == [(1, "active", 99), (2, "inactive", 97)]
    assert await queue(pool) == 1  # until the index has read block 100
    await pool.execute(INDEXED, CHAIN, 100)
    await checker.round()
    assert market.blocks[-1] == 100
    assert await queue(pool) == 0


@pytest.mark.parametrize("given", [True, False])
async def test_what_an_approval_changed_is_taken_back_when_its_block_has_left_the_chain(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, given: bool
) -> None:
    """The new chain is still shorter, so the answer as of its newest block is not written over a later check."""

    async def settle(yes: bool, block: int) -> str:
        market.say(listed(1), allowed=ALL if yes else 0)
        market.approved[CONDUIT], market.now = yes, Head(block)
        await pool.execute(INDEXED, CHAIN, block)
        while not (await checker.round()).idle:
            pass
        return await pool.fetchval("select status from catalog_service.orders")

    await put_orders(pool, listed(1))
    expected = {True: "active", False: "inactive"}
    for yes, block in ((not given, 9), (given, 12), (not given, 11)):
        await cause(pool, "approval", contract=CATS, account=ALICE, block=min(block, 10))
        assert await settle(yes, block) == expected[yes], block


async def test_an_order_that_was_checked_on_a_longer_chain_is_checked_once_a_block(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    (order,) = await put_orders(pool, listed(1))
    await pool.execute("update catalog_service.orders set checked_block = 50")
    await cause(pool, "order", order_id=order, block=40)
    for block in (40, 41):
        market.now = Head(block)
        await pool.execute(INDEXED, CHAIN, block)
        await checker.round()
        assert market.blocks[-1] == block
        assert (await checker.round()).idle, block
    assert await queue(pool) == 0


async def test_a_node_that_is_behind_the_index_tells_nothing_of_a_later_check(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    (order,) = await put_orders(pool, listed(1))
    await pool.execute("update catalog_service.orders set checked_block = 50")
    await pool.execute(INDEXED, CHAIN, 50)
    await cause(pool, "order", order_id=order, block=40)
    market.say(listed(1), held=0)
    for block, status in ((40, "active"), (49, "active"), (50, "inactive")):
        market.now = Head(block)
        await checker.round()
        assert (await stands(pool, order))[0] == status
        assert (await checker.round()).idle, block


async def test_a_settled_cause_is_kept_while_the_index_may_go_back_behind_it(
    pool: asyncpg.Pool, checker: OrderChecker
) -> None:
    kept = "insert into indexer_service.recent_blocks values ($1, $2, $3, $3, now())"
    await pool.execute(INDEXED, CHAIN, 100)
    await pool.execute(kept, CHAIN, 98, "0x" + "98" * 32)
    for token, settled in ((1, 97), (2, 98)):
        await cause(pool, "token", contract=CATS, token_number=token, block=90)
        await pool.execute(
            "update catalog_service.order_causes set settled_block = $1 where token_number = $2", settled, token
        )
    await cause(pool, "token", contract=CATS, token_number=3)
    await checker.round()
    rows = await pool.fetch("select token_number::int, settled_block from catalog_service.order_causes order by 1")
    assert [tuple(row) for row in rows] == [(2, 98), (3, 100)]


@pytest.mark.parametrize("kind", ["order", "approval"])
async def test_a_round_that_stood_still_writes_nothing_over_what_a_later_one_has_found(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, kind: str
) -> None:
    """The later one finds no change, so the row is as the first one has read it."""
    (order,) = await put_orders(pool, listed(1), facts=replace(GOOD, allowed=0))
    given = {"order_id": order} if kind == "order" else {"contract": CATS, "account": ALICE}
    market.say(listed(1), allowed=ALL)
    market.approved[CONDUIT] = True

    async def revoked() -> None:
        market.say(listed(1), allowed=0)
        market.approved[CONDUIT], market.now = False, Head(101)
        await OrderChecker(pool, ChainId(CHAIN), market, BumpedPages()).round()

    market.meanwhile = revoked
    await cause(pool, kind, **given)
    assert (await checker.round()).changed == 0
    assert await stands(pool, order) == ("inactive", ["not_approved"], 0)
    settled = "select settled_block from catalog_service.order_causes where cause = $1 and settled_block is not null"
    assert await pool.fetchval(settled, kind) == (101 if kind == "approval" else None)
    await checker.round()
    assert await queue(pool) == 0
    assert await pool.fetchval(settled, kind) == 101
