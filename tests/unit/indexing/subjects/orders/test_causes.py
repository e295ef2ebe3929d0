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


async def test_orders_that_were_checked_above_the_ancestor_are_checked_again(market: Market) -> None:
    await market.order(1, checked=3)
    await market.order(2, token=2, checked=2)
    await market.say(approved_for_all(ALICE, block=3))
    await market.index.back_to(2)
    columns = "(select order_hash from catalog_service.orders o where o.id = c.order_id), cause, block"
    rows = await market.index.writer.connection.fetch(f"select {columns} from catalog_service.order_causes c")
    assert sorted(tuple(row)[1:] for row in rows) == [("approval", 2), ("order", 2)]
    assert {row[0] for row in rows} == {None, "0x" + "0" * 63 + "1"}
