"""No event is lost, doubled or out of order, whatever process is killed when."""

from __future__ import annotations

import asyncio
import random
import sys

import asyncpg
import orjson
import pytest
from redis.asyncio import Redis

from steadymint.database import create_pool
from steadymint.events.event import AUTH
from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams

KILLS = 5


@pytest.mark.slow
@pytest.mark.long
async def test_a_reader_hears_of_every_change_once_though_writers_and_relays_are_killed(
    database: str, valkey: str
) -> None:
    chance = random.Random(11)
    redis: Redis = Redis.from_url(valkey)
    for _ in range(KILLS):
        two = [
            await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.support.event_process", database, valkey)
            for _ in range(2)
        ]
        before = await redis.xlen(AUTH)
        async with asyncio.timeout(60):
            while await redis.xlen(AUTH) < before + 20:  # noqa: ASYNC110 - until they have begun to tell
                await asyncio.sleep(0.02)
        await asyncio.sleep(chance.random() / 5)
        for process in two:
            process.kill()
            await process.wait()
    async with await create_pool(database, min_size=1, max_size=2) as pool:
        await _end(pool, redis)
        entries = await redis.xrange(AUTH)
        told = [orjson.loads(fields[b"payload"])["userId"] for _, fields in entries]
        happened = await pool.fetch("select user_id from user_service.users")
        assert len(told) == len(set(told)) > 50
        assert set(told) == {str(row["user_id"]) for row in happened}
        positions = [int(entry.decode().partition("-")[2]) for entry, _ in entries]
        assert positions == list(range(1, len(told) + 1))
    await redis.aclose()


async def _end(pool: asyncpg.Pool, redis: Redis) -> None:
    """What the last of them has left. The connections of the killed hold their locks until Postgres sees them gone."""
    streams = RedisStreams(redis)
    relay = Relay(pool, [streams])
    left = "select count(*) from event_service.outbox where position is null or position > (select position from c)"
    while await pool.fetchval(f"with c as (select position from event_service.consumers) {left}"):
        await relay.deliver(streams)
