"""What a receiver gets, in which order, how often; and what becomes of what it does not take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiohttp import web
from standardwebhooks import Webhook

from steadymint.domain.types import UserId
from steadymint.domain.webhooks import DeliveryStatus, PausedBecause, Standing, StretchOrder, StretchSummary
from steadymint.events.event import WEBHOOKS
from steadymint.outbound.client import ClientLimits, OutboundClient
from steadymint.webhooks import delivering, history
from steadymint.webhooks.bell import Bell
from steadymint.webhooks.deliveries import Deliveries
from steadymint.webhooks.delivering import WebhookDeliverer
from steadymint.webhooks.subscriptions import Subscriptions, WebhookStatus
from steadymint.webhooks.wanted import Change
from tests.support.internet import Internet
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
    stepped,
    subscribed,
)

LIMITS = ClientLimits(per_host=64, host_rate=10_000, max_redirects=0, user_agent="test")
START = datetime(2026, 1, 2, tzinfo=UTC)
PATIENCE = 30.0
"""Seconds that an answer may take on a machine that others use as well."""


class Post:
    """A webhook of Alice's, its receiver, and a clock that the test moves."""

    def __init__(self, pool: asyncpg.Pool, client: OutboundClient) -> None:
        self.pool = pool
        self._client = client
        self.deliverer = self.deliverer_of(timeout=PATIENCE)
        self.receiver = Receiver()
        self.user_id = UserId(uuid4())
        self.webhook_id = uuid4()
        self.now = START
        self.stop = asyncio.Event()

    def deliverer_of(self, timeout: float) -> WebhookDeliverer:
        """`timeout`: seconds of one request."""
        return WebhookDeliverer(Deliveries(self.pool), self._client, SEAL, timeout=timeout, at_once=8)

    async def open(self, internet: Internet) -> None:
        self.user_id = await a_user(self.pool, ALICE)
        url = await internet.site("a.web.example", self.receiver.take) + "/hook"
        hook, self.receiver.secret = await subscribed(self.pool, self.user_id, url)
        self.webhook_id = hook.webhook_id
        await listening(self.pool)

    async def happen(self, *contracts: str) -> None:
        await happen(self.pool, *(minted(ALICE, contract) for contract in contracts))
        await given_out(self.pool)

    async def deliver(self) -> StretchSummary:
        order = StretchOrder(webhook_id=self.webhook_id, at=self.now)
        return await self.deliverer.stretch(order, self.stop, lambda _: None)

    async def deliver_for(self, span: timedelta) -> StretchSummary:
        """As the flow does: at once, and whenever something is due."""
        end = self.now + span
        last = await self.deliver()
        while last.next_at is not None and last.next_at <= end:
            self.now = max(last.next_at, self.now + timedelta(seconds=1))
            last = await self.deliver()
        self.now = end
        return last

    async def statuses(self) -> list[str]:
        found = await history.deliveries(self.pool, self.webhook_id, status=None, before=None, limit=1_000)
        return [one.status for one in reversed(found)]


@pytest.fixture
async def post(pool: asyncpg.Pool, internet: Internet) -> AsyncIterator[Post]:
    async with OutboundClient.open(LIMITS, network=internet.network) as client:
        made = Post(pool, client)
        await made.open(internet)
        yield made


async def test_events_arrive_once_signed_and_in_the_order_of_their_subject(post: Post) -> None:
    await post.happen(*[CATS, DOGS, CATS] * 80)
    last = await post.deliver()
    assert (last.standing, last.delivered, last.waiting, last.due) == (Standing.DELIVERING, 240, 0, False)
    assert sorted(post.receiver.sequence) == list(range(1, 241))
    assert post.receiver.twice() == []
    for contract in (CATS, DOGS):
        numbers = [one["sequence"] for one in post.receiver.taken if one["data"]["contract"] == contract]
        assert numbers == sorted(numbers)
    shown = await history.bodies_after(post.pool, post.webhook_id, 200, 100)
    assert shown == sorted(post.receiver.taken, key=lambda body: body["sequence"])[200:]
    assert (await post.deliver()).delivered == 0


