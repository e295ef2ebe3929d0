"""Viewers of an API process: live by Redis, right by Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from redis.asyncio import Redis

from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import IntentId
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.live.feed import IntentFeed
from steadymint.live.publisher import FEED, StatusPublisher
from steadymint.live.viewer import End, ShownStep, Viewer
from steadymint.stack.valkey import Valkey
from tests.support.intents import Draft
from tests.support.viewing import Connection, connected

NEVER = 3600.0


class Counting:
    """The repository, counting how often it is asked and for how many."""

    def __init__(self, intents: IntentRepository) -> None:
        self._intents = intents
        self.asked: list[int] = []
        self.failing = 0

    async def steps_after_many(self, known: Mapping[IntentId, int]) -> Mapping[IntentId, Sequence[LoggedStep]]:
        self.asked.append(len(known))
        if self.failing:
            self.failing -= 1
            raise ConnectionError
        return await self._intents.steps_after_many(known)


@pytest.fixture
def publisher(redis: Redis) -> StatusPublisher:
    return StatusPublisher(redis, ttl=60)


@pytest.fixture
def recorder(intents: IntentRepository, publisher: StatusPublisher) -> IntentRecorder:
    return IntentRecorder(intents, publisher)


async def listening(redis: Redis) -> None:
    while not await redis.pubsub_numpat():  # noqa: ASYNC110 - the server is asked
        await asyncio.sleep(0.01)


async def read(viewer: Viewer, count: int) -> list[ShownStep]:
    """The next steps, over a connection of their own."""
    async with connected(viewer) as connection:
        return await connection.received(count)


async def test_a_viewer_is_shown_the_log_and_then_what_happens(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        viewer = feed.join(draft.intent_id, 0, 60)
        assert [step.seq for step in await read(viewer, 1)] == [1]
        await recorder.step(draft.intent_id, Step.TRACKED, "t")
        await recorder.step(draft.intent_id, Step.FAILED, "f")
        live = await read(viewer, 2)
    assert [(step.seq, step.final) for step in live] == [(2, False), (3, True)]
    log = await intents.steps_after(draft.intent_id, 1)
    assert [step.view for step in live] == [line.body() for line in log]


async def test_a_lost_message_is_made_good_as_soon_as_the_next_one_shows_the_gap(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        viewer = feed.join(draft.intent_id, 0, 60)
        await read(viewer, 1)
        await intents.transition(draft.intent_id, Step.TRACKED, "nobody hears of this")
        await recorder.step(draft.intent_id, Step.CONFIRMING, "c")
        assert [step.seq for step in await read(viewer, 2)] == [2, 3]


async def test_a_lost_last_message_is_made_good_by_the_watchdog(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=0.1) as feed:
        viewer = feed.join(draft.intent_id, 0, 60)
        await read(viewer, 1)
        await intents.transition(draft.intent_id, Step.FAILED, "nobody hears of this")
        assert [step.seq for step in await read(viewer, 1)] == [2]


async def test_doubled_and_reordered_messages_are_seen_by_nobody(
    intents: IntentRepository, publisher: StatusPublisher, redis: Redis
) -> None:
    draft = Draft()
    await intents.create(draft)
    for step in (Step.TRACKED, Step.CONFIRMING, Step.REORGED, Step.CONFIRMING, Step.FAILED):
        await intents.transition(draft.intent_id, step, f"{step}:{asyncio.get_running_loop().time()}")
    log = await intents.steps_after(draft.intent_id, 0)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        viewer = feed.join(draft.intent_id, 0, 60)
        for line in (log[3], log[1], log[1], log[5], log[0], log[2], log[4], log[5]):
            await publisher.announce([line])
        assert [step.seq for step in await read(viewer, 6)] == [1, 2, 3, 4, 5, 6]
        await asyncio.sleep(0.1)
        assert viewer.drained


async def test_a_flushed_redis_changes_nothing_for_viewers(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        before = feed.join(draft.intent_id, 0, 60)
        await read(before, 1)
        await redis.flushall()
        await recorder.step(draft.intent_id, Step.TRACKED, "t")
        after = feed.join(draft.intent_id, 0, 60)
        assert [step.seq for step in await read(before, 1)] == [2]
        assert [step.seq for step in await read(after, 2)] == [1, 2]


async def test_what_happened_while_redis_was_away_is_shown_when_it_is_back(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis, valkey_server: Valkey
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        viewer = feed.join(draft.intent_id, 0, 60)
        await read(viewer, 1)
        await valkey_server.stop()
        await recorder.step(draft.intent_id, Step.TRACKED, "t")
        await valkey_server.start()
        assert [step.seq for step in await read(viewer, 1)] == [2]
        await listening(redis)
        await recorder.step(draft.intent_id, Step.FAILED, "f")
        assert [step.seq for step in await read(viewer, 1)] == [3]


async def test_viewers_are_served_while_redis_is_down_from_the_start(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis, valkey_server: Valkey
) -> None:
    draft = Draft()
    await recorder.create(draft)
    await valkey_server.stop()
    async with IntentFeed(redis, intents, watchdog=0.1) as feed:
        viewer = feed.join(draft.intent_id, 0, 60)
        await read(viewer, 1)
        await recorder.step(draft.intent_id, Step.FAILED, "f")
        assert [step.seq for step in await read(viewer, 1)] == [2]


async def test_a_postgres_that_fails_is_asked_again(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis
) -> None:
    draft = Draft()
    await recorder.create(draft)
    flaky = Counting(intents)
    flaky.failing = 2
    async with IntentFeed(redis, flaky, watchdog=NEVER) as feed:
        viewer = feed.join(draft.intent_id, 0, 60)
        assert [step.seq for step in await read(viewer, 1)] == [1]


async def test_a_thousand_viewers_that_come_back_at_once_cost_a_handful_of_queries(
    intents: IntentRepository, redis: Redis
) -> None:
    draft, counting = Draft(), Counting(intents)
    await intents.create(draft)
    async with IntentFeed(redis, counting, watchdog=NEVER) as feed:
        viewers = [feed.join(draft.intent_id, 0, 60) for _ in range(500)]
        others = [feed.join(Draft().intent_id, 0, 60) for _ in range(500)]
        for viewer in viewers:
            await read(viewer, 1)
        assert len(counting.asked) <= 5
        for viewer in viewers + others:
            feed.leave(viewer)
        assert feed._viewers == {}


async def test_a_stream_ends_when_its_time_is_over(intents: IntentRepository, redis: Redis) -> None:
    async with IntentFeed(redis, intents, watchdog=NEVER, tick=0.02) as feed:
        viewer = feed.join(Draft().intent_id, 0, max_age=0.05)
        async with connected(viewer) as connection, asyncio.timeout(5):
            assert await connection.end is End.AGE


async def test_an_intent_that_is_reopened_by_a_reorg_is_shown_to_a_viewer_that_comes_back(
    intents: IntentRepository, redis: Redis
) -> None:
    draft = Draft()
    await intents.create(draft)
    seen = draft.sighting()
    await intents.settle([seen])
    await intents.orphan([seen])
    await intents.settle([draft.sighting(block=11)])
    async with (
        IntentFeed(redis, intents, watchdog=NEVER) as feed,
        connected(feed.join(draft.intent_id, 5, 60)) as connection,
    ):
        assert await connection.end is End.FINAL
        assert connection.seqs == [6, 7, 8, 9]


@pytest.mark.parametrize("noise", [b"", b"[", b"{}", b'[{"intentId":1}]'])
async def test_noise_on_the_feed_is_ignored(
    intents: IntentRepository, recorder: IntentRecorder, redis: Redis, noise: bytes
) -> None:
    draft = Draft()
    await recorder.create(draft)
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        await listening(redis)
        viewer = feed.join(draft.intent_id, 1, 60)
        await redis.publish(FEED, noise)
        await recorder.step(draft.intent_id, Step.TRACKED, "t")
        assert [step.seq for step in await read(viewer, 1)] == [2]


async def test_the_process_ends_its_streams_when_it_stops(intents: IntentRepository, redis: Redis) -> None:
    async with IntentFeed(redis, intents, watchdog=NEVER) as feed:
        viewer = feed.join(Draft().intent_id, 0, 60)
        end = asyncio.create_task(viewer.pump(Connection().write))
    assert await end is End.CLOSED
