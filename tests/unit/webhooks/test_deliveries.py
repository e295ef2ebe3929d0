"""The rows of a webhook: whose word counts, in which order they are locked, and what is left to do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from steadymint.domain.types import UserId
from steadymint.domain.webhooks import DeliveryStatus, WebhookStatus
from steadymint.webhooks.deliveries import Deliveries, Endpoint, Fare, Tried
from steadymint.webhooks.subscriptions import Subscriptions
from steadymint.webhooks.wanted import Change
from tests.support.webhooks import ALICE, CATS, SEAL, a_user, given_out, happen, listening, minted, subscribed

NOW = datetime(2026, 1, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
REFUSED = Tried(1, DeliveryStatus.PENDING, 500, "refused", LATER)


class Hook:
    """A webhook of Alice's that is to get two events of one subject."""

    def __init__(self, pool: asyncpg.Pool, user_id: UserId, webhook_id: UUID) -> None:
        self.pool = pool
        self.user_id = user_id
        self.webhook_id = webhook_id
        self.deliveries = Deliveries(pool)

    async def begun(self) -> Endpoint:
        endpoint = await self.deliveries.begin(self.webhook_id, uuid4())
        assert endpoint is not None
        return endpoint

    async def due(self, endpoint: Endpoint) -> list[int]:
        return [one.seq for one in await self.deliveries.due(endpoint, NOW, 10)]

    async def rows(self) -> list[tuple[Any, ...]]:
        found = await self.pool.fetch("select status, attempts from event_service.webhook_deliveries order by seq")
        return [tuple(row) for row in found]


@pytest.fixture
async def hook(pool: asyncpg.Pool) -> Hook:
    alice = await a_user(pool, ALICE)
    made, _ = await subscribed(pool, alice)
    await listening(pool)
    await happen(pool, minted(ALICE, CATS), minted(ALICE, CATS))
    await given_out(pool)
    return Hook(pool, alice, made.webhook_id)


async def test_an_older_attempt_sends_no_more(hook: Hook) -> None:
    older = await hook.begun()
    assert await hook.due(older) == [1, 2]
    newer = await hook.begun()
    assert (await hook.due(older), await hook.due(newer)) == ([], [1, 2])


async def test_an_attempt_that_knows_an_old_address_or_secret_or_owner_sends_no_more(hook: Hook) -> None:
    subscriptions = Subscriptions(hook.pool, SEAL)
    own = (hook.user_id, hook.webhook_id)
    attempt = await hook.begun()
    await subscriptions.change(*own, Change(description="x", description_given=True))
    assert await hook.due(attempt) == [1, 2]
    for change in (Change(url="https://b.web.example/"), Change(status=WebhookStatus.ACTIVE)):
        await subscriptions.change(*own, change)
        assert await hook.due(attempt) == []
        attempt = await hook.begun()
    for overlap in (True, False):
        await subscriptions.rotate(*own, overlap=overlap)
        assert await hook.due(attempt) == []
        attempt = await hook.begun()
    assert await hook.due(attempt) == [1, 2]
    await hook.pool.execute("update user_service.users set status = 'banned'")
    assert await hook.due(attempt) == []
    assert await hook.deliveries.probe(attempt) == []


async def test_what_has_come_of_events_waits_for_who_changes_the_webhook_and_holds_none_of_its_rows(hook: Hook) -> None:
    endpoint = await hook.begun()
    async with hook.pool.acquire() as leased:
        connection: Any = leased
        async with connection.transaction():  # as `Subscriptions.change`: the webhook, then its deliveries
            await connection.execute("update event_service.webhooks set description = 'x'")
            recorded = asyncio.create_task(
                hook.deliveries.record(endpoint, [REFUSED], Fare(1, NOW), NOW, failed_since=None)
            )
            while not await hook.pool.fetchval(WAITING):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            await connection.fetch("select from event_service.webhook_deliveries for update nowait")
    await recorded
    assert await hook.rows() == [("pending", 1), ("pending", 0)]


async def test_of_an_older_attempt_counts_what_was_taken_and_no_failure(hook: Hook) -> None:
    older = await hook.begun()
    await hook.begun()
    taken = Tried(2, DeliveryStatus.DELIVERED, 200)
    for fare in (None, Fare(1, NOW)):
        await hook.deliveries.record(older, [REFUSED, taken], fare, NOW, failed_since=None)
        assert await hook.rows() == [("pending", 0), ("delivered", 1)]
    assert await hook.pool.fetchval("select failures from event_service.webhooks") == 0


async def test_a_flow_rests_until_something_can_be_sent(hook: Hook) -> None:
    await hook.pool.execute(
        "update event_service.webhook_deliveries"
        " set tried_since = $1::timestamptz, retry_at = case seq when 1 then $2 else $1::timestamptz end",
        NOW,
        LATER,
    )
    left = await hook.deliveries.rest(hook.webhook_id, NOW)
    assert left is not None
    assert (left.busy, left.next_at) == (False, LATER), "the second waits behind the first"
    await hook.pool.execute("update event_service.webhooks set failures = 9, failing_since = $1, retry_at = $1", NOW)
    await hook.pool.execute("update event_service.webhook_deliveries set status = 'dead', retry_at = null")
    left = await hook.deliveries.rest(hook.webhook_id, LATER)
    assert left is not None
    assert (left.busy, left.next_at) == (False, None), "nothing is left to be tried"
