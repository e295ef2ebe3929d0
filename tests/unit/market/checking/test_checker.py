"""An order stands as the chain says, once what has changed is taken from the queue."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.market.amounts import Filled
from steadymint.market.checking.causes import LATER
from steadymint.market.checking.checker import ORDERS, OrderChecker
from tests.support.catalog_rows import CHAIN
from tests.support.orders import (
    ALICE,
    CATS,
    CONDUIT,
    GOOD,
    PRINTS,
    WRAPPED,
    BumpedPages,
    Head,
    ScriptedMarket,
    listed,
    put_orders,
    units,
    wanted,
)  # fmt: skip


async def cause(pool: asyncpg.Pool, kind: str, *, block: int = 100, **given: Any) -> None:
    row = {"account": None, "contract": None, "token_number": None, "order_id": None} | given
    await pool.execute(
        f"""insert into catalog_service.order_causes as c (chain_id, cause, block, {", ".join(row)})
        values ('{CHAIN}', $1, $2, $3, $4, $5, $6)
        {LATER}""",
        kind, block, *row.values(),
    )  # fmt: skip


async def stands(pool: asyncpg.Pool, order: UUID) -> tuple[str, list[str], int]:
    row = await pool.fetchrow("select status, reasons, fillable from catalog_service.orders where id = $1", order)
    assert row is not None
    return tuple(row)  # type: ignore[return-value]


async def queue(pool: asyncpg.Pool) -> int:
    """How many causes wait."""
    return await pool.fetchval("select count(*) from catalog_service.order_causes where settled_block is null")


CONCERNED: dict[str, tuple[str, dict[str, Any], list[int]]] = {
    "a token that moved": ("token", {"contract": CATS, "token_number": 1}, [0]),
    "units that moved": ("units", {"contract": PRINTS, "account": ALICE, "token_number": 7}, [2]),
    "an approval of prints": ("approval", {"contract": PRINTS, "account": ALICE}, [2]),
    "funds that moved": ("funds", {"contract": WRAPPED, "account": ALICE}, [3]),
    "nobody's token": ("token", {"contract": CATS, "token_number": 5}, []),
    "another's funds": ("funds", {"contract": WRAPPED, "account": CONDUIT}, []),
}


@pytest.mark.parametrize(("kind", "given", "concerned"), CONCERNED.values(), ids=CONCERNED)
async def test_a_cause_concerns_the_orders_that_depend_on_it(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, kind: str, given: Any, concerned: list[int]
) -> None:
    orders = [listed(1), listed(2), units(7, 3), wanted(1)]
    ids = await put_orders(pool, *orders)
    for order in orders:
        market.say(order, held=0)
    await cause(pool, kind, **given)

    done = await checker.round()

    assert [index for index, one in enumerate(ids) if (await stands(pool, one))[0] == "inactive"] == concerned
    assert (done.causes, done.orders, done.changed) == (1, len(concerned), len(concerned))
    assert await queue(pool) == 0


async def test_an_order_goes_and_comes_back_with_what_it_depends_on(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    (order,) = await put_orders(pool, listed(1))
    seen: list[Any] = []
    changes: list[dict[str, Any]] = [
        {"held": 0},
        {"held": 0, "allowed": 0},
        {"held": 1, "allowed": GOOD.allowed},
        {"filled": Filled(1, 1)},
        {"filled": Filled(0, 0)},
        {"cancelled": True},
    ]
    for facts in changes:
        market.say(listed(1), **facts)
        await cause(pool, "order", order_id=order)
        await checker.round()
        seen.append(await stands(pool, order))
    assert seen == [
        ("inactive", ["not_owner"], 0),
        ("inactive", ["not_approved", "not_owner"], 0),
        ("active", [], 1),
        ("filled", [], 0),
        ("active", [], 1),
        ("cancelled", [], 0),
    ]
    events = await pool.fetch("select status from catalog_service.order_events order by id")
    assert [row["status"] for row in events] == ["active", *(status for status, _, _ in seen)]


async def test_a_change_of_a_later_block_waits_until_the_node_has_it(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    (order,) = await put_orders(pool, listed(1))
    market.say(listed(1), held=0)
    await cause(pool, "token", contract=CATS, token_number=1, block=101)
    assert (await checker.round()).idle
    market.now = Head(101)
    await checker.round()
    assert (await stands(pool, order))[0] == "inactive"


async def test_what_changes_while_the_node_answers_is_checked_again(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    """The answer is older than the row: writing it would bring a sold token back for sale."""
    (order,) = await put_orders(pool, listed(1))
    market.say(listed(1), allowed=0)

    async def sold() -> None:
        await pool.execute("update catalog_service.orders set reasons = '{not_owner}', fillable = 0")
        await cause(pool, "token", contract=CATS, token_number=1, block=102)
        market.say(listed(1), allowed=GOOD.allowed, held=0)

    market.meanwhile = sold
    await cause(pool, "token", contract=CATS, token_number=1)
    assert (await checker.round()).changed == 0
    assert await stands(pool, order) == ("inactive", ["not_owner"], 0)
    assert await queue(pool) == 2  # the newer change, and the order whose row was another
    market.now = Head(102)
    await checker.round()
    assert await stands(pool, order) == ("inactive", ["not_owner"], 0)
    assert await queue(pool) == 0


async def test_nothing_is_lost_while_no_node_answers(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    orders = await put_orders(pool, *(listed(token, salt=token) for token in range(20)))
    market.say(listed(1, salt=1), held=0)
    market.silent = True
    for one in orders:
        await cause(pool, "order", order_id=one)
    with pytest.raises(UpstreamUnavailableError):
        await checker.round()
    assert market.asked == [20], "nobody is asked about the orders one by one"
    assert await queue(pool) == 20
    market.silent = False
    await checker.round()
    assert await pool.fetchval("select count(*) from catalog_service.orders where status = 'inactive'") == 1


async def test_many_orders_are_read_and_asked_about_in_pages(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    orders = [wanted(token, salt=token) for token in range(ORDERS + 50)]
    await put_orders(pool, *orders)
    for order in orders:
        market.say(order, held=0)
    await cause(pool, "funds", contract=WRAPPED, account=ALICE)
    done = await checker.round()
    assert market.asked == [ORDERS, 50]
    assert done.changed == len(orders)
    assert await pool.fetchval("select count(*) from catalog_service.orders where status = 'inactive'") == len(orders)


async def test_an_order_ends_by_time_alone(pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker) -> None:
    ended, falling, later = await put_orders(
        pool, listed(1, end=3_000), listed(2, first=10**18, last=10**17), listed(3)
    )
    market.now = Head(timestamp=3_500)
    done = await checker.round()
    assert (await stands(pool, ended))[0] == "expired"
    assert (await stands(pool, falling))[0] == "active"
    assert (await stands(pool, later))[0] == "active"
    assert market.asked == [1]  # nobody is asked about what has ended
    assert done.changed == 2
    price = await pool.fetchval("select price_native from catalog_service.orders where id = $1", falling)
    assert 0 < price < 1
    due = await checker.next_due()
    assert due is not None
    assert due <= 60
    assert (await checker.round()).idle


async def test_an_order_is_compared_with_the_later_of_our_clock_and_the_chains(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker
) -> None:
    """A local chain whose time was moved ahead would revert what our clock still allows."""
    soon = int(time.time()) + 1_000
    (order,) = await put_orders(pool, listed(1, end=soon))
    await checker.round()
    assert (await stands(pool, order))[0] == "active"
    market.now = Head(timestamp=soon)
    await checker.round()
    assert (await stands(pool, order))[0] == "expired"


async def test_pages_that_show_the_collection_are_dropped_once_its_orders_have_changed(
    pool: asyncpg.Pool, market: ScriptedMarket, checker: OrderChecker, pages: BumpedPages
) -> None:
    soon = int(time.time()) + 1_000
    await put_orders(pool, listed(1), listed(2, end=soon), units(7, 3))
    await cause(pool, "token", contract=CATS, token_number=1)
    await checker.round()
    assert pages.dropped == []
    for change in ("token", "approval", "time"):
        pages.dropped.clear()
        market.say(listed(1), held=0)
        if change == "token":
            await cause(pool, "token", contract=CATS, token_number=1)
        elif change == "approval":
            await cause(pool, "approval", contract=CATS, account=ALICE)
        market.now = Head(timestamp=soon if change == "time" else 2_000)
        await checker.round()
        assert pages.dropped == [(CHAIN, CATS)], change
