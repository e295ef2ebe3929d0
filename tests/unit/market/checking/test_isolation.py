"""An order that cannot be checked holds up no other one."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.market.checking import checker as checking
from steadymint.market.checking.checker import OrderChecker
from tests.support.catalog_rows import CHAIN
from tests.support.orders import ALICE, CATS, PRINTS, WRAPPED, Head, ScriptedMarket, listed, put_orders, units, wanted
from tests.unit.market.checking.test_checker import cause, queue
from tests.unit.market.checking.test_validated import collection, validated  # noqa: F401 - a fixture

ORDERS = [listed(token, salt=token) for token in range(20)]
BAD = SubmittedOrder.of(ORDERS[7]).hash


@pytest.mark.parametrize("fault", ["no answer", "a fault of ours"])
async def test_the_others_are_settled_and_it_is_checked_again_at_the_next_block(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    ids = await put_orders(pool, *ORDERS)
    for order in ORDERS:
        market.say(order, held=0)
    for one in ids:
        await cause(pool, "order", order_id=one)
    if fault == "no answer":
        market.silenced = {BAD}
    else:

        def check(order: SubmittedOrder, *facts: Any) -> Any:
            if order.hash == BAD:
                raise ZeroDivisionError
            return real(order, *facts)

        real = checking.check
        monkeypatch.setattr(checking, "check", check)
    assert (await checker.round()).changed == 19
    active = await pool.fetch("select id from catalog_service.orders where status = 'active'")
    assert [row["id"] for row in active] == [ids[7]]
    assert await queue(pool) == 1
    assert (await checker.round()).idle
    market.silenced = set()
    monkeypatch.undo()
    market.now = Head(101)
    assert (await checker.round()).changed == 1
    assert await queue(pool) == 0


async def test_a_contract_that_lets_no_node_answer_for_its_approvals_holds_up_no_other_one(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    await put_orders(pool, listed(1), units(7, 3))
    market.say(units(7, 3), held=0)
    market.hostile = {CATS}
    await cause(pool, "approval", contract=CATS, account=ALICE)
    await cause(pool, "approval", contract=PRINTS, account=ALICE)
    assert (await checker.round()).changed == 1
    assert await queue(pool) == 1
    assert (await checker.round()).idle


async def test_a_maker_with_many_offers_who_is_paid_with_each_block_delays_no_other_one(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PART", 50)
    monkeypatch.setattr(checking, "MOST", 90)
    offers = [wanted(token, salt=token) for token in range(300)]
    await put_orders(pool, *offers, listed(1), units(7, 3))
    for order in (*offers, listed(1), units(7, 3)):
        market.say(order, held=0)
    inactive = "select count(*) from catalog_service.orders where status = 'inactive'"
    await cause(pool, "funds", contract=WRAPPED, account=ALICE)
    await cause(pool, "token", contract=CATS, token_number=1)
    await cause(pool, "units", contract=PRINTS, account=ALICE, token_number=7)
    await checker.round()
    assert sum(market.asked) == 52
    assert await pool.fetchval(inactive + " and side = 'listing'") == 2
    assert await queue(pool) == 1
    for block in range(101, 106):
        market.now = Head(block)
        await cause(pool, "funds", contract=WRAPPED, account=ALICE, block=block)
        await checker.round()
    assert await pool.fetchval(inactive) == 302, "a payment does not send it back to the first offers"
    assert sum(market.asked) == 302
    while not (await checker.round()).idle:
        pass
    assert sum(market.asked) == 602, "all are checked once more as of the last payment"
    assert await queue(pool) == 0


async def test_a_round_is_bounded_and_begins_with_the_oldest_causes(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST", 7)
    for one in await put_orders(pool, *ORDERS):
        await cause(pool, "order", order_id=one)
    waiting = list[int]()
    while not (await checker.round()).idle:
        waiting.append(await queue(pool))
    assert waiting[:2] == [14, 8]
    assert max(market.asked) == 7
    assert waiting[-1] == 0


@pytest.mark.usefixtures("collection")
async def test_an_order_that_was_validated_on_chain_holds_up_no_other_one(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    market.silenced = {SubmittedOrder.of(listed(1)).hash}
    for place, token in enumerate((1, 2)):
        await validated(pool, listed(token), (50 << 24) + place)
    await checker.round()
    rows = await pool.fetch("select token_number::int from catalog_service.orders where chain_id = $1", CHAIN)
    assert [row["token_number"] for row in rows] == [2]
