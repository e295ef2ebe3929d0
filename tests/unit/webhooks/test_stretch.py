"""What an attempt tells the flow when it could not even ask."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from steadymint.domain.webhooks import Standing, StretchOrder, StretchSummary
from steadymint.outbound.client import ClientLimits, OutboundClient
from steadymint.webhooks import delivering
from steadymint.webhooks.deliveries import Deliveries
from steadymint.webhooks.delivering import WebhookDeliverer
from tests.support.internet import Internet
from tests.support.webhooks import ALICE, CATS, SEAL, Receiver, a_user, given_out, happen, listening, minted, subscribed

ONE_PLACE = ClientLimits(per_host=1, host_rate=10_000, max_redirects=0, user_agent="test")
START = datetime(2026, 1, 2, tzinfo=UTC)


async def test_who_finds_no_place_at_its_host_leaves_the_worker_and_comes_back_later(
    pool: asyncpg.Pool, internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "PATIENCE", 0.05)
    receiver = Receiver()
    url = await internet.site("a.web.example", receiver.take)
    hook, receiver.secret = await subscribed(pool, await a_user(pool, ALICE), url)
    await listening(pool)
    await happen(pool, minted(ALICE, CATS))
    await given_out(pool)
    receiver.gate.clear()
    async with OutboundClient.open(ONE_PLACE, network=internet.network) as client, asyncio.TaskGroup() as tasks:
        deliverer = WebhookDeliverer(Deliveries(pool), client, SEAL, timeout=30, at_once=8)

        async def deliver() -> StretchSummary:
            order = StretchOrder(webhook_id=hook.webhook_id, at=START)
            return await deliverer.stretch(order, asyncio.Event(), lambda _: None)

        tasks.create_task(deliver())
        while not receiver.tries:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        last = await deliver()
        assert (last.standing, last.delivered, last.failed, last.waiting) == (Standing.DELIVERING, 0, 0, 1)
        assert last.due is False, "the flow would come back at once"
        assert last.next_at is not None
        assert last.next_at - START >= timedelta(seconds=20)
        receiver.gate.set()
    assert receiver.taken
