"""Domain events carry the names of the specification and one id per happening."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import orjson
from redis.asyncio import Redis

from steadymint.live.events import AUTH, MINTS, DomainEvent, DomainEvents
from steadymint.stack.valkey import Valkey

AT = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)


def minted(number: int = 1) -> DomainEvent:
    return DomainEvent(MINTS, "minted.eip155-31337", f"0xabc:{number}", AT, {"tokenIds": [str(2**256 - 1)]})


async def test_an_event_has_schema_version_type_id_time_and_payload(redis: Redis) -> None:
    assert await DomainEvents(redis).publish([minted()])
    ((_, fields),) = await redis.xrange("mints.events")
    shown = {name.decode(): value.decode() for name, value in fields.items()}
    assert UUID(shown.pop("event_id")) == minted().event_id
    assert orjson.loads(shown.pop("payload")) == {"tokenIds": [str(2**256 - 1)]}
    assert shown == {
        "schema": "mints.events",
        "version": "1",
        "type": "minted.eip155-31337",
        "occurred_at": "2026-01-02T03:04:05.678Z",
    }


async def test_telling_twice_gives_the_same_event_id_and_another_happening_another(redis: Redis) -> None:
    events = DomainEvents(redis)
    await events.publish([minted(1), minted(2)])
    await events.publish([minted(1)])
    first, second, again = (fields[b"event_id"] for _, fields in await redis.xrange(MINTS))
    assert first == again != second


async def test_streams_are_kept_short(redis: Redis) -> None:
    await DomainEvents(redis, kept=100).publish(minted(number) for number in range(1000))
    assert await redis.xlen(MINTS) < 300


async def test_what_has_happened_stands_though_nobody_can_be_told(redis: Redis, valkey_server: Valkey) -> None:
    await valkey_server.stop()
    login = DomainEvent(AUTH, "auth.user_logged_in", "session", AT, {})
    assert await DomainEvents(redis, timeout=0.2).publish([login]) is False
