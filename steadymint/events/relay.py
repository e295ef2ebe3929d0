"""The relay: it delivers the events of the outbox to consumers, in order, each from its own cursor.

A batch is delivered inside the transaction that moves the consumer's cursor. If the process dies in between, the same
batch is delivered again with the same positions, so a consumer can recognise it. Several processes may relay; the one
that delivers to a consumer locks its row.
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
"""Seconds between two looks at an empty outbox. An event waits at most so long."""
BATCH: Final = 2_000
"""The most events of one delivery. After a failure they come again, at first half as many of them."""
POSITIONS_AT_ONCE: Final = 5_000
SWEPT_AT_ONCE: Final = 10_000
"""Rows of one statement, so that no statement holds its locks for long."""
SWEEP_EVERY: Final = 10.0
"""Seconds between two deletions of delivered rows, which only cost space."""
REST: Final = 1.0
"""Seconds before a consumer that failed is tried again."""

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

# Without consumers nothing has been delivered.
_SWEEP: Final = """
delete from event_service.outbox where position in (
    select position from event_service.outbox
    where position <= (select min(position) from event_service.consumers) order by position limit $1)"""


class Consumer(Protocol):
    """A consumer, which gets every event in order."""

    @property
    def name(self) -> str:
        """The name of its cursor: lower-case letters, digits and dashes."""
        ...

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        """Take all of the events or raise. Writes on `connection` commit with the cursor.

        If something fails after the delivery, the same events come again with the same positions.
        """
        ...


class Relay:
    """Delivers events to consumers while `run` runs."""

    def __init__(self, pool: asyncpg.Pool, consumers: Sequence[Consumer], *, poll: float = POLL) -> None:
        self._pool = pool
        self._consumers = consumers
        self._poll = poll
        self._batches: dict[str, int] = {}
        """Events of the next delivery, for each consumer that has failed."""

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for consumer in self._consumers:
                tasks.create_task(self._serve(consumer), name=f"events: {consumer.name}")
            tasks.create_task(self._sweep_for_ever(), name="events: sweep")

    async def register(self) -> None:
        """Give a cursor to each consumer that has none. A new consumer begins with the next event."""
        for consumer in self._consumers:
            await self._pool.execute(_REGISTER, consumer.name)

    async def deliver(self, consumer: Consumer) -> int:
        """Deliver one batch. Returns its number of events. Raises what the consumer raises.

        Each failure halves the consumer's batch, down to one event: what fails may be too much at once. Each full batch
        that it takes makes the next a quarter larger, so that few deliveries fail while it cannot take many.
        """
        batch = self._batches.get(consumer.name, BATCH)
        try:
            count = await self._deliver(consumer, batch)
        except Exception:
            self._batches[consumer.name] = max(batch // 2, 1)
            raise
        if count == batch:
            self._batches[consumer.name] = min(batch + max(batch // 4, 1), BATCH)
        return count

    async def _deliver(self, consumer: Consumer, batch: int) -> int:
        row = await self._pool.fetchrow(_AHEAD, consumer.name, POSITIONS_AT_ONCE)
        if row is None:  # it is not registered, or an operator has removed it
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
            events = [_event(row) for row in await connection.fetch(_NEXT, position, batch)]
            if not events:
                return 0
            await consumer.deliver(connection, events)
            await connection.execute(_MOVE, consumer.name, events[-1].position)
        DELIVERED.labels(consumer.name).inc(len(events))
        return len(events)

    async def sweep(self) -> int:
        """Delete the rows that all consumers have taken. Returns their number."""
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
            except Exception as error:  # any error: the events stay, and are delivered later
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
