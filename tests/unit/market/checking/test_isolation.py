"""An order that cannot be checked holds up no other one."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.market.checking import checker as checking
from steadymint.market.checking.checker import OrderChecker
from tests.support.catalog_rows import CHAIN
from tests.support.orders import ALICE, CATS, PRINTS, Head, ScriptedMarket, listed, put_orders, units
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
