"""Connections to Postgres: an asyncpg pool for writes and hot reads, a SQLAlchemy engine for composed list reads.

Values keep their worth on the way: jsonb is Python objects (orjson), uuid is `uuid.UUID` (asyncpg's own subclass is
refused by orjson), and a numeric without decimals is a Python int. Decimals would do for storage, but arithmetic on
them rounds to 28 digits, and a uint256 has 78.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, SafeUUID

import asyncpg
import orjson

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

NEWEST: Final = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
"""Time and id before every row of a list that begins with the newest: where its first page starts. The plan that is
made once for all arguments cannot use the index for a condition that may be left out, so the start is never null."""

AT_ONCE: Final = 1_000
"""Rows of one statement that sweeps or erases. It takes some ten milliseconds and few locks."""

# jit: planning a short statement must not cost a compilation.
_SERVER_SETTINGS: Final = {"application_name": "steadymint", "timezone": "UTC", "jit": "off"}

FOR_PAGES: Final = {"plan_cache_mode": "force_generic_plan", "enable_bitmapscan": "off", "random_page_cost": "1.1"}
"""A page walks an index and stops. A bitmap reads everything that the index has of it, and sorts that. What a page
reads is in memory or on a solid-state disk, where a row elsewhere costs hardly more than the next one. Postgres'
default, 4, is for a turning disk: there it would rather read a table from end to end."""

_new_uuid: Final = UUID.__new__
_set: Final = object.__setattr__
_JSONB_VERSION: Final = b"\x01"

# Postgres sends a numeric as base-10,000 digits: count, weight of the first, sign, digits to show after the point.
_NUMERIC_HEADER: Final = struct.Struct("!HhHH")
_BASE: Final = 10_000
_POSITIVE, _NEGATIVE, _NAN = 0x0000, 0x4000, 0xC000
_INFINITY, _NEGATIVE_INFINITY = 0xD000, 0xF000
_SPECIAL: Final = {_NAN: "NaN", _INFINITY: "Infinity", _NEGATIVE_INFINITY: "-Infinity"}


def encode_numeric(value: int | Decimal) -> bytes:
    """The wire form of an exact number. Raises TypeError for floats and booleans: they are never meant as amounts."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _encode_scaled(value, 0)
    if not isinstance(value, Decimal):
        raise TypeError(f"a numeric takes int or Decimal, not {type(value).__name__}")
    if not value.is_finite():
        sign = _NAN if value.is_nan() else _NEGATIVE_INFINITY if value < 0 else _INFINITY
        return _NUMERIC_HEADER.pack(0, 0, sign, 0)
    negative, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "finite"
    unscaled = int("".join(map(str, digits)) or "0") * (-1 if negative else 1)
    return _encode_scaled(unscaled * 10**exponent, 0) if exponent > 0 else _encode_scaled(unscaled, -exponent)


