"""Whoever watches an intent misses nothing and sees nothing twice, whatever is lost behind the stream."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

from redis.asyncio import Redis

from tests.e2e.test_main_job import TOLD
from tests.support.full_stack import FullStack, until


async def test_a_viewer_who_comes_back_after_redis_is_flushed_and_the_api_restarted_misses_nothing(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        intent = prepared["intentId"]
        await alice.send_and_track(prepared)
        seen: list[tuple[int, str]] = []
        async with aclosing(alice.client.stream(intent)) as events:
            async for seq, data in events:
                seen.append((seq, json.loads(data)["step"]))
                if seq == 2:
                    break

        redis: Redis = Redis.from_url(full_stack.stack.valkey.url)
        await redis.flushall()
        await redis.aclose()
        await full_stack.stack.api.restart()
        await full_stack.blocks.mine()
        await until(lambda: _seq_reaches(full_stack, intent, 3), "the first confirmation")
        rest = asyncio.create_task(_collect(alice.client.stream(intent, after=2)))
        late = asyncio.create_task(_collect(alice.client.stream(intent)))
        await full_stack.blocks.mine(2)

        expected = list(enumerate(TOLD, start=1))
        assert seen + await rest == expected
        assert await late == expected
        assert [step async for step in alice.client.stream(intent, after=5)] == []


async def test_a_stream_that_is_open_while_redis_is_flushed_goes_on(
    full_stack: FullStack, open_collection: str
) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        watching = asyncio.create_task(alice.watch(prepared["intentId"]))
        redis: Redis = Redis.from_url(full_stack.stack.valkey.url)
        await alice.send_and_track(prepared)
        await redis.flushall()
        await full_stack.blocks.mine()
        await alice.until(prepared["intentId"], "confirming")
        await redis.flushall()
        await full_stack.blocks.mine(2)
        assert [event.step for event in await watching] == TOLD
        status = await redis.get(f"intent:status:{prepared['intentId']}")
        await redis.aclose()
        assert status == b"ready"


async def test_sixty_viewers_all_see_every_step_once_in_order(full_stack: FullStack, open_collection: str) -> None:
    async with full_stack.person() as alice:
        prepared = await alice.prepare_mint(open_collection)
        intent = prepared["intentId"]
        viewers = [asyncio.create_task(_collect(alice.client.stream(intent))) for _ in range(60)]
        await alice.send_and_track(prepared)
        async with full_stack.blocks.ticking():
            logs = await asyncio.gather(*viewers)
    assert all(log == list(enumerate(TOLD, start=1)) for log in logs)


async def _collect(stream) -> list[tuple[int, str]]:
    return [(seq, json.loads(data)["step"]) async for seq, data in stream]


async def _seq_reaches(full_stack: FullStack, intent_id: str, seq: int) -> bool:
    found = await full_stack.pool.fetchval(
        "select seq from orchestrator_service.tx_intents where intent_id = $1", intent_id
    )
    return found >= seq
