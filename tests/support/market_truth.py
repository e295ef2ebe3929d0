"""What the real Seaport says of orders, without the code under test: their status, their makers' counters, and whether
a simulated fill is refused."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import asyncpg

from steadymint.chain.calls.abi import selector
from steadymint.domain.errors import SteadymintError
from steadymint.domain.market.amounts import Filled, remaining_of
from steadymint.domain.market.findings import Code, OrderStatus
from steadymint.domain.market.fulfilment.outcomes import Absence
from steadymint.domain.market.fulfilment.parts import Part
from steadymint.domain.market.sides import Side
from steadymint.domain.market.submitted import SubmittedOrder
from steadymint.domain.types import UINT256_MAX, Standard
from tests.contracts.harness import calldata
from tests.contracts.order_stage import lower
from tests.contracts.seaport import ETHER
from tests.support.market_world import World, criteria_of, name_of
from tests.support.trading import CHAIN

STATUS, COUNTER = selector("getOrderStatus", ("bytes32",)), selector("getCounter", ("address",))


async def faults(world: World, now: int) -> list[str]:
    """Orders of the catalog that stand otherwise than the chain says at `now`, and what a purchase misses of them."""
    rows = await world.trading.pool.fetch("select * from catalog_service.orders order by order_hash")
    by_hash = {"0x" + order.hash.hex(): order for order in world.orders}
    orders = [by_hash[row["order_hash"]] for row in rows]
    truths = await _truths(world, orders, now)
    wrong = [
        f"{name_of(order)} is {row['status']} {row['reasons']}, but {fault}"
        for order, row, truth in zip(orders, rows, truths, strict=True)
        if (fault := await _fault(world, order, row, truth, now))
    ]
    active = [order for order, row in zip(orders, rows, strict=True) if row["status"] == OrderStatus.ACTIVE]
    return wrong + await _missed(world, active)


async def _truths(world: World, orders: Sequence[SubmittedOrder], now: int) -> list[tuple[OrderStatus | None, int]]:
    """How each has ended, if it has, and how many units are left."""
    seaport = world.stage.seaport.market.seaport
    asked = [STATUS + order.hash for order in orders]
    asked += [COUNTER + bytes.fromhex(order.read.maker[2:]).rjust(32, b"\0") for order in orders]
    answers = [_words(one) for one in await world.calls([{"to": seaport, "data": "0x" + one.hex()} for one in asked])]
    found: list[tuple[OrderStatus | None, int]] = []
    for order, status, counter in zip(orders, answers[: len(orders)], answers[len(orders) :], strict=True):
        left = remaining_of(order.read.quantity, Filled(status[2], status[3]))
        ended = {
            OrderStatus.FILLED: left == 0,
            OrderStatus.CANCELLED: status[1] == 1 or counter[0] != order.components.counter,
            OrderStatus.EXPIRED: now >= order.read.end_time,
        }
        found.append((next((status for status, holds in ended.items() if holds), None), left))
    return found


async def _fault(
    world: World, order: SubmittedOrder, row: asyncpg.Record, truth: tuple[OrderStatus | None, int], now: int
) -> str:
    ended, left = truth
    if ended is not None:
        return "" if row["status"] == ended else f"it is {ended}"
    if row["quantity_filled"] != order.read.quantity - left:
        return f"{order.read.quantity - left} units are filled, not {row['quantity_filled']}"
    if row["status"] != OrderStatus.ACTIVE:
        return "it can be filled" if (await _fills(world, order, now, 1))[0] else ""
    several, fillable = order.read.standard is Standard.ERC1155, int(row["fillable"])
    counts = (fillable, fillable + 1) if several and fillable < left else (fillable if several else 1,)
    fills = await _fills(world, order, now, *counts)
    if not fills[0]:
        return f"{fillable} units cannot be filled"
    return f"more than {fillable} units can be filled" if any(fills[1:]) else ""


async def _fills(world: World, order: SubmittedOrder, now: int, *counts: int) -> list[bool]:
    """Whether the dealer, who has all that it takes, could fill so many units in the newest block."""
    value = 100 * ETHER if order.read.currency is None else 0
    seaport, dealer = world.stage.seaport.market.seaport, world.stage.dealer
    calls = [
        {"from": dealer, "to": seaport, "data": _filling(world, order.hash, count), "value": hex(value)}
        for count in counts
    ]
    return [isinstance(answer, str) for answer in await world.calls(calls, now)]


async def _missed(world: World, active: Sequence[SubmittedOrder]) -> list[str]:
    """A purchase of all listings in the chain's own currency takes each, but for tokens that two of them sell."""
    listings = [order for order in active if order.read.side is Side.LISTING and order.read.currency is None]
    if not listings:
        return []
    parts = [Part(order, order.read.quantity) for order in listings]
    try:
        prepared = await world.builder.purchase(
            CHAIN, lower(world.stage.dealer), parts, highest_total=UINT256_MAX, deadline=0
        )
    except SteadymintError as error:
        return [f"a purchase of {list(map(name_of, listings))} is refused: {error.detail} {error.extra}"]
    # The purchase is tried a second later, when an order may have ended.
    expected = {Absence.SAME_TOKEN.value, Code.EXPIRED.value}
    return [
        f"a purchase misses {name_of(one.part.order)}: {one.problem}"
        for one in prepared.missing
        if one.code not in expected
    ]


@cache
def _filling(world: World, order_hash: bytes, units: int) -> str:
    order = next(order for order in world.orders if order.hash == order_hash)
    part = (units, order.read.quantity) if order.read.in_parts else (1, 1)
    seaport = world.stage.seaport
    call = seaport.fulfill(order.components, order.signature, part=part, criteria=criteria_of(order))
    return "0x" + calldata(call).hex()


def _words(answer: Any) -> list[int]:
    assert isinstance(answer, str), answer
    return [int(answer[at : at + 64], 16) for at in range(2, len(answer), 64)]
