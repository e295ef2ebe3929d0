"""The consumer that copies events to Redis Streams, for readers outside.

An entry's id is the time at which its event got its position, and the position. Redis refuses an id that is not above
the last one of the stream, so an event that is sent again is in its stream once. An event that it had refused for want
of memory could not be sent again behind a later one. So events are sent in a transaction: Redis takes all or none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import asyncpg
import orjson
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from steadymint.domain.intents.view import show_time
from steadymint.events.event import PositionedEvent

VERSION: Final = 1
"""The version of the payloads. It is raised when a member changes its meaning."""
KEPT: Final = 100_000
"""The approximate number of events in a stream: days of a busy marketplace. Slower readers use the catalog."""
KEPT_BYTES: Final = 100_000_000
"""The approximate bytes of payloads in a stream. While events have more than a kilobyte on average, fewer are kept, so
that those of a stranger's contract do not fill the memory of Redis."""
MEAN_OF: Final = 1_000
"""Events of which the mean is taken, roughly. A few large ones shorten no stream."""
TIMEOUT: Final = 5.0
"""Seconds for one batch. No user waits for it, and a batch that is cut off has to be sent again."""
_SENT_BEFORE: Final = "equal or smaller than the target stream top item"


class RedisStreams:
    """One stream for each `stream` of events."""

    name = "redis-streams"

    def __init__(
        self, redis: Redis, *, kept: int = KEPT, kept_bytes: int = KEPT_BYTES, timeout: float = TIMEOUT
    ) -> None:
        self._redis = redis
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._timeout = timeout
        self._means: dict[str, float] = {}
        """Stream -> the mean bytes of a payload, as far as this process has sent them."""

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        """Append the events in their order, in one transaction. Raises what Redis or the connection to it raises."""
        pipeline = self._redis.pipeline(transaction=True)
        for event in events:
            fields: Any = fields_of(event)
            most = self._most(event.stream, len(fields["payload"]))
            pipeline.xadd(event.stream, fields, id=entry_id_of(event), maxlen=most, approximate=True)
        async with asyncio.timeout(self._timeout):
            answers = await pipeline.execute(raise_on_error=False)
        for answer in answers:
            if isinstance(answer, Exception) and not _was_sent_before(answer):
                raise answer

    def _most(self, stream: str, size: int) -> int:
        """The events that the stream may have with its next one, which has `size` bytes."""
        mean = self._means.get(stream, self._kept_bytes / self._kept)
        mean = self._means[stream] = mean + (size - mean) / MEAN_OF
        return min(self._kept, int(self._kept_bytes / mean))


def entry_id_of(event: PositionedEvent) -> str:
    """The entry's id. It grows with the position, also if the database is restored to an earlier state: then positions
    are given again, at a later time."""
    return f"{int(event.positioned_at.timestamp() * 1000)}-{event.position}"


def fields_of(event: PositionedEvent) -> dict[str, str | bytes]:
    """The members of an entry."""
    return {
        "schema": event.stream,
        "version": str(VERSION),
        "type": event.type,
        "event_id": str(event.event_id),
        "occurred_at": show_time(event.occurred_at),
        "payload": orjson.dumps(dict(event.payload)),
    }


def _was_sent_before(answer: Exception) -> bool:
    return isinstance(answer, ResponseError) and _SENT_BEFORE in str(answer)
