"""Changes and the relay that tells of them, in a process to be killed.

Run as `python -m tests.support.event_process DSN URL`, with the addresses of Postgres and Valkey.

Each change is a user; its event has the user's id as its key.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Final

from redis.asyncio import Redis

from steadymint.database import create_pool
from steadymint.events.event import AUTH, DomainEvent
from steadymint.events.outbox import append
from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams

PAUSE: Final = 0.005
"""Seconds. Without it, two of these processes take the whole machine from the tests beside them."""


async def main(dsn: str, url: str) -> None:
    pool = await create_pool(dsn, min_size=1, max_size=4)
    relay = Relay(pool, [RedisStreams(Redis.from_url(url))], poll=PAUSE)
    await relay.register()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(relay.run())
        for _ in range(2):
            tasks.create_task(_change(pool))


async def _change(pool: object) -> None:
    while True:
        async with pool.acquire() as connection, connection.transaction():  # type: ignore[attr-defined]
            user = await connection.fetchval("insert into user_service.users default values returning user_id")
            await append(connection, [DomainEvent(AUTH, "x", str(user), datetime.now(UTC), {"userId": str(user)})])
        await asyncio.sleep(PAUSE)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
