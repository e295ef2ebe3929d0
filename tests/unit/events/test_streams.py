"""Streams for readers outside: each event once, in order, under the names of the specification."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import orjson
import pytest
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError, RedisError

from steadymint.events.event import AUTH, MINTS, DomainEvent, PositionedEvent
from steadymint.events.outbox import append
from steadymint.events.relay import Relay
from steadymint.events.streams import RedisStreams, fields_of
from steadymint.stack.valkey import Valkey

AT = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
NOBODY: asyncpg.Connection = None  # type: ignore[assignment]  - streams write nothing to Postgres


def minted(position: int, *, stream: str = MINTS, later: float = 0.0, tokens: int = 1) -> PositionedEvent:
    payload = {"tokenIds": [str(2**256 - 1)] * tokens}
    happened = DomainEvent(stream, "minted.eip155-31337", f"0xabc:{position}", AT, payload)
    return PositionedEvent(
        position=position,
        positioned_at=AT + timedelta(seconds=position + later),
        event_id=happened.event_id,
        stream=happened.stream,
        type=happened.type,
        occurred_at=AT,
        payload=happened.payload,
    )


async def ids_in(redis: Redis, stream: str = MINTS) -> list[str]:
    return [fields[b"event_id"].decode() for _, fields in await redis.xrange(stream)]


def ids_of(*events: PositionedEvent) -> list[str]:
    return [str(event.event_id) for event in events]


async def test_an_event_has_schema_version_type_id_time_and_payload(redis: Redis) -> None:
    await RedisStreams(redis).deliver(NOBODY, [minted(7)])
    ((entry, fields),) = await redis.xrange("mints.events")
    shown = {name.decode(): value.decode() for name, value in fields.items()}
    assert UUID(shown.pop("event_id")) == minted(7).event_id
    assert orjson.loads(shown.pop("payload")) == {"tokenIds": [str(2**256 - 1)]}
    assert shown == {
        "schema": "mints.events",
        "version": "1",
        "type": "minted.eip155-31337",
        "occurred_at": "2026-01-02T03:04:05.678Z",
    }
    assert entry == b"1767323052678-7"


async def test_what_is_sent_again_is_in_its_stream_once(redis: Redis) -> None:
    streams, events = RedisStreams(redis), [minted(number) for number in range(1, 6)]
    other = minted(3, stream=AUTH)
    await streams.deliver(NOBODY, events[:3])
    await streams.deliver(NOBODY, [*events[:2], other, *events[2:]])
    assert await ids_in(redis) == ids_of(*events)
    assert await ids_in(redis, AUTH) == ids_of(other)


async def test_events_of_a_restored_database_are_told_though_their_positions_were_given_before(redis: Redis) -> None:
    streams = RedisStreams(redis)
    await streams.deliver(NOBODY, [minted(number) for number in range(1, 6)])
    again = minted(3, later=60)
    await streams.deliver(NOBODY, [again])
    assert (await ids_in(redis))[-1] == str(again.event_id)
    assert await redis.xlen(MINTS) == 6


async def test_streams_are_kept_short(redis: Redis) -> None:
    await RedisStreams(redis, kept=100).deliver(NOBODY, [minted(number) for number in range(1, 1001)])
    assert await redis.xlen(MINTS) < 300


async def test_streams_of_large_events_are_kept_shorter_and_a_single_large_one_shortens_nothing(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = RedisStreams(redis, kept=1_000, kept_bytes=1_000_000)
    large = minted(500, tokens=100)
    await streams.deliver(NOBODY, [*(minted(number) for number in range(1, 500)), large])
    assert await redis.xlen(MINTS) == 500
    monkeypatch.setattr("steadymint.events.streams.MEAN_OF", 10)  # so that a test need not send thousands
    await streams.deliver(NOBODY, [minted(number, tokens=100) for number in range(501, 1001)])
    size = len(fields_of(large)["payload"])
    assert await redis.xlen(MINTS) * size < 1_200_000


async def test_a_batch_of_which_redis_refuses_an_event_is_not_taken_in_part(redis: Redis, valkey: str) -> None:
    """What was refused could not be sent again behind what was taken."""
    await redis.acl_setuser("narrow", enabled=True, nopass=True, keys=[MINTS], categories=["+@all"])
    narrow: Redis = Redis.from_url(valkey, username="narrow", password="any")
    events = [minted(1), minted(2, stream=AUTH), minted(3)]
    with pytest.raises(NoPermissionError):
        await RedisStreams(narrow).deliver(NOBODY, events)
    await narrow.aclose()
    assert await redis.xlen(MINTS) == 0
    await RedisStreams(redis).deliver(NOBODY, events)
    assert await ids_in(redis) == ids_of(events[0], events[2])
    assert await ids_in(redis, AUTH) == ids_of(events[1])


async def test_an_outage_of_redis_loses_no_event(pool: asyncpg.Pool, redis: Redis, valkey_server: Valkey) -> None:
    streams = RedisStreams(redis, timeout=0.2)
    relay = Relay(pool, [streams])
    await relay.register()
    login = DomainEvent(AUTH, "auth.user_logged_in", "session", AT, {})
    await valkey_server.stop()
    async with pool.acquire() as connection, connection.transaction():
        await append(connection, [login])
    with pytest.raises((RedisError, OSError, TimeoutError)):
        await relay.deliver(streams)
    await valkey_server.start()
    assert await relay.deliver(streams) == 1
    assert await ids_in(redis, AUTH) == [str(login.event_id)]
