"""Changes of orders are in the outbox once, in their order, as viewers of the market see them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import orjson
from pydantic import TypeAdapter

from api.market.bodies.webhook_events import MESSAGES
from steadymint.events.event import ORDERS, PositionedEvent
from steadymint.market.outbox import OrderPublisher
from steadymint.market.reads.events import OrderEvents
from steadymint.webhooks.message import body_of
from steadymint.webhooks.told import told_of
from tests.support.order_changes import Orders

AT = datetime(2026, 1, 2, tzinfo=UTC)


async def test_each_change_is_told_once_and_in_order_whoever_publishes(pool: asyncpg.Pool) -> None:
    orders, events = await Orders.of(pool), OrderEvents(pool)
    before = await orders.list()
    await events.last()
    publishers = [OrderPublisher(pool) for _ in range(3)]
    for publisher in publishers:
        await publisher.register()
    await orders.change(before)
    hidden = await Orders.of(pool, 2, is_hidden=True)
    await hidden.list(maker=2)
    await orders.change(before, active=True)
    await events.last()
    while any(await asyncio.gather(*(publisher.publish() for publisher in publishers))):
        pass
    rows = await pool.fetch("select stream, type, payload from event_service.outbox order by id")
    assert {row["stream"] for row in rows} == {ORDERS}
    assert [row["payload"]["status"] for row in rows] == ["inactive", "active"], "what is shown, from then on"
    for row in rows:
        event = PositionedEvent(1, AT, uuid4(), ORDERS, row["type"], AT, row["payload"])
        told = told_of(event)
        assert told is not None
        assert told.accounts == {(row["payload"]["chainId"], row["payload"]["maker"].lower())}
        body = orjson.dumps(body_of(event.event_id, told.name, 1, AT, event.payload))
        TypeAdapter(MESSAGES[told.name].shape).validate_json(body)
