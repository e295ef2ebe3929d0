"""A consumer group on one of Steadymint's topics, with retries and a dead-letter stream.

    python docs/examples/topic_consumer.py --stream mints.events --group shop --name worker-1

It needs the library `redis` only. Run as many as you like: each entry is handled by one of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

Handler = Callable[[str, Mapping[str, Any]], Awaitable[None]]
"""Does the work for one event: its type, and its payload. It may be called again for the same `event_id`."""


class TopicConsumer:
    """One consumer of a group."""

    def __init__(
        self,
        redis: Redis,
        stream: str,
        group: str,
        name: str,
        *,
        claim_after: float = 60.0,
        tries: int = 5,
        block: float = 5.0,
    ) -> None:
        """`claim_after`: seconds after which an entry that was not acknowledged is tried again. `tries`: deliveries
        after which it is a dead letter. `block`: seconds to wait for new entries."""
        self._redis = redis
        self._stream = stream
        self._group = group
        self._name = name
        self._claim_after = claim_after
        self._tries = tries
        self._block = block
        self.dead_letters = f"{stream}.dead.{group}"

    async def prepare(self) -> None:
        """Make the group, if it is not there. It begins with the oldest entry that the stream has."""
        try:
            await self._redis.xgroup_create(self._stream, self._group, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def run(self, handle: Handler) -> None:
        """Until cancelled."""
        await self.prepare()
        while True:
            await self.step(handle)

    async def step(self, handle: Handler) -> int:
        """Handle what others have left, and what is new. Returns how many entries were looked at."""
        left = await self._claimed()
        fresh: Any = await self._redis.xreadgroup(
            self._group, self._name, {self._stream: ">"}, count=100, block=None if left else int(self._block * 1000)
        )
        entries = [*left, *(entry for _, found in fresh or () for entry in found)]
        for entry_id, fields in entries:
            await self._try(entry_id, fields, handle)
        return len(entries)

    async def _claimed(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        found: Any = await self._redis.xautoclaim(
            self._stream, self._group, self._name, min_idle_time=int(self._claim_after * 1000), count=100
        )
        return [(entry_id, fields) for entry_id, fields in found[1] if fields]

    async def _try(self, entry_id: bytes, fields: dict[bytes, bytes], handle: Handler) -> None:
        try:
            await handle(fields[b"type"].decode(), json.loads(fields[b"payload"]))
        except Exception as error:  # it stays with the group, until somebody claims it or it is given up
            await self._give_up_if_hopeless(entry_id, fields, type(error).__name__)
        else:
            await self._redis.xack(self._stream, self._group, entry_id)

    async def _give_up_if_hopeless(self, entry_id: bytes, fields: dict[bytes, bytes], error: str) -> None:
        pending: Any = await self._redis.xpending_range(self._stream, self._group, entry_id, entry_id, 1)
        if not pending or pending[0]["times_delivered"] < self._tries:
            return
        dead: Any = {**fields, b"failed_id": entry_id, b"error": error.encode()}
        async with self._redis.pipeline(transaction=True) as pipeline:  # both or neither
            pipeline.xadd(self.dead_letters, dead, maxlen=100_000, approximate=True)
            pipeline.xack(self._stream, self._group, entry_id)
            await pipeline.execute()


async def show(kind: str, payload: Mapping[str, Any]) -> None:
    """Your work in place of this."""
    sys.stdout.write(f"{kind} {json.dumps(payload)}\n")


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--redis", default="redis://127.0.0.1:6379/0")
    options.add_argument("--stream", default="mints.events")
    options.add_argument("--group", default="example")
    options.add_argument("--name", default="consumer-1")
    given = options.parse_args()
    async with Redis.from_url(given.redis) as redis:
        await TopicConsumer(redis, given.stream, given.group, given.name).run(show)


if __name__ == "__main__":
    asyncio.run(main())
