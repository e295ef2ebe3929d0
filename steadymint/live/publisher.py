"""The publisher of steps and nudges over Redis. It is best effort: Postgres holds everything, Redis makes it fast."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from prometheus_client import Counter
from redis.asyncio import Redis

from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import ChainId

log = logging.getLogger(__name__)

FEED: Final = "intent:feed"
"""Channel: a JSON array of `{"intentId", "seq", "final", "view"}`, one per step, in order within an intent."""

TIMEOUT: Final = 0.5
"""Seconds. A flow must not wait for Redis when Redis is slow."""

STEPS_PER_MESSAGE: Final = 128
"""About 80 KiB. The steps of a thousand mints are several messages, one after another: while Redis and the readers work
on one, the next is rendered."""

FAILURES: Final = Counter(
    "steadymint_live_publish_failures_total", "Steps or nudges that Redis did not take; viewers read them later"
)

# Each status is stored with the seq that set it, so a late writer does not overwrite a newer status. Two processes may
# publish the steps of one intent in any order. A message and the statuses of its intents are one round trip. They are
# lines of `id seq status` in one argument: arguments of their own take the client longer than rendering the steps.
_ANNOUNCE: Final = """
local ttl = ARGV[1]
for id, seq, status in string.gmatch(ARGV[2], '(%S+) (%d+) (%a+)\\n') do
    local key = 'intent:seq:' .. id
    if tonumber(seq) >= tonumber(redis.call('GET', key) or '0') then
        redis.call('SET', 'intent:status:' .. id, status, 'EX', ttl)
        redis.call('SET', key, seq, 'EX', ttl)
    end
end
for i = 3, #ARGV, 2 do
    redis.call('PUBLISH', ARGV[i], ARGV[i + 1])
end
"""


class StatusPublisher:
    """Publishes steps that are already committed. Never raises into a flow.

    `ttl`: seconds a status stays under `intent:status:{id}`.
    """

    def __init__(self, redis: Redis, *, ttl: int, timeout: float = TIMEOUT) -> None:
        self._redis = redis
        self._script = redis.register_script(_ANNOUNCE)
        self._ttl = ttl
        self._timeout = timeout

    async def announce(self, steps: Sequence[LoggedStep]) -> bool:
        """Set the status of every intent and tell its viewers. Returns whether Redis took it."""
        return await self._send(steps)

    async def nudge(
        self, chain_id: ChainId, block: int, settled: Iterable[UUID], steps: Sequence[LoggedStep] = ()
    ) -> bool:
        """`announce`, and tell a chain's waiters which intents a block has settled, with the last of the steps.

        The nudge is `{"block", "settled": [intentId]}` on `chain:{caip2}`. It is sent also if nothing was settled.
        """
        message = orjson.dumps({"block": block, "settled": [str(intent_id) for intent_id in settled]})
        return await self._send(steps, (f"chain:{chain_id}", message))

    async def _send(self, steps: Sequence[LoggedStep], nudge: Sequence[Any] = ()) -> bool:
        if not steps and not nudge:
            return True
        parts = [steps[first : first + STEPS_PER_MESSAGE] for first in range(0, len(steps), STEPS_PER_MESSAGE)] or [()]
        try:
            async with asyncio.timeout(self._timeout):
                for number, part in enumerate(parts, 1):
                    await self._send_part(part, nudge if number == len(parts) else ())
        except Exception as error:
            # Any error: the steps are in Postgres, and the flow must go on.
            FAILURES.inc()
            log.warning("steps were not published: %s", type(error).__name__)
            return False
        return True

    async def _send_part(self, steps: Sequence[LoggedStep], nudge: Sequence[Any]) -> None:
        newest = {step.intent_id: step for step in steps if step.latest}
        statuses = "".join(f"{intent_id} {step.seq} {step.status.value}\n" for intent_id, step in newest.items())
        feed = (FEED, b"[" + b",".join(map(feed_entry, steps)) + b"]") if steps else ()
        await self._script(args=(self._ttl, statuses, *feed, *nudge))


def feed_entry(step: LoggedStep) -> bytes:
    """One step as an element of a feed message. Viewers get its rendered view unchanged."""
    final = b"true" if step.final else b"false"
    return b'{"intentId":"%s","seq":%d,"final":%s,"view":%s}' % (
        str(step.intent_id).encode(),
        step.seq,
        final,
        step.body(),
    )
