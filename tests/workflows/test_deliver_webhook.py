"""The flow that delivers to a webhook: when it sends, rests and ends; and a receiver that is down for a day."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from steadymint.domain.webhooks import DELIVER_WEBHOOK, workflow_id_of
from steadymint.durable import policies
from steadymint.outbound.client import ClientLimits, OutboundClient
from steadymint.webhooks.deliveries import Deliveries
from steadymint.webhooks.delivering import WebhookDeliverer
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.waking import Waker
from tests.support.internet import Internet
from tests.support.scripted_webhooks import ALL_SENT, MORE, ScriptedDeliverer, a_webhook, delivering
from tests.support.webhooks import (
    ALICE,
    CATS,
    DOGS,
    SEAL,
    Receiver,
    a_user,
    given_out,
    happen,
    listening,
    minted,
    subscribed,
)

LIMITS = ClientLimits(per_host=64, host_rate=10_000, max_redirects=0, user_agent="test")


@pytest.mark.slow
async def test_a_receiver_that_is_down_for_a_day_gets_each_event_once_in_order_and_signed(
    pool: asyncpg.Pool, internet: Internet, time_skipping: TimeSkipper
) -> None:
    receiver = Receiver()
    alice = await a_user(pool, ALICE)
    hook, receiver.secret = await subscribed(pool, alice, await internet.site("a.web.example", receiver.take))
    await listening(pool)
    receiver.down = 502
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        deliverer = WebhookDeliverer(Deliveries(pool), client, SEAL, timeout=5, at_once=8)
        async with delivering(time_skipping.client, deliverer) as flows:
            waker = Waker(pool, flows.wake, kept_days=30)
            handle: Any = time_skipping.client.get_workflow_handle(workflow_id_of(hook.webhook_id))

            async def something_happens() -> None:
                await happen(pool, *(minted(ALICE, contract) for contract in (CATS, DOGS) * 5))
                await given_out(pool)
                await waker.tell()

            await something_happens()
            while receiver.tries < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            for _ in range(2):
                await time_skipping.fast_forward(handle, timedelta(hours=12))
                await something_happens()
            assert receiver.taken == []
            assert receiver.tries < 50
            receiver.down = 0
            await time_skipping.fast_forward(handle, timedelta(hours=1, minutes=10))
            while len(receiver.taken) < 30:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            seen = str([event async for event in handle.fetch_history_events()])
            await Subscriptions(pool, SEAL).delete(alice, hook.webhook_id)
            await waker.tell()
            await handle.result()
    assert sorted(receiver.sequence) == list(range(1, 31))
    assert receiver.twice() == []
    for contract in (CATS, DOGS):
        numbers = [one["sequence"] for one in receiver.taken if one["data"]["contract"] == contract]
        assert numbers == sorted(numbers)
    assert not [word for word in (receiver.secret, ALICE, CATS, "web.example", "tokenIds") if word in seen]


async def test_a_hundred_wake_ups_are_one_flow_and_its_history_stays_short(
    temporal_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "WEBHOOK_EVENTS", 60)
    webhook_id = a_webhook()
    deliverer = ScriptedDeliverer(*[MORE] * 30, *[ALL_SENT] * 400)
    async with delivering(temporal_client, deliverer) as flows:
        await flows.wake(webhook_id)
        handle: Any = temporal_client.get_workflow_handle(workflow_id_of(webhook_id))
        begun_as = (await handle.describe()).run_id
        assert all(await asyncio.gather(*(flows.wake(webhook_id) for _ in range(100))))
        await deliverer.until(31)
        description = await handle.describe()
        assert description.run_id != begun_as
        assert description.history_length < 60 + 130  # the signals of the hundred may come in one run
        found = {pair.key.name: pair.value for pair in description.typed_search_attributes}
        assert (found["Flow"], found["Step"]) == (DELIVER_WEBHOOK, "delivering")
        details = str((await handle.query("__temporal_workflow_metadata")).current_details)
        assert "**Delivering**: the last event is number" in details
        deliverer.left.clear()
        await flows.wake(webhook_id)
        await handle.result()