async def test_a_subject_that_is_not_taken_holds_up_no_other_and_dies_after_three_days(post: Post) -> None:
    post.receiver.refuses = {DOGS}
    await post.happen(DOGS, CATS, DOGS, CATS)
    last = await post.deliver()
    assert (post.receiver.sequence, last.failed, last.waiting) == ([2, 4], 1, 2)
    for _ in range(4):  # others are taken meanwhile, so it is the event and not the receiver
        await post.deliver_for(timedelta(hours=19))
        await post.happen(CATS)
    await post.deliver()
    statuses = await post.statuses()
    assert (statuses[:4], statuses.count("pending")) == (["dead", "delivered", "pending", "delivered"], 1)
    post.receiver.refuses = set()
    await post.deliver_for(timedelta(hours=2))
    assert sorted(post.receiver.sequence) == [2, 3, 4, 5, 6, 7, 8], "the next of the subject goes on"
    replayed = await history.replay(post.pool, post.webhook_id, 1, None, dead_only=True)
    assert (replayed.events, replayed.first, replayed.last) == (1, 1, 1)
    await post.deliver()
    assert post.receiver.sequence[-1] == 1
    assert post.receiver.twice() == []


async def test_a_receiver_that_was_down_for_a_day_is_tried_seldom_and_gets_all_once_in_order(post: Post) -> None:
    post.receiver.down = 503
    await post.happen(*[CATS, DOGS] * 20)
    await post.deliver_for(timedelta(hours=12))
    await post.happen(*[CATS] * 20)
    last = await post.deliver_for(timedelta(hours=12))
    assert last.standing is Standing.FAILING
    assert post.receiver.tries < 40
    post.receiver.down = 0
    last = await post.deliver_for(timedelta(hours=2))
    assert (last.standing, last.waiting) == (Standing.DELIVERING, 0)
    for contract in (CATS, DOGS):
        numbers = [one["sequence"] for one in post.receiver.taken if one["data"]["contract"] == contract]
        assert numbers == sorted(numbers)
    assert sorted(post.receiver.sequence) == list(range(1, 61))
    assert post.receiver.twice() == []


@pytest.mark.parametrize(("answer", "why"), [(500, PausedBecause.UNREACHABLE), (410, PausedBecause.GONE)])
async def test_a_receiver_that_is_dead_is_left_alone_and_its_owner_told(post: Post, answer: int, why: str) -> None:
    post.receiver.down = answer
    await post.happen(CATS, DOGS)
    last = await post.deliver_for(timedelta(days=4))
    subscriptions = Subscriptions(post.pool, SEAL)
    hook = await subscriptions.get(post.user_id, post.webhook_id)
    assert (last.standing, last.next_at, hook.paused_because) == (Standing.PAUSED, None, why)
    told = await post.pool.fetchrow("select payload from event_service.outbox where stream = $1", WEBHOOKS)
    assert told["payload"] == {"userId": str(post.user_id), "webhookId": str(post.webhook_id), "reason": why}
    audited = await post.pool.fetchval("select user_id from audit_service.security_events")
    assert audited == post.user_id
    tries = post.receiver.tries
    await post.happen(CATS)
    await post.deliver_for(timedelta(days=1))
    assert post.receiver.tries == tries
    post.receiver.down = 0
    await subscriptions.change(post.user_id, post.webhook_id, Change(status=WebhookStatus.ACTIVE))
    await post.deliver()
    dead = [number for number, status in enumerate(await post.statuses(), 1) if status == DeliveryStatus.DEAD]
    assert sorted(post.receiver.sequence + dead) == [1, 2, 3, 4], "the fourth tells that it was paused"


async def test_whoever_goes_on_after_days_is_tried_for_days_again(post: Post) -> None:
    subscriptions = Subscriptions(post.pool, SEAL)
    post.receiver.down = 503
    await post.happen(CATS)
    await post.deliver()
    await subscriptions.change(post.user_id, post.webhook_id, Change(status=WebhookStatus.PAUSED))
    post.now += timedelta(days=9)
    await subscriptions.change(post.user_id, post.webhook_id, Change(status=WebhookStatus.ACTIVE))
    last = await post.deliver()
    assert (last.failed, last.dead, await post.statuses()) == (1, 0, ["pending"])


async def test_what_hangs_or_answers_late_is_not_taken(post: Post) -> None:
    post.receiver.gate.clear()
    post.deliverer = post.deliverer_of(timeout=0.5)
    await post.happen(CATS)
    last = await post.deliver()
    assert (last.delivered, last.failed) == (0, 1)
    (found,) = await history.deliveries(post.pool, post.webhook_id, status=None, before=None, limit=10)
    assert (found.error, found.response_status, found.attempts) == ("timeout", None, 1)


