"""Changes of orders get their numbers, whether somebody watches or not, and are deleted when they are old."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from steadymint.market.numbering import number_events
from steadymint.market.reads.events import OrderEvents
from tests.support.order_changes import Orders


class Failing(OrderEvents):
    """The events of a database that answers from the third question on."""

    asked = 0

    async def last(self) -> int:
        self.asked += 1
        if self.asked <= 2:
            raise ConnectionError
        return await super().last()


@asynccontextmanager
async def numbering(events: OrderEvents) -> AsyncIterator[None]:
    task = asyncio.create_task(number_events(events, poll=0.01))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_numbered(pool: asyncpg.Pool, seqs: list[int]) -> None:
    found: list[int | None] = []
    async with asyncio.timeout(20):
        while found != seqs:
            await asyncio.sleep(0.01)
            rows = await pool.fetch("select seq from catalog_service.order_events order by id")
            found = [row["seq"] for row in rows]


async def test_changes_are_numbered_in_the_order_in_which_they_were_written(pool: asyncpg.Pool) -> None:
    orders = await Orders.of(pool)
    async with numbering(OrderEvents(pool)), numbering(OrderEvents(pool)):
        order = await orders.list()
        for active in (False, True):
            await orders.change(order, active=active)
        await until_numbered(pool, [1, 2, 3])


async def test_changes_of_an_outage_are_numbered_after_it(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steadymint.market.numbering.REST", 0.01)
    await (await Orders.of(pool)).list()
    async with numbering(Failing(pool)):
        await until_numbered(pool, [1])


async def test_old_changes_are_deleted_and_others_are_still_told(pool: asyncpg.Pool) -> None:
    orders, events = await Orders.of(pool), OrderEvents(pool)
    order = await orders.list()
    for active in (False, True, False):
        await orders.change(order, active=active)
    assert await events.last() == 4
    await pool.execute(
        "update catalog_service.order_events set occurred_at = now() - interval '31 days' where seq <= 2"
    )
    assert await events.sweep() == 2
    assert [event.seq for event in await events.after(0, 10)] == [3, 4]
    assert await events.sweep() == 0
    await orders.change(order, active=True)
    assert await events.last() == 5
