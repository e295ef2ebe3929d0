"""Flows are told once that there is something to do, and again where that was lost; what is old is swept."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.webhooks import history, waking
from steadymint.webhooks.deliveries import Deliveries
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.waking import Waker
from tests.support.webhooks import ALICE, SEAL, a_user, given_out, happen, listening, minted, subscribed


async def test_a_flow_is_woken_once_for_many_events_and_again_if_nobody_has_told_it(pool: asyncpg.Pool) -> None:
    alice = await a_user(pool, ALICE)
    hook, _ = await subscribed(pool, alice)
    await listening(pool)
    woken: list[UUID] = []
    answers = [False, True, True]

    async def wake(webhook_id: UUID) -> bool:
        woken.append(webhook_id)
        return answers.pop(0)

    waker = Waker(pool, wake, kept_days=30)
    await happen(pool, *(minted(ALICE) for _ in range(3)))
    await given_out(pool)
    assert await waker.tell() == 0, "Temporal did not answer"
    assert await waker.tell() == 1
    await happen(pool, minted(ALICE))
    await given_out(pool)
    assert await waker.tell() == 0, "it is at work already"
    await waker.find_lost()
    assert await waker.tell() == 0
    await pool.execute("update event_service.webhooks set worked_at = now() - interval '1 hour'")
    await waker.find_lost()
    assert await waker.tell() == 1, "no sign of life"
    assert woken == [hook.webhook_id] * 3


@pytest.mark.parametrize("wish", ["replay", "delete"])
async def test_a_wake_up_that_was_lost_is_found_whatever_it_was_for(pool: asyncpg.Pool, wish: str) -> None:
    hook, _ = await subscribed(pool, None)
    webhook_id = hook.webhook_id
    await listening(pool)
    await happen(pool, minted(ALICE))
    await given_out(pool)
    await pool.execute("update event_service.webhook_deliveries set status = 'delivered'")
    await pool.execute("update event_service.webhooks set wake = false, busy = false, worked_at = now()")
    if wish == "replay":
        await history.replay(pool, webhook_id, 1, None, dead_only=False)
    else:
        await Subscriptions(pool, SEAL).delete(None, webhook_id)
    woken: list[UUID] = []

    async def wake(webhook_id: UUID) -> bool:
        woken.append(webhook_id)
        if len(woken) == 1:
            await asyncio.Event().wait()
        return True

    waker = Waker(pool, wake, kept_days=30)
    telling = asyncio.create_task(waker.tell())
    while not woken:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)
    assert await waker.tell() == 1, "the worker has stopped while it told"
    await pool.execute("update event_service.webhooks set worked_at = now() - interval '1 hour'")
    await waker.find_lost()
    assert await waker.tell() == 1, "a worker was killed while it told"
    deliveries = Deliveries(pool)
    await deliveries.begin(webhook_id, uuid4())
    if wish == "replay":  # an attempt for a deleted webhook looks at nothing else
        await pool.execute("update event_service.webhook_deliveries set status = 'delivered'")
        await deliveries.rest(webhook_id, hook.created_at)
    await pool.execute("update event_service.webhooks set worked_at = now() - interval '1 hour'")
    await waker.find_lost()
    assert await waker.tell() == 0, "its flow has looked"


async def test_all_that_is_old_is_swept_in_batches(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "SWEPT_AT_ONCE", 1)
    alice = await a_user(pool, ALICE)
    hook, _ = await subscribed(pool, alice)
    await listening(pool)
    await happen(pool, *(minted(ALICE) for _ in range(4)))
    await given_out(pool)
    old = "select event_id from event_service.webhook_deliveries where seq <= 3"
    for table in ("webhook_events", "webhook_deliveries"):
        await pool.execute(
            f"update event_service.{table} set created_at = now() - interval '31 days' where event_id in ({old})"
        )
    for days in (29, 31):
        await pool.execute(
            "insert into event_service.webhooks (webhook_id, url, status, updated_at)"
            " values ($1, '', 'deleted', now() - $2 * interval '1 day')",
            UUID(int=days),
            days,
        )

    async def wake(_: UUID) -> bool:
        return True

    await Waker(pool, wake, kept_days=30).sweep()
    for table in ("webhook_events", "webhook_deliveries"):
        assert await pool.fetchval(f"select count(*) from event_service.{table}") == 1
    assert {row["webhook_id"] for row in await pool.fetch("select webhook_id from event_service.webhooks")} == {
        hook.webhook_id,
        UUID(int=29),
    }