async def test_two_secrets_sign_while_one_replaces_the_other(post: Post) -> None:
    subscriptions = Subscriptions(post.pool, SEAL)
    old = post.receiver.secret
    new = await subscriptions.rotate(post.user_id, post.webhook_id, overlap=True)
    await post.happen(CATS)
    await post.deliver()
    assert post.receiver.sequence == [1], "the old one is still checked"
    post.receiver.secret = new
    await post.happen(CATS)
    await post.deliver()
    assert post.receiver.sequence == [1, 2]
    stolen = await subscriptions.rotate(post.user_id, post.webhook_id, overlap=False)
    post.receiver.secret = old
    await post.happen(CATS)
    assert (await post.deliver()).failed == 1
    assert len({old, new, stolen}) == 3
    Webhook(stolen)


async def test_a_rotation_that_is_repeated_tells_the_same_secret_and_ends_none(post: Post) -> None:
    subscriptions = Subscriptions(post.pool, SEAL)
    own = (post.user_id, post.webhook_id)
    used = post.receiver.secret
    lost = await subscriptions.rotate(*own, overlap=True)  # nobody got the answer
    assert await subscriptions.rotate(*own, overlap=True) == lost
    await post.happen(CATS)
    await post.deliver()
    assert post.receiver.sequence == [1], "the one that the receiver checks by signs still"
    assert used != lost
    assert await subscriptions.rotate(*own, overlap=False) != lost, "a stolen one is replaced at once"
    await post.pool.execute("update event_service.webhooks set previous_secret = secret, previous_until = now()")
    assert await subscriptions.rotate(*own, overlap=True) != lost, "after the overlap there is another one"


async def test_an_attempt_that_stays_sends_what_comes_and_ends_when_it_has_lost_the_webhook(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LINGER", 600.0)
    bell = Bell(post.pool, most=1, poll=0.01)
    monkeypatch.setattr(post.deliverer, "_bell", bell)
    async with bell.ringing():
        attempt = asyncio.create_task(post.deliver())
        for number in (1, 2):
            await post.happen(CATS)
            while len(post.receiver.taken) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await Subscriptions(post.pool, SEAL).rotate(post.user_id, post.webhook_id, overlap=False)
        assert (await attempt).delivered == 2


async def test_a_redirect_is_not_followed_and_an_answer_is_not_read(post: Post, internet: Internet) -> None:
    inner: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        inner.append(request.path)
        return web.Response()

    async def redirect(_: web.Request) -> web.Response:
        return web.Response(status=307, headers={"location": "https://b.web.example/"})

    async def long(_: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 10_000_000)

    await internet.site("b.web.example", elsewhere)
    subscriptions = Subscriptions(post.pool, SEAL)
    for name, handler, delivered in (("c", redirect, 0), ("d", long, 2)):
        url = await internet.site(f"{name}.web.example", handler)
        await subscriptions.change(post.user_id, post.webhook_id, Change(url=url))
        await post.happen(CATS)
        assert (await post.deliver()).delivered == delivered
    assert inner == []


async def test_a_deleted_webhook_keeps_no_secret_and_sends_nothing(post: Post) -> None:
    await post.happen(CATS)
    await Subscriptions(post.pool, SEAL).delete(post.user_id, post.webhook_id)
    assert (await post.deliver()).standing is Standing.DELETED
    row = await post.pool.fetchrow("select * from event_service.webhooks")
    assert (row["url"], row["secret"], row["previous_secret"]) == ("", None, None)
    assert post.receiver.tries == 0
    assert (await post.deliverer.stretch(StretchOrder(webhook_id=UUID(int=1), at=START), post.stop, print)).due is False


async def test_who_is_suspended_is_sent_nothing_that_was_on_its_way(post: Post) -> None:
    await post.happen(CATS)
    await post.pool.execute("update user_service.users set status = 'suspended' where user_id = $1", post.user_id)
    last = await post.deliver()
    assert (last.standing, last.due, post.receiver.tries) == (Standing.PAUSED, False, 0)
    assert last.next_at == START + timedelta(hours=1), "somebody has to find that the account is open again"
    await post.pool.execute("update user_service.users set status = 'active' where user_id = $1", post.user_id)
    assert (await post.deliver()).delivered == 1


async def test_a_webhook_is_only_its_owners(post: Post) -> None:
    assert await history.send_test(post.pool, post.webhook_id) == 1
    await happen(post.pool, stepped(post.user_id, ALICE))
    await given_out(post.pool)
    await post.deliver()
    assert [body["type"] for body in post.receiver.taken] == ["webhook.test", "intents.events stepped"]
