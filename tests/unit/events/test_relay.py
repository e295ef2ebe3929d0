"""Every consumer is told every event, in one order, until it has taken it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import asyncpg
import pytest

from steadymint.events import relay as relays
from steadymint.events.event import AUTH, MINTS, DomainEvent, PositionedEvent
from steadymint.events.outbox import append
from steadymint.events.relay import Relay

AT = datetime(2026, 1, 2, tzinfo=UTC)


@dataclass
class Reader:
    """A consumer that remembers what it was told."""

    name: str = "reader"
    told: list[PositionedEvent] = field(default_factory=list[PositionedEvent])
    refuses: int = 0

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        if self.refuses:
            self.refuses -= 1
            raise ConnectionError
        self.told += events

    @property
    def keys(self) -> list[str]:
        return [event.payload["key"] for event in self.told]


def event(key: str, stream: str = AUTH) -> DomainEvent:
    return DomainEvent(stream, "x", key, AT, {"key": key})


async def write(pool: asyncpg.Pool, *keys: str) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await append(connection, [event(key) for key in keys])


async def started(pool: asyncpg.Pool, *readers: Reader) -> Relay:
    relay = Relay(pool, readers)
    await relay.register()
    return relay


async def drained(relay: Relay, reader: Reader) -> None:
    while await relay.deliver(reader):
        pass


async def test_events_of_all_streams_come_in_one_order_without_a_gap(pool: asyncpg.Pool) -> None:
    reader = Reader()
    relay = await started(pool, reader)
    async with pool.acquire() as connection, connection.transaction():
        await append(connection, [event("a"), event("b", MINTS), event("c")])
    await write(pool, "d")
    await drained(relay, reader)
    await write(pool, "e")
    await drained(relay, reader)
    assert reader.keys == ["a", "b", "c", "d", "e"]
    assert [found.position for found in reader.told] == [1, 2, 3, 4, 5]
    assert [found.positioned_at for found in reader.told] == sorted(found.positioned_at for found in reader.told)
    assert reader.told[1].event_id == event("b", MINTS).event_id


async def test_an_event_whose_transaction_ends_late_is_not_passed_over(pool: asyncpg.Pool) -> None:
    reader = Reader()
    relay = await started(pool, reader)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        await append(slow, [event("early"), event("early too")])
        await write(pool, "late")
        await drained(relay, reader)
        assert reader.keys == ["late"]
        await transaction.commit()
    await drained(relay, reader)
    assert reader.keys == ["late", "early", "early too"]


async def test_random_transactions_are_told_whole_once_and_in_the_order_of_each_writer(pool: asyncpg.Pool) -> None:
    reader = Reader()
    relay = await started(pool, reader)
    chance = random.Random(7)

    async def writer(name: int) -> int:
        number = 0
        for _ in range(20):
            async with pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                keys = [f"{name}:{number + each}" for each in range(chance.randrange(4))]
                await append(connection, [event(key) for key in keys])
                await asyncio.sleep(chance.random() / 200)
                if chance.random() < 0.2:
                    await transaction.rollback()
                    continue
                await transaction.commit()
                number += len(keys)
        return number

    async def deliver() -> None:
        while True:
            await relay.deliver(reader)
            await asyncio.sleep(0)

    delivering = asyncio.create_task(deliver())
    written = await asyncio.gather(*(writer(name) for name in range(3)))
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)
    reader.told = [found for found in reader.told if found.position <= await _taken(pool)]  # a batch that was cut off
    await drained(relay, reader)
    for name, count in enumerate(written):
        assert [key for key in reader.keys if key.startswith(f"{name}:")] == [f"{name}:{at}" for at in range(count)]
    assert [found.position for found in reader.told] == list(range(1, sum(written) + 1))


async def _taken(pool: asyncpg.Pool) -> int:
    return await pool.fetchval("select position from event_service.consumers where name = 'reader'")


async def test_a_consumer_that_fails_is_told_again_and_delays_no_other(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "REST", 0.01)
    deaf, reader = Reader("deaf", refuses=3), Reader()
    relay = await started(pool, deaf, reader)
    await write(pool, "a", "b")
    running = asyncio.create_task(relay.run())
    while len(deaf.told) < 2 or len(reader.told) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert deaf.refuses == 0
    assert deaf.keys == reader.keys == ["a", "b"]


@dataclass
class Narrow(Reader):
    """A consumer that takes few events at once."""

    width: int = 1
    sizes: list[int] = field(default_factory=list[int])

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        self.sizes.append(len(events))
        if len(events) > self.width:
            raise TimeoutError
        await super().deliver(connection, events)


async def test_a_batch_that_fails_comes_again_in_smaller_ones(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "BATCH", 16)
    narrow, reader = Narrow("narrow", width=3), Reader()
    relay = await started(pool, narrow, reader)
    await write(pool, *(f"{number}" for number in range(300)))
    for _ in range(12):
        with suppress(TimeoutError):
            await relay.deliver(narrow)
    assert narrow.sizes[:6] == [16, 8, 4, 2, 3, 4]
    narrow.width, narrow.sizes = 1, []
    for _ in range(5):
        with suppress(TimeoutError):
            await relay.deliver(narrow)
    assert narrow.sizes[-1] <= 2
    narrow.width = 100
    await drained(relay, narrow)
    assert max(narrow.sizes) == 16
    assert narrow.keys == [f"{number}" for number in range(300)]
    assert await relay.deliver(reader) == 16


@dataclass
class Ledger:
    """A consumer in the same database: what it writes commits with its cursor."""

    name: str = "ledger"

    async def deliver(self, connection: asyncpg.Connection, events: Sequence[PositionedEvent]) -> None:
        await connection.executemany("insert into ledger values ($1)", [(found.position,) for found in events])
        await asyncio.sleep(0)


async def test_relays_of_several_processes_tell_a_consumer_once(pool: asyncpg.Pool) -> None:
    await pool.execute("create table ledger (position bigint)")
    ledger = Ledger()
    relay = Relay(pool, [ledger])
    await relay.register()

    async def deliver() -> None:
        while await _behind(pool):
            await relay.deliver(ledger)

    for number in range(30):
        await write(pool, *(f"{number}:{each}" for each in range(50)))
    await asyncio.gather(*(deliver() for _ in range(4)))
    told = await pool.fetch("select position from ledger order by position")
    assert [row["position"] for row in told] == list(range(1, 1501))


async def _behind(pool: asyncpg.Pool) -> bool:
    return await pool.fetchval(
        "select count(*) from event_service.outbox"
        " where position is null or position > (select position from event_service.consumers)"
    )


async def test_a_new_consumer_begins_with_what_happens_next(pool: asyncpg.Pool) -> None:
    first, second = Reader("first"), Reader("second")
    relay = await started(pool, first)
    await write(pool, "a")
    await drained(relay, first)
    relay = await started(pool, first, second)
    await write(pool, "b")
    await drained(relay, first)
    await drained(relay, second)
    assert (first.keys, second.keys) == (["a", "b"], ["b"])


async def test_rows_go_once_every_consumer_is_past_them(pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "SWEPT_AT_ONCE", 2)
    fast, slow = Reader("fast"), Reader("slow")
    relay = await started(pool, fast, slow)
    await write(pool, *"abcde")
    await drained(relay, fast)
    assert await relay.sweep() == 0
    await drained(relay, slow)
    await write(pool, "f")
    assert await relay.sweep() == 5
    await drained(relay, fast)
    await drained(relay, slow)
    assert slow.keys == [*"abcdef"]
    assert [found.position for found in slow.told] == [1, 2, 3, 4, 5, 6]


async def test_nothing_goes_while_nobody_listens(pool: asyncpg.Pool) -> None:
    await write(pool, "a")
    assert await Relay(pool, []).sweep() == 0
    assert await pool.fetchval("select count(*) from event_service.outbox") == 1
