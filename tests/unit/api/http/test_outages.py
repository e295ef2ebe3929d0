"""A 503 names the part that failed, where only a driver's error is known."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from redis.asyncio import Redis

from api.http.outages import OUTAGES, unavailable
from api.http.problems import problem_of
from steadymint.domain.errors import CallRevertedError, NotPinnedError, UpstreamUnavailableError
from steadymint.durable.failures import from_failure, to_failure


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """The port of a server that takes connections and never answers."""

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask_postgres(port: int) -> None:
    await asyncpg.connect(f"postgresql://u:p@127.0.0.1:{port}/x", timeout=0.2)


async def ask_redis(port: int) -> None:
    async with Redis.from_url(f"redis://127.0.0.1:{port}/0", socket_timeout=0.2, retry=None) as client:
        await client.get("x")


@pytest.mark.parametrize(("ask", "part"), [(ask_postgres, "postgres"), (ask_redis, "redis")])
async def test_a_store_that_is_gone_or_hangs_is_named(
    silent: int, ask: Callable[[int], Awaitable[None]], part: str
) -> None:
    for port in (1, silent):  # nothing listens on port 1
        with pytest.raises(OUTAGES) as outage:
            await ask(port)
        problem = problem_of(unavailable(outage.value))
        assert problem.status_code == 503
        assert f'"upstream":"{part}"'.encode() in problem.body


def test_the_part_survives_the_way_through_a_flow() -> None:
    error = UpstreamUnavailableError("endpoint 1 did not answer in time", upstream="node")
    assert from_failure(to_failure(error)).extra == {"upstream": "node"}
    assert NotPinnedError().extra == {"upstream": "pinning"}
    assert CallRevertedError().extra == {}
