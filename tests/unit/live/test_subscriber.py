"""A subscription loses nothing while it stands, and comes back when it falls."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from steadymint.live.subscriber import Subscriber


@pytest.mark.parametrize("protocol", [2, 3])
async def test_no_message_is_lost_to_the_pings_between_them(valkey: str, protocol: int) -> None:
    redis: Redis = Redis.from_url(valkey, protocol=protocol)
    heard, connected = list[bytes](), asyncio.Event()
    # Pings so often that messages and answers to pings keep crossing.
    subscriber = Subscriber(redis, "news", heard.append, connected.set, ping_every=0.001)
    subscriber.start()
    await connected.wait()
    sent = [b"%d" % number for number in range(500)]
    for message in sent:
        await redis.publish("news", message)
        await asyncio.sleep(0.001)
    async with asyncio.timeout(10):
        while len(heard) < len(sent):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await subscriber.stop()
    await redis.aclose()
    assert heard == sent


async def test_a_server_that_hangs_is_left_and_found_again(redis: Redis) -> None:
    heard, connections = list[bytes](), asyncio.Semaphore(0)
    subscriber = Subscriber(redis, "news", heard.append, connections.release, ping_every=0.1, pong_within=0.1)
    subscriber.start()
    await connections.acquire()
    await redis.execute_command("CLIENT", "PAUSE", "500", "ALL")
    await connections.acquire()
    await redis.publish("news", b"after")
    async with asyncio.timeout(10):
        while not heard:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await subscriber.stop()
    assert heard == [b"after"]
