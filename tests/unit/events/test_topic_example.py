"""The consumer group of the documentation does what the page says: each entry once, tries again, and gives up."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

EXAMPLE = runpy.run_path(str(Path(__file__).parents[3] / "docs" / "examples" / "topic_consumer.py"))


async def test_entries_are_handled_once_by_a_group_tried_again_and_given_up(redis: Redis) -> None:
    handled: list[str] = []
    broken = {"2"}

    async def handle(kind: str, payload: Mapping[str, Any]) -> None:
        assert kind == "minted.eip155-1"
        if payload["n"] in broken:
            raise ValueError("cannot")
        handled.append(payload["n"])

    for number in range(4):
        await redis.xadd("mints.events", {"type": "minted.eip155-1", "payload": f'{{"n": "{number}"}}'})
    first, second = (
        EXAMPLE["TopicConsumer"](redis, "mints.events", "shop", name, claim_after=0.0, tries=3, block=0.01)
        for name in ("a", "b")
    )
    await first.prepare()
    await second.prepare()
    for consumer in (first, second, first, second):
        await consumer.step(handle)
    assert handled == ["0", "1", "3"]
    ((_, dead),) = await redis.xrange(first.dead_letters)
    assert (dead[b"payload"], dead[b"error"]) == (b'{"n": "2"}', b"ValueError")
    assert (await redis.xpending("mints.events", "shop"))["pending"] == 0
