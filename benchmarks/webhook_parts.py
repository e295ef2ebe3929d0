"""What the benchmark of webhooks runs on: Postgres, Temporal, the worker and the receivers, each a process."""

from __future__ import annotations

import asyncio
import ssl
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import asyncpg
from temporalio.client import Client

from benchmarks.report import DidNotHappenError
from migrations.runner import migrate_postgres
from migrations.search_attributes import register_search_attributes
from steadymint.database import create_pool
from steadymint.durable.client import data_converter
from steadymint.events.relay import Relay
from steadymint.settings import Settings
from steadymint.stack.ports import HOST, free_port
from steadymint.stack.postgres import Postgres
from steadymint.stack.temporal import Temporal
from steadymint.webhooks.fanout import WebhookFanout
from tests.support.internet import authority

PATIENCE: Final = 1800.0


@dataclass(frozen=True)
class Running:
    """What is there for all phases."""

    pool: asyncpg.Pool
    temporal: Client
    port: int
    pem: Path
    receiver: int
    """Process ids."""
    worker: int
    postgres: int
    server: int

    async def report(self, names: str) -> dict[str, Any]:
        context = ssl.create_default_context(cafile=str(self.pem))
        url = f"https://{HOST}:{self.port}/report?names={names}"
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, ssl=context, server_hostname="x.web.example") as answer,
        ):
            return await answer.json()

    async def until_taken(self, names: str, events: int) -> float:
        """When it was, as `time.time`: the receivers note when they have taken the last one."""
        deadline = time.monotonic() + PATIENCE
        while (report := await self.report(names))["taken"] < events:
            if time.monotonic() > deadline:
                raise DidNotHappenError(f"{events} events were to be taken: {report}")
            await asyncio.sleep(1)
        return report["last_at"]


@asynccontextmanager
async def running() -> AsyncGenerator[Running]:
    """Postgres, Temporal, receivers and the worker; gone afterwards."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres, temporal = Postgres(directory / "postgres"), Temporal(directory / "temporal", headless=True)
        for part in (postgres, temporal):
            await part.start()
            stack.push_async_callback(part.stop)
        await migrate_postgres(postgres.url)
        pool = await create_pool(postgres.url, min_size=1, max_size=4)
        stack.push_async_callback(pool.close)
        client = await Client.connect(temporal.url, data_converter=data_converter(Settings()))
        await register_search_attributes(client)
        await Relay(pool, [WebhookFanout()]).register()
        pem = directory / "authority.pem"
        pem.write_bytes(b"".join(authority()))
        port = free_port()
        receiver = await stack.enter_async_context(process("benchmarks.webhook_receiver", str(port), str(pem)))
        worker = await stack.enter_async_context(
            process("benchmarks.webhook_worker", postgres.url, temporal.url, str(port), str(pem))
        )
        assert postgres.pid is not None
        assert temporal.pid is not None
        yield Running(pool, client, port, pem, receiver, worker, postgres.pid, temporal.pid)


@asynccontextmanager
async def process(module: str, *arguments: str) -> AsyncGenerator[int]:
    """A process of ours. Its id."""
    started = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments)
    try:
        await asyncio.sleep(3)
        if started.returncode is not None:
            raise DidNotHappenError(f"{module} has ended")
        yield started.pid
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()
