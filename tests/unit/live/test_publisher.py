"""Publishing is fast, ordered by seq, and never in a flow's way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import orjson
import pytest
from redis.asyncio import Redis

from steadymint.domain.intents.machine import Step
from steadymint.domain.intents.view import LoggedStep
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.live.publisher import FAILURES, FEED, STEPS_PER_MESSAGE, StatusPublisher
from steadymint.stack.valkey import Valkey
from tests.support.intents import CHAIN, Draft, tx_hash

TTL = 21_600


async def settled(intents: IntentRepository) -> tuple[Draft, list[LoggedStep]]:
    draft = Draft()
    await intents.create(draft)
    await intents.settle([draft.sighting()])
    return draft, await intents.steps_after(draft.intent_id, 0)


async def status(redis: Redis, draft: Draft) -> str | None:
    value = await redis.get(f"intent:status:{draft.intent_id}")
    return value and value.decode()


async def test_the_status_has_the_key_and_the_life_that_the_specification_names(
    intents: IntentRepository, redis: Redis
) -> None:
    draft = Draft()
    recorder = IntentRecorder(intents, StatusPublisher(redis, ttl=TTL))
    await recorder.create(draft)
    assert await status(redis, draft) == "pending"
    assert TTL - 5 < await redis.ttl(f"intent:status:{draft.intent_id}") <= TTL
    await recorder.step(draft.intent_id, Step.EXPIRED, "e")
    assert await status(redis, draft) == "expired"


async def test_a_late_publisher_never_overwrites_a_newer_status(intents: IntentRepository, redis: Redis) -> None:
    draft, (prepared, *_, ready) = await settled(intents)
    publisher = StatusPublisher(redis, ttl=TTL)
    await publisher.announce([ready])
    await publisher.announce([replace(prepared, latest=True)])
    assert await status(redis, draft) == "ready"


async def test_a_retry_of_an_old_step_leaves_the_status_alone(intents: IntentRepository, redis: Redis) -> None:
    draft, hash_ = Draft(), tx_hash()
    recorder = IntentRecorder(intents, StatusPublisher(redis, ttl=TTL))
    await recorder.create(draft)
    await recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    await recorder.step(draft.intent_id, Step.FAILED, "f")
    await redis.flushall()
    await recorder.step(draft.intent_id, Step.TRACKED, "t", tx_hash=hash_)
    assert await status(redis, draft) is None


async def test_a_block_of_steps_is_published_in_order_in_messages_of_bounded_size(
    intents: IntentRepository, redis: Redis
) -> None:
    draft, (line, *_) = await settled(intents)
    steps = [replace(line, seq=seq) for seq in range(1, 2 * STEPS_PER_MESSAGE + 2)]
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(FEED, f"chain:{CHAIN}")
        assert await StatusPublisher(redis, ttl=TTL).nudge(CHAIN, 7, [draft.intent_id], steps)
        messages = []
        while len(messages) < 4:
            if message := await subscription.get_message(timeout=2):
                messages.append((message["channel"].decode(), orjson.loads(message["data"])))
    assert [len(content) for channel, content in messages if channel == FEED] == [128, 128, 1]
    assert [entry["seq"] for channel, content in messages if channel == FEED for entry in content] == [
        step.seq for step in steps
    ]
    assert messages[-1] == (f"chain:{CHAIN}", {"block": 7, "settled": [str(draft.intent_id)]})
    assert messages[0][1][0]["view"] == orjson.loads(line.body())


@pytest.mark.parametrize("broken", ["stopped", "hanging"])
async def test_a_redis_that_does_not_answer_is_counted_and_holds_nobody_up(
    intents: IntentRepository, redis: Redis, valkey_server: Valkey, broken: str
) -> None:
    draft, steps = await settled(intents)
    before = FAILURES._value.get()
    if broken == "stopped":
        await valkey_server.stop()
    else:
        await redis.execute_command("CLIENT", "PAUSE", "3000", "ALL")
    async with asyncio.timeout(2.5):
        assert await StatusPublisher(redis, ttl=TTL, timeout=0.2).announce(steps) is False
    assert FAILURES._value.get() == before + 1
    assert (await intents.get(draft.intent_id)).step is Step.READY
