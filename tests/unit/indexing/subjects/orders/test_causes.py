"""What open orders depend on is queued for the checker, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from steadymint.indexing.reading.logs import Log
from tests.support.forged_logs import ALICE, BOB, CAROL, CATS, EDITIONS, WRAPPED, log, single, topic, transfer
from tests.support.forged_trades import ETHER, allowed, approved_for_all, cancelled, deposited, paid
from tests.unit.indexing.subjects.orders.conftest import Market

MOVED = transfer(ALICE, CAROL, 1, block=3)


@pytest.mark.parametrize(
    ("said", "causes"),
    [
        (MOVED, {("token", None, CATS, 1, 3)}),
        (transfer(CAROL, ALICE, 1, block=3), {("token", None, CATS, 1, 3)}),
        (transfer(CAROL, BOB, 1, block=3), set()),
        (transfer(ALICE, CAROL, 2, block=3), set()),
        (single(ALICE, CAROL, 1, 2, block=3), {("units", ALICE, EDITIONS, 1, 3)}),
        (single(ALICE, CAROL, 2, 2, block=3), set()),
        (approved_for_all(ALICE, block=3), {("approval", ALICE, CATS, None, 3)}),
        (approved_for_all(CAROL, block=3), set()),
        (log(CATS, [*allowed(ALICE).topics, topic(1)], block=3), {("token", None, CATS, 1, 3)}),
        (paid(CAROL, BOB, block=3), {("funds", BOB, WRAPPED, None, 3)}),
        (allowed(BOB, block=3), {("funds", BOB, WRAPPED, None, 3)}),
        (deposited(BOB, block=3), {("funds", BOB, WRAPPED, None, 3)}),
        (deposited(ALICE, block=3), set()),
    ],
)
async def test_a_cause_is_queued_if_an_open_order_depends_on_it(
    market: Market, said: Log, causes: set[tuple[Any, ...]]
) -> None:
    await market.order(1)
    await market.order(2, contract=EDITIONS, quantity=10)
    await market.order(3, BOB, side="item_offer")
    await market.say(said)
    assert await market.causes() == causes


async def test_what_changes_again_is_one_cause_with_the_newest_block(market: Market) -> None:
    await market.order(1)
    await market.say(approved_for_all(ALICE, block=3), approved_for_all(ALICE, block=4))
    await market.say(approved_for_all(ALICE, block=5))
    assert await market.causes() == {("approval", ALICE, CATS, None, 5)}


async def test_nothing_depends_on_an_order_that_is_cancelled(market: Market) -> None:
    await market.order(1)
    await market.say(cancelled(1, ALICE, block=3), transfer(ALICE, BOB, 1, block=3, index=1))
    assert await market.causes() == set()


async def test_a_token_that_leaves_its_maker_is_not_for_sale_in_the_same_moment(market: Market) -> None:
    await market.order(1)
    await market.order(2, token=2, price=3 * ETHER)
    await market.say(MOVED)
    assert (await market.stats())[:2] == (1, 3)
    assert await market.one("status, reasons") == [("inactive", ["not_owner"]), ("active", [])]
    await market.say(transfer(CAROL, ALICE, 1, block=4))
    assert await market.one("status") == [("inactive",), ("active",)], "it may not be approved any more"
    await market.index.back_to(2)
    assert await market.one("status, reasons") == [("active", []), ("active", [])]
    assert (await market.stats())[:2] == (2, 1)


async def test_what_happened_before_an_order_was_checked_makes_it_not_inactive(market: Market) -> None:
    await market.order(1, checked=3)
    await market.say(MOVED)
    assert await market.one("status") == [("active",)]
    assert await market.causes() == {("token", None, CATS, 1, 3)}, "the check may have been of another fork"


async def test_units_that_leave_their_maker_are_left_to_the_checker(market: Market) -> None:
    await market.order(1, contract=EDITIONS, quantity=10)
    await market.say(single(ALICE, BOB, 1, 10, block=3))
    assert await market.one("status") == [("active",)]


async def test_what_was_settled_above_the_ancestor_waits_again(market: Market) -> None:
    """Whether the check has changed an order or not: the other chain may say something else."""
    await market.order(1)
    await market.order(2, token=2)
    connection = market.index.writer.connection
    settling = "update catalog_service.order_causes set settled_block = $1 where cause = $2 returning id"
    await market.say(log(CATS, [*allowed(ALICE).topics, topic(2)], block=3))
    await connection.execute(settling, 3, "token")
    await market.say(approved_for_all(ALICE, block=4))
    before = await connection.fetchval(settling, 4, "approval")
    await connection.execute("update catalog_service.order_causes set checked_to = catalog_service.order_id('x', 'y')")
    await market.index.back_to(3)
    rows = await connection.fetch("select cause, block, settled_block, id from catalog_service.order_causes")
    begun = await connection.fetch("select cause from catalog_service.order_causes where checked_to is not null")
    assert [row["cause"] for row in begun] == ["token"], "its orders are checked from the first one again"
    assert {tuple(row)[:3] for row in rows} == {("token", 3, 3), ("approval", 3, None)}
    # A check that has begun before the reorg knows the cause by its old id, and does not settle it.
    assert before not in {row["id"] for row in rows}
