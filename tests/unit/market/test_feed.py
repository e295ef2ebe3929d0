"""Viewers of orders: each gets every change that it wants, once and in order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import asyncpg
import orjson
import pytest

from steadymint.domain.types import Address, ChainId
from steadymint.live.viewer import BUFFER, ShownStep, Viewer
from steadymint.market.feed import PAGE, OrderFeed
from steadymint.market.reads.events import OrderEvent, OrderEvents, OrderWatch
from tests.support.catalog_rows import CHAIN, account
from tests.support.order_changes import Orders
from tests.support.viewing import connected

EVERYTHING = OrderWatch()


@pytest.fixture
async def orders(pool: asyncpg.Pool) -> Orders:
    return await Orders.of(pool)


class Watched(OrderEvents):
    """The events, with what was asked for; the first `failing` questions fail."""

    def __init__(self, pool: asyncpg.Pool, failing: int = 0) -> None:
        super().__init__(pool)
        self.asked: list[int] = []
        self.failing = failing

    async def after(self, seq: int, most: int) -> list[OrderEvent]:
        self.asked.append(seq)
        if self.failing:
            self.failing -= 1
            raise ConnectionError
        return await super().after(seq, most)


def feed_of(pool: asyncpg.Pool) -> OrderFeed:
    return OrderFeed(OrderEvents(pool), poll=0.01)


async def read(viewer: Viewer, count: int) -> list[ShownStep]:
    async with connected(viewer) as connection:
        return await connection.received(count)


def statuses(steps: Sequence[ShownStep]) -> list[str]:
    return [orjson.loads(step.view)["status"] for step in steps]


async def test_a_viewer_is_told_what_changes_from_now_on(pool: asyncpg.Pool, orders: Orders) -> None:
    order = await orders.list()
    async with feed_of(pool) as feed:
        viewer = feed.join(EVERYTHING, await feed.last(), 60)
        await orders.change(order)
        await orders.change(order, active=True)
        steps = await read(viewer, 2)
    assert [step.seq for step in steps] == [2, 3]
    assert statuses(steps) == ["inactive", "active"]
    event = orjson.loads(steps[0].view)
    assert (event["seq"], event["reasons"], event["tokenId"]) == (2, ["not_owner"], "0")
    assert event["price"]["raw"] == str(3 * 10**18)
    assert event["price"]["amount"] == "3"


async def test_a_viewer_is_told_only_what_it_wants(pool: asyncpg.Pool, orders: Orders) -> None:
    other = await Orders.of(pool, 2)
    watches = {
        "maker": OrderWatch(maker=Address(account(8))),
        "contract": OrderWatch(ChainId(CHAIN), other.contract),
        "chain": OrderWatch(ChainId(CHAIN)),
        "another chain": OrderWatch(ChainId("eip155:1")),
        "both": OrderWatch(ChainId(CHAIN), other.contract, Address(account(8))),
    }
    async with feed_of(pool) as feed:
        viewers = {name: feed.join(watch, 0, 60) for name, watch in watches.items()}
        for of, maker in ((orders, 1), (other, 1), (orders, 8), (other, 8)):
            await of.list(maker)
        wanted = {"maker": [3, 4], "contract": [2, 4], "chain": [1, 2, 3, 4], "both": [4]}
        for name, seqs in wanted.items():
            assert [step.seq for step in await read(viewers[name], len(seqs))] == seqs, name
        async with asyncio.timeout(20):
            while viewers["another chain"].seq < 4:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert viewers["another chain"].drained


async def test_orders_of_a_hidden_collection_are_told_to_nobody(pool: asyncpg.Pool, orders: Orders) -> None:
    hidden = await Orders.of(pool, 2, is_hidden=True)
    async with feed_of(pool) as feed:
        viewer = feed.join(EVERYTHING, 0, 60)
        await hidden.list()
        await orders.list()
        assert [step.seq for step in await read(viewer, 1)] == [2]


async def many_events(pool: asyncpg.Pool, orders: Orders, number: int) -> None:
    """Changes of one order, the last of them numbered."""
    order = await orders.list()
    await pool.execute(
        """insert into catalog_service.order_events
            (chain_id, order_id, status, reasons, quantity_filled, fillable, price_amount)
        select chain_id, id, 'active', '{}', 0, 1, price_amount from catalog_service.orders, generate_series(2, $2)
        where id = $1""",
        order, number,
    )  # fmt: skip
    while await OrderEvents(pool).last() < number:
        pass


async def test_who_comes_back_from_far_behind_gets_all_and_keeps_nobody_waiting(
    pool: asyncpg.Pool, orders: Orders
) -> None:
    last = 3 * PAGE
    await many_events(pool, orders, last)
    log = Watched(pool)
    async with OrderFeed(log, poll=0.01) as feed:
        late, live = feed.join(EVERYTHING, 0, 60), feed.join(EVERYTHING, last - 1, 60)
        async with connected(late) as behind, connected(live) as ahead:
            assert [step.seq for step in await behind.received(last)] == list(range(1, last + 1))
            assert await ahead.received(1) == behind.steps[-1:]
    assert log.asked == [last - 1, 0, PAGE, 2 * PAGE], "one who is nearly there is read for first, and then not again"


async def test_who_comes_back_after_all_that_was_missed_is_deleted_is_told_what_happens_next(
    pool: asyncpg.Pool, orders: Orders
) -> None:
    order = await orders.list()
    await orders.change(order)
    async with feed_of(pool) as feed:
        assert await feed.last() == 2
        await pool.execute("delete from catalog_service.order_events")
        viewer = feed.join(EVERYTHING, 0, 60)
        async with asyncio.timeout(20):
            while viewer.seq < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await orders.change(order, active=True)
        assert [step.seq for step in await read(viewer, 1)] == [3]


async def test_of_a_reader_that_does_not_read_little_is_kept_and_nothing_is_lost(
    pool: asyncpg.Pool, orders: Orders
) -> None:
    number = 3 * BUFFER
    await many_events(pool, orders, number)
    async with feed_of(pool) as feed:
        slow, quick = feed.join(EVERYTHING, 0, 60), feed.join(EVERYTHING, 0, 60)
        async with connected(slow) as connection:
            connection.block()
            await read(quick, number)
            assert len(slow._steps) <= BUFFER
            assert not slow.has_room
            connection.open.set()
            assert [step.seq for step in await connection.received(number)] == list(range(1, number + 1))


async def test_events_that_could_not_be_read_come_when_postgres_is_back(
    pool: asyncpg.Pool, orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("steadymint.market.feed.RETRY", 0.01)
    log = Watched(pool, failing=2)
    async with OrderFeed(log, poll=0.01) as feed:
        viewer = feed.join(EVERYTHING, 0, 60)
        await orders.list()
        assert [step.seq for step in await read(viewer, 1)] == [1]
    assert log.asked == [0, 0, 0]


async def test_while_nobody_watches_nothing_is_asked(pool: asyncpg.Pool, orders: Orders) -> None:
    log = Watched(pool)
    async with OrderFeed(log, poll=0.01) as feed:
        viewer = feed.join(EVERYTHING, 0, 60)
        await orders.list()
        await read(viewer, 1)
        feed.leave(viewer)
        asked = len(log.asked)
        await orders.list()
        await asyncio.sleep(0.1)
        assert len(log.asked) == asked
        again = feed.join(EVERYTHING, 1, 60)
        assert [step.seq for step in await read(again, 1)] == [2]