def _encode_scaled(unscaled: int, scale: int) -> bytes:
    sign = _NEGATIVE if unscaled < 0 else _POSITIVE
    groups_after_point = -(-scale // 4)
    rest = abs(unscaled) * 10 ** (groups_after_point * 4 - scale)
    groups: list[int] = []
    while rest:
        rest, group = divmod(rest, _BASE)
        groups.append(group)
    weight = len(groups) - groups_after_point - 1
    groups.reverse()
    while groups and groups[-1] == 0:
        groups.pop()
    return _NUMERIC_HEADER.pack(len(groups), weight, sign, scale) + struct.pack(f"!{len(groups)}H", *groups)


def decode_numeric(data: bytes) -> int | Decimal:
    """An int where the number has no digits after the point, a Decimal with exactly those it has otherwise."""
    count, weight, sign, scale = _NUMERIC_HEADER.unpack_from(data)
    if sign in _SPECIAL:
        return Decimal(_SPECIAL[sign])
    unscaled = 0
    for group in struct.unpack_from(f"!{count}H", data, _NUMERIC_HEADER.size):
        unscaled = unscaled * _BASE + group
    exponent = 4 * (weight + 1 - count) + scale if count else 0
    unscaled = unscaled * 10**exponent if exponent >= 0 else unscaled // 10**-exponent
    if scale == 0:
        return -unscaled if sign == _NEGATIVE else unscaled
    return Decimal((int(sign == _NEGATIVE), tuple(map(int, str(unscaled))), -scale))


def encode_json(value: Any) -> str:
    """JSON text of a Python value; UUIDs and datetimes included, integers over 64 bits refused (write them as text)."""
    return orjson.dumps(value).decode()


def _encode_jsonb(value: Any) -> bytes:
    return _JSONB_VERSION + orjson.dumps(value)


def _decode_jsonb(data: bytes) -> Any:
    return orjson.loads(data[1:])


def _decode_uuid(data: bytes) -> UUID:
    """As `UUID(bytes=data)`, in two fifths of its time: there is nothing to check.

    `UUID._from_int` of Python 3.14 does the same.
    """
    made = _new_uuid(UUID)
    _set(made, "int", int.from_bytes(data, "big"))
    _set(made, "is_safe", SafeUUID.unknown)
    return made


def _encode_uuid(value: UUID | str) -> bytes:
    return value.bytes if isinstance(value, UUID) else UUID(value).bytes


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """Teach one connection how our values travel."""

    async def codec(name: str, encoder: Any, decoder: Any) -> None:
        await connection.set_type_codec(name, schema="pg_catalog", encoder=encoder, decoder=decoder, format="binary")

    await codec("jsonb", _encode_jsonb, _decode_jsonb)
    await codec("uuid", _encode_uuid, _decode_uuid)
    await codec("numeric", encode_numeric, decode_numeric)


async def _leave_as_it_is(_: asyncpg.Connection) -> None:
    """What is done to a connection that goes back to its pool, besides the rollback that asyncpg sees to.

    By default it would be told to forget listeners, settings, cursors and locks: a second round trip for each query, as
    long as the query itself. Whoever needs those opens a connection of their own, as the indexer does.
    """


async def create_pool(
    dsn: str,
    *,
    min_size: int = 2,
    max_size: int = 16,
    command_timeout: float | None = 30.0,
    generic_plans: bool = False,
) -> asyncpg.Pool:
    """An open pool; one per process. `command_timeout` is in seconds and bounds one statement.

    Change nothing about the session of a pooled connection (`set`, `listen`, session locks): the next user would have
    it. Inside a transaction, `set local` and transaction locks are free to use.

    With `generic_plans` a statement is planned once per connection. Postgres would choose so by itself, but for lists:
    of a `LIMIT` that is a parameter it assumes a tenth of the table, so the general plan looks dear and each page is
    planned anew, which takes as long as reading it. For pools whose statements are tested to be good with that plan.
    """
    settings = _SERVER_SETTINGS | (FOR_PAGES if generic_plans else {})
    return await asyncpg.create_pool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        command_timeout=command_timeout,
        server_settings=settings,
        init=prepare_connection,
        reset=_leave_as_it_is,
    )


def create_engine(
    dsn: str, *, pool_size: int = 5, max_overflow: int = 5, command_timeout: float | None = 30.0
) -> AsyncEngine:
    """A SQLAlchemy engine over the same driver; takes every DSN that asyncpg takes."""
    # A fifth of what a worker would import, and workers compose no lists.
    from sqlalchemy.ext.asyncio import create_async_engine

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(dsn, command_timeout=command_timeout, server_settings=_SERVER_SETTINGS)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_pre_ping=True,
        json_serializer=encode_json,
        json_deserializer=orjson.loads,
    )


async def in_batches(pool: asyncpg.Pool, statement: str, *arguments: Any) -> int:
    """Repeat a statement until it finds less than a whole batch, and return the number of its rows.

    The last argument is the most rows of a batch. Each batch is a transaction of its own.
    """
    done = 0
    while True:
        status: str = await pool.execute(statement, *arguments)
        batch = int(status.rpartition(" ")[2])
        done += batch
        if batch < arguments[-1]:
            return done
