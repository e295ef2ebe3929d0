"""From the outbox to its consumers: in one order, each from its own cursor, and each event until it is taken.

A batch is delivered inside the transaction that moves the consumer's cursor. A process that dies in between delivers
the same batch again, with the same positions, so a consumer can tell what it has had. Several processes may relay: the
row of a consumer is locked by the one that delivers to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import asyncpg
import structlog
from prometheus_client import Counter, Gauge

from steadymint.events.event import PositionedEvent

POLL: Final = 0.1
"""Seconds between two looks at an outbox that had nothing: what an event waits at most before it is on its way."""
BATCH: Final = 500
"""Events delivered at a time: few enough to be sent again after a failure."""
POSITIONS_AT_ONCE: Final = 5_000
SWEPT_AT_ONCE: Final = 10_000
"""Rows of one statement: neither may hold its locks for long."""
SWEEP_EVERY: Final = 10.0
"""Seconds. Rows that all consumers are past cost nothing but room."""
REST: Final = 1.0
"""Seconds for which a consumer that failed is left alone."""

DELIVERED: Final = Counter("steadymint_events_delivered_total", "Events that a consumer has taken", ["consumer"])
FAILURES: Final = Counter(
    "steadymint_event_delivery_failures_total", "Batches that a consumer did not take", ["consumer"]
)
BEHIND: Final = Gauge("steadymint_events_behind", "Events that a consumer has not been told yet", ["consumer"])

_log = structlog.get_logger(__name__)

_REGISTER: Final = """
insert into event_service.consumers (name, position)
select $1, coalesce((select position from event_service.last_position), 0) on conflict (name) do nothing"""

_AHEAD: Final = """
select event_service.give_positions($2) as last, c.position from event_service.consumers c where c.name = $1"""

_CURSOR: Final = "select position from event_service.consumers where name = $1 for update skip locked"

_NEXT: Final = """
select position, positioned_at, event_id, stream, type, occurred_at, payload from event_service.outbox
where position > $1 order by position limit $2"""

_MOVE: Final = "update event_service.consumers set position = $2, updated_at = now() where name = $1"

# Nobody is past anything while there are no consumers.
_SWEEP: Final = """
delete from event_service.outbox where position in (
    select position from event_service.outbox
    where position <= (select min(position) from event_service.consumers) order by position limit $1)"""


class Consumer(Protocol):
    """Somebody who is told every event, in order."""

    @property
    def name(self) -> str:
        """The name of its cursor: lower-case letters, digits and dashes."""
        ...

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        """Take all of the events or raise. What is written on `connection` commits with the cursor.

        The same events may come again, with the same positions, when what followed the delivery failed.
        """
        ...


class Relay:
    """Delivers to its consumers for as long as `run` runs."""

    def __init__(self, pool: asyncpg.Pool, consumers: Sequence[Consumer], *, poll: float = POLL) -> None:
        self._pool = pool
        self._consumers = consumers
        self._poll = poll

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for consumer in self._consumers:
                tasks.create_task(self._serve(consumer), name=f"events: {consumer.name}")
            tasks.create_task(self._sweep_for_ever(), name="events: sweep")

    async def register(self) -> None:
        """Give a cursor to each consumer that has none. A new one begins with what happens next."""
        for consumer in self._consumers:
            await self._pool.execute(_REGISTER, consumer.name)

    async def deliver(self, consumer: Consumer) -> int:
        """Deliver one batch; how many events it had. Raises what the consumer raises."""
        row = await self._pool.fetchrow(_AHEAD, consumer.name, POSITIONS_AT_ONCE)
        if row is None:  # nobody has registered it, or an operator has taken it out
            await self._pool.execute(_REGISTER, consumer.name)
            return 0
        BEHIND.labels(consumer.name).set(row["last"] - row["position"])
        if row["last"] <= row["position"]:
            return 0
        async with self._pool.acquire() as leased, leased.transaction():
            connection: Any = leased
            position = await connection.fetchval(_CURSOR, consumer.name)
            if position is None:  # another process delivers to it
                return 0
            events = [_event(row) for row in await connection.fetch(_NEXT, position, BATCH)]
            if not events:
                return 0
            await consumer.deliver(connection, events)
            await connection.execute(_MOVE, consumer.name, events[-1].position)
        DELIVERED.labels(consumer.name).inc(len(events))
        return len(events)

    async def sweep(self) -> int:
        """Delete what all consumers are past; how many rows that were."""
        deleted = 0
        while True:
            tag = await self._pool.execute(_SWEEP, SWEPT_AT_ONCE)
            count = int(tag.split()[-1])
            deleted += count
            if count < SWEPT_AT_ONCE:
                return deleted

    async def _serve(self, consumer: Consumer) -> None:
        while True:
            try:
                pause = 0.0 if await self.deliver(consumer) else self._poll
            except Exception as error:  # whatever it is: the events stay, and nobody else delivers them
                FAILURES.labels(consumer.name).inc()
                _log.warning("events_delayed", consumer=consumer.name, error=type(error).__name__)
                pause = REST
            await asyncio.sleep(pause)

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self.sweep()
            except Exception as error:  # the next round does it
                _log.warning("events_not_swept", error=type(error).__name__)


def _event(row: Mapping[str, Any]) -> PositionedEvent:
    return PositionedEvent(
        position=row["position"],
        positioned_at=row["positioned_at"],
        event_id=row["event_id"],
        stream=row["stream"],
        type=row["type"],
        occurred_at=row["occurred_at"],
        payload=row["payload"],
    )
