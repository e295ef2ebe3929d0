"""One answer about an approval settles all listings that hang on it, as checks one by one would."""

from __future__ import annotations

import random

import asyncpg
import pytest

from steadymint.domain.market.facts import ALL
from steadymint.market.checking.checker import OrderChecker
from tests.support.orders import ALICE, CATS, CONDUIT, GOOD, ScriptedMarket, listed, put_orders
from tests.unit.market.checking.test_checker import cause

COLUMNS = "quantity_filled, fillable, is_cancelled, is_expired, reasons, approved_alone, status"


@pytest.mark.parametrize("seed", range(3))
async def test_one_question_settles_what_checks_one_by_one_would(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, seed: int
) -> None:
    dice = random.Random(seed)
    orders = [listed(token, salt=token) for token in range(40)]
    ids = await put_orders(pool, *orders)
    alone = {order.salt: dice.random() < 0.3 for order in orders}
    for order in orders:
        market.say(order, held=dice.randint(0, 1), approved_alone=alone[order.salt])
    for given in (True, False, False, True):
        for order in orders:
            market.say(order, allowed=ALL if given or alone[order.salt] else 0)
        market.approved[CONDUIT] = given
        for one in ids if given is True and not market.asked else ():
            await cause(pool, "order", order_id=one)  # so that all rows are known to the last detail
        await cause(pool, "approval", contract=CATS, account=ALICE)
        await checker.round()
        at_once = await pool.fetch(f"select id, {COLUMNS} from catalog_service.orders order by id")
        for one in ids:
            await cause(pool, "order", order_id=one)
        assert (await checker.round()).changed == 0
        assert await pool.fetch(f"select id, {COLUMNS} from catalog_service.orders order by id") == at_once


async def test_an_approval_is_asked_for_once_however_many_orders_hang_on_it(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    await put_orders(pool, *(listed(token, salt=token) for token in range(300)), facts=GOOD)
    await cause(pool, "approval", contract=CATS, account=ALICE)
    done = await checker.round()
    assert (market.questions, market.asked) == (1, [])
    assert done.changed == 300
    assert await pool.fetchval("select distinct reasons from catalog_service.orders") == ["not_approved"]
