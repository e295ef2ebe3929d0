"""Status streams: 1,000 viewers of one API process. How late is an event, how late a burst, and what a viewer costs.

    python -m benchmarks.streams [--viewers 1000] [--events 2000]

Real parts: PostgreSQL, Valkey, the whole application under uvicorn in a process of its own, viewers on TCP connections
in this one. A delay runs from before the publish to the bytes at the viewer. The baseline is the same message from
publish to a bare subscriber in this process, so the ratio is what our process adds to Redis itself.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import httpx
import uvloop
from pydantic import SecretStr
from redis.asyncio import Redis
from rich.console import Console

from benchmarks.intents import ALICE, OWNER, draft
from benchmarks.options import Options
from benchmarks.processes import cpu_ms, resident_kib
from benchmarks.report import Goal, Measure, print_notes, table
from benchmarks.viewing import Viewing
from migrations.runner import migrate_postgres
from steadymint.database import create_pool
from steadymint.domain.intents.view import LoggedStep
from steadymint.domain.types import IntentId
from steadymint.intents.repository import IntentRepository
from steadymint.live.publisher import FEED, StatusPublisher
from steadymint.settings import ApiSettings, AuthSettings, PostgresSettings, RedisSettings, Settings, TemporalSettings
from steadymint.stack.postgres import DISPOSABLE, Postgres
from steadymint.stack.valkey import Valkey

BURSTS = 10

P = TypeVar("P", Postgres, Valkey)

GOAL_EVENT, GOAL_BURST, GOAL_MEMORY = (Goal("median", "<=", bound) for bound in (0.5, 50.0, 16.0))


async def watch(url: httpx.URL, intent_ids: list[IntentId]) -> list[Viewing]:
    viewers: list[Viewing] = []
    loop = asyncio.get_running_loop()
    assert url.port is not None
    port = url.port
    for start in range(0, len(intent_ids), 50):
        connections = [
            loop.create_connection(
                lambda intent_id=intent_id: Viewing(url.host, f"/v1/intents/{intent_id}/events"), url.host, port
            )
            for intent_id in intent_ids[start : start + 50]
        ]
        viewers += [protocol for _, protocol in await asyncio.gather(*connections)]
    async with asyncio.timeout(60):
        while not all(viewer.events for viewer in viewers):
            await asyncio.sleep(0.05)
    return viewers


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def single_events(
    viewers: list[Viewing], lines: list[LoggedStep], publisher: StatusPublisher, count: int
) -> list[float]:
    """Milliseconds for one event to one of the viewers, one at a time."""
    delays: list[float] = []
    for number in range(count):
        index = number * 7919 % len(viewers)
        viewer = viewers[index]
        lines[index] = replace(lines[index], seq=lines[index].seq + 1)
        viewer.waiting = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        await publisher.announce([lines[index]])
        async with asyncio.timeout(10):
            await viewer.waiting
        delays.append((viewer.arrived - started) * 1000)
        await asyncio.sleep(0.001)
    return delays


async def burst(viewers: list[Viewing], lines: list[LoggedStep], publisher: StatusPublisher) -> list[float]:
    """Milliseconds until each viewer has its event, when all intents take a step at once (a full block)."""
    before = [viewer.events for viewer in viewers]
    lines[:] = [replace(line, seq=line.seq + 1) for line in lines]
    started = time.perf_counter()
    await publisher.announce(lines)
    async with asyncio.timeout(30):
        while any(viewer.events == count for viewer, count in zip(viewers, before, strict=True)):
            await asyncio.sleep(0.005)
    return [(viewer.arrived - started) * 1000 for viewer in viewers]


async def bare(redis: Redis, line: LoggedStep, publisher: StatusPublisher, count: int) -> list[float]:
    """Milliseconds from the same publish to a bare subscriber."""
    delays: list[float] = []
    async with redis.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(FEED)
        await subscription.get_message(timeout=1)
        for _ in range(count):
            started = time.perf_counter()
            announcing = asyncio.create_task(publisher.announce([replace(line, seq=1)]))
            while await subscription.get_message(timeout=1) is None:
                pass
            delays.append((time.perf_counter() - started) * 1000)
            await announcing
            await asyncio.sleep(0.001)
    return delays


def spread(values: list[float]) -> dict[str, float]:
    return {"p50": round(statistics.median(values), 3), "p99": round(percentile(values, 0.99), 3)}


async def measure(options: Options) -> list[Measure]:
    """With as many viewers as the goals name, or a tenth for a quick look."""
    return await fan_out(options.of(1000, 100), options.of(2000, 300))


async def fan_out(viewer_count: int, event_count: int) -> list[Measure]:
    """Single events, bursts, and memory."""
    async with AsyncExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = await started(stack, Postgres(data / "postgres", settings=DISPOSABLE))
        valkey = await started(stack, Valkey(data / "valkey"))
        await migrate_postgres(postgres.url)
        pool = await create_pool(postgres.url)
        stack.push_async_callback(pool.close)
        redis: Redis = Redis.from_url(valkey.url)
        stack.push_async_callback(redis.aclose)
        intents = IntentRepository(pool)
        rows = await asyncio.gather(*(intents.create(draft(number)) for number in range(viewer_count)))
        lines = [LoggedStep(row.intent_id, 1, row.view) for row, _ in rows]
        server, url = await start_api(postgres.url, valkey.url)
        stack.push_async_callback(server.wait)
        stack.callback(server.kill)  # a thousand open streams would hold a graceful stop up
        # The first viewers also pay for connections to Postgres and whatever is made on first use.
        few = viewer_count // 10
        viewers = await watch(url, [line.intent_id for line in lines[:few]])
        first = await settled_memory(server.pid)
        viewers += await watch(url, [line.intent_id for line in lines[few:]])
        full = await settled_memory(server.pid)
        publisher = StatusPublisher(redis, ttl=60)
        baseline = await bare(redis, lines[0], publisher, event_count)
        await single_events(viewers, lines, publisher, 200)  # warm
        cpu = [cpu_ms(server.pid)]
        singles = await single_events(viewers, lines, publisher, event_count)
        cpu.append(cpu_ms(server.pid))
        bursts = [await burst(viewers, lines, publisher) for _ in range(BURSTS)]
        cpu.append(cpu_ms(server.pid))
    flat = [delay for delays in bursts[1:] for delay in delays]
    alone = percentile(baseline, 0.99)
    api_mib = {"API resident MiB": round(full / 1024, 1)}
    to_one = {"p50": spread(singles)["p50"], "API cpu ms": round((cpu[1] - cpu[0]) / event_count, 3)}
    to_all = {"p50": spread(flat)["p50"], "API cpu ms": round((cpu[2] - cpu[1]) / BURSTS, 1)}
    viewers_of = f"{viewer_count} viewers"
    return [
        Measure(
            f"{viewers_of}: one event to one, p99",
            percentile(singles, 0.99),
            "ms",
            baseline=alone,
            against="bare subscriber of Redis",
            goal=GOAL_EVENT,
            notes=to_one,
        ),
        Measure(
            f"{viewers_of}: an event to each at once, p99", percentile(flat, 0.99), "ms", goal=GOAL_BURST, notes=to_all
        ),
        Measure(
            f"{viewers_of}: memory of one",
            (full - first) / (viewer_count - few),
            "KiB",
            goal=GOAL_MEMORY,
            notes=api_mib,
        ),
    ]


async def started(stack: AsyncExitStack, part: P) -> P:
    await part.start()
    stack.push_async_callback(part.stop)
    return part


async def settled_memory(pid: int) -> int:
    await asyncio.sleep(1.5)
    return resident_kib(pid)


async def start_api(dsn: str, redis_url: str) -> tuple[asyncio.subprocess.Process, httpx.URL]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.streams", "--serve", dsn, redis_url, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None
    url = httpx.URL((await server.stdout.readline()).decode().strip())
    async with httpx.AsyncClient(headers={"Authorization": "Bearer x"}) as client:
        for _ in range(100):
            try:
                await client.get(url.join("/v1/intents"))
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
    return server, url


def serve(dsn: str, redis_url: str) -> None:
    """The application as it is, only that everybody is signed in."""
    import socket

    import uvicorn

    import api.sessions
    from api.main import create_app
    from steadymint.domain.sessions import Session
    from steadymint.domain.types import ChainId, SessionId, UserId

    settings = Settings(
        log_level="WARNING",
        postgres=PostgresSettings(dsn=SecretStr(dsn)),
        redis=RedisSettings(url=SecretStr(redis_url)),
        temporal=TemporalSettings(address="127.0.0.1:1"),
        api=ApiSettings(streams_per_user=1_000_000, streams_per_address=1_000_000, read_rate=100_000_000),
        auth=AuthSettings(signing_keys={"benchmark": SecretStr(os.urandom(32).hex())}),
    )
    app = create_app(settings)
    ends = datetime.now(UTC) + timedelta(hours=1)
    owner = Session(UserId(OWNER), SessionId(UUID(int=1)), ALICE, ChainId("eip155:31337"), ends)

    async def everybody(*_: object) -> Session:
        return owner

    api.sessions.session_of = everybody
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        app, loop="uvloop", log_config=None, access_log=False, server_header=False, proxy_headers=False
    )
    uvloop.run(uvicorn.Server(config).serve([listener]))


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        serve(*sys.argv[2:4])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--events", type=int, default=2000)
    chosen = parser.parse_args()
    os.environ.setdefault("PYTHONHASHSEED", "0")
    measures = uvloop.run(fan_out(chosen.viewers, chosen.events))
    console = Console()
    print_notes(console, measures)
    console.print(table(measures, ()))


if __name__ == "__main__":
    main()
