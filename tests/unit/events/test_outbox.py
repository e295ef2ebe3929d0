"""Events are written with the change they tell of, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg

from steadymint.events.event import MINTS, WALLETS, DomainEvent
from steadymint.events.outbox import append

AT = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)


def minted(number: int) -> DomainEvent:
    return DomainEvent(MINTS, "minted.eip155-31337", f"0xabc:{number}", AT, {"tokenIds": [str(2**256 - number)]})


async def write(pool: asyncpg.Pool, *events: DomainEvent) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await append(connection, events)


async def written(pool: asyncpg.Pool) -> list[asyncpg.Record]:
    return await pool.fetch("select event_id, stream, type, occurred_at, payload from event_service.outbox order by id")


async def test_events_are_written_in_their_order_with_every_digit(pool: asyncpg.Pool) -> None:
    events = [minted(number) for number in (3, 1, 2)]
    await write(pool, *events)
    assert [tuple(row) for row in await written(pool)] == [
        (event.event_id, MINTS, "minted.eip155-31337", AT, dict(event.payload)) for event in events
    ]


async def test_a_happening_that_is_written_twice_is_there_once_and_another_has_another_id(pool: asyncpg.Pool) -> None:
    await write(pool, minted(1), minted(2))
    await write(pool, minted(2), minted(3))
    assert [row["event_id"] for row in await written(pool)] == [minted(number).event_id for number in (1, 2, 3)]
    assert DomainEvent(WALLETS, "minted.eip155-31337", "0xabc:1", AT, {}).event_id != minted(1).event_id


async def test_what_did_not_happen_is_not_told(pool: asyncpg.Pool) -> None:
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await append(connection, [minted(1)])
        await transaction.rollback()
    await write(pool)
    assert await written(pool) == []
