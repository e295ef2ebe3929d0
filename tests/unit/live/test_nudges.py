"""Waiters are woken by a nudge, and without one by Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from redis.asyncio import Redis

from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import IntentView
from steadymint.domain.types import IntentId
from steadymint.intents.repository import IntentRepository
from steadymint.live.nudges import ChainNudges
from steadymint.live.publisher import StatusPublisher
from steadymint.stack.valkey import Valkey
from tests.support.intents import CHAIN, Draft

NEVER = 3600.0


class Counting:
    """The repository, counting how often it is asked."""

    def __init__(self, intents: IntentRepository) -> None:
        self._intents = intents
        self.asked: list[int] = []

    async def final_of(self, intent_ids: Iterable[IntentId]) -> dict[IntentId, IntentView]:
        ids = list(intent_ids)
        self.asked.append(len(ids))
        return await self._intents.final_of(ids)


async def subscribed(redis: Redis) -> None:
    while not await redis.pubsub_numpat():  # noqa: ASYNC110 - the server is asked
        await asyncio.sleep(0.01)


async def looked_up(counting: Counting, waiters: int) -> None:
    async with asyncio.timeout(30):
        while sum(counting.asked) < waiters:  # noqa: ASYNC110 - whoever is asked does not tell
            await asyncio.sleep(0.01)


async def test_a_nudge_hands_its_row_to_those_it_names_and_wakes_nobody_else(
    intents: IntentRepository, redis: Redis
) -> None:
    settled, other = Draft(), Draft()
    for draft in (settled, other):
        await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        await subscribed(redis)
        waits = [asyncio.create_task(nudges.wait(draft.intent_id, 10)) for draft in (settled, settled, other)]
        await asyncio.sleep(0.1)
        await intents.settle([settled.sighting()])
        await StatusPublisher(redis, ttl=60).nudge(CHAIN, 10, [settled.intent_id])
        ready = (await intents.get(settled.intent_id)).view
        assert await asyncio.gather(*waits[:2]) == [ready, ready]
        assert not waits[2].done()
        waits[2].cancel()


async def test_a_nudge_that_is_not_true_wakes_nobody(intents: IntentRepository, redis: Redis) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        await subscribed(redis)
        wait = asyncio.create_task(nudges.wait(draft.intent_id, 0.3))
        await asyncio.sleep(0.1)
        await StatusPublisher(redis, ttl=60).nudge(CHAIN, 10, [draft.intent_id])
        assert await wait is None


async def test_the_mints_of_a_block_cost_a_handful_of_queries_when_they_are_settled(
    intents: IntentRepository, redis: Redis
) -> None:
    counting, drafts = Counting(intents), [Draft() for _ in range(50)]
    for draft in drafts:
        await intents.create(draft)
    async with ChainNudges(redis, counting, watchdog=NEVER) as nudges:
        await subscribed(redis)
        waits = [asyncio.create_task(nudges.wait(draft.intent_id, 10)) for draft in drafts]
        await looked_up(counting, 50)
        before = len(counting.asked)
        await intents.settle([draft.sighting() for draft in drafts])
        await StatusPublisher(redis, ttl=60).nudge(CHAIN, 10, [draft.intent_id for draft in drafts])
        assert all(await asyncio.gather(*waits))
        assert len(counting.asked) <= before + 3


async def test_a_wait_for_what_has_already_ended_is_over_at_once(intents: IntentRepository, redis: Redis) -> None:
    draft = Draft()
    await intents.create(draft)
    await intents.settle([draft.sighting()])
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        assert await nudges.wait(draft.intent_id, 10)


async def test_a_lost_nudge_delays_a_waiter_only_until_the_watchdog_looks(
    intents: IntentRepository, redis: Redis
) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=0.2) as nudges:
        wait = asyncio.create_task(nudges.wait(draft.intent_id, 10))
        await asyncio.sleep(0.05)
        await intents.transition(draft.intent_id, Step.EXPIRED, "e")
        assert await wait


async def test_the_watchdog_looks_even_while_others_keep_coming(intents: IntentRepository, redis: Redis) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=0.2) as nudges:
        wait = asyncio.create_task(nudges.wait(draft.intent_id, 10))
        await asyncio.sleep(0.05)
        await intents.settle([draft.sighting()])
        while not wait.done():
            await nudges.wait(Draft().intent_id, 0.02)
        assert await wait


async def test_a_wait_that_is_over_leaves_nothing_behind(intents: IntentRepository, redis: Redis) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        assert await nudges.wait(draft.intent_id, 0.05) is None
        cancelled = asyncio.create_task(nudges.wait(draft.intent_id, 10))
        await asyncio.sleep(0.02)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        assert nudges._waiting == {}


async def test_a_thousand_waiters_cost_a_handful_of_queries(intents: IntentRepository, redis: Redis) -> None:
    counting = Counting(intents)
    ids = [Draft().intent_id for _ in range(1000)]
    async with ChainNudges(redis, counting, watchdog=NEVER) as nudges:
        waits = [asyncio.create_task(nudges.wait(intent_id, NEVER)) for intent_id in ids]
        await looked_up(counting, 1000)
        await asyncio.sleep(0.2)
        assert not any(wait.done() for wait in waits)
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    assert max(counting.asked) == 1000
    assert len(counting.asked) <= 5


async def test_waiters_survive_a_restart_of_redis(
    intents: IntentRepository, redis: Redis, valkey_server: Valkey
) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        await subscribed(redis)
        wait = asyncio.create_task(nudges.wait(draft.intent_id, 30))
        await asyncio.sleep(0.05)
        await valkey_server.stop()
        await intents.settle([draft.sighting()])  # nobody hears the nudge
        await valkey_server.start()
        assert await wait


@pytest.mark.parametrize("noise", [b"", b"{", b"[]", b'{"block":"x"}', b'{"block":1,"settled":["nobody"]}'])
async def test_noise_on_the_channel_is_ignored(intents: IntentRepository, redis: Redis, noise: bytes) -> None:
    draft = Draft()
    await intents.create(draft)
    async with ChainNudges(redis, intents, watchdog=NEVER) as nudges:
        await subscribed(redis)
        wait = asyncio.create_task(nudges.wait(draft.intent_id, 10))
        await redis.publish(f"chain:{CHAIN}", noise)
        await intents.settle([draft.sighting()])
        await StatusPublisher(redis, ttl=60).nudge(CHAIN, 10, [draft.intent_id])
        assert await wait
