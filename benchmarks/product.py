"""The whole product to measure on: every part a real process, blocks when a benchmark asks for them, and beside it the
bare worker that the baselines run on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from temporalio.client import Client
from web3 import AsyncHTTPProvider, AsyncWeb3

from benchmarks.bare import BareWorker
from steadymint.database import create_pool
from steadymint.durable.client import connect
from steadymint.stack.embedded import EmbeddedStack
from steadymint.stack.home import NODE_DIR
from steadymint.stack.report import Report, silent
from tests.support.full_stack import FullStack

NO_LIMITS = {
    "STEADYMINT_AUTH__NONCE_RATE": "1000000",
    "STEADYMINT_AUTH__VERIFY_RATE": "1000000",
    "STEADYMINT_API__ORDER_RATE": "1000000",
}
"""All users of a benchmark come from one address."""


@dataclass(frozen=True)
class Product:
    """The running stack and what is measured beside it."""

    full: FullStack
    pool: asyncpg.Pool
    """As large as one of the API."""
    redis: Redis
    bare: Client
    """A client without our codec and converter."""
    bare_worker: BareWorker

    @property
    def pids(self) -> dict[str, int]:
        """Whose processor time is looked at."""
        stack = self.full.stack
        parts = (stack.temporal, stack.postgres, stack.api, stack.worker, stack.valkey, stack.anvil, self.bare_worker)
        return {part.name: part.pid for part in parts if part.pid is not None}


@asynccontextmanager
async def opened(report: Report = silent, *, variables: Mapping[str, str] = {}) -> AsyncGenerator[Product]:
    """A stack with empty stores, gone afterwards. Its Postgres syncs, as one does that people rely on.

    `variables` are settings of our processes, as environment variables.
    """
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="steadymint-bench-")))
        home.chmod(0o755)  # PostgreSQL does not run as root
        os.environ |= {**NO_LIMITS, **variables}
        embedded = EmbeddedStack(home, node_dir=NODE_DIR, report=report, known_ports=False)
        await stack.enter_async_context(embedded)
        pool = await create_pool(embedded.postgres.url)
        stack.push_async_callback(pool.close)
        web3 = AsyncWeb3(AsyncHTTPProvider(embedded.anvil.url))
        stack.push_async_callback(web3.provider.disconnect)
        full = FullStack(embedded, pool, await connect(embedded.settings()), web3)
        await full.blocks.stop()
        worker = BareWorker(embedded.temporal, home / "logs")
        await worker.start()
        stack.push_async_callback(worker.stop)
        redis = Redis.from_url(embedded.valkey.url)
        stack.push_async_callback(redis.aclose)
        yield Product(full, pool, redis, await Client.connect(embedded.temporal.url), worker)
