"""The public reads over a real database: the application as composed, without the parts that no read touches."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis

from api.catalog import routes as catalog
from api.catalog.routes import chains
from api.http import middleware, problems
from api.market.routes import collection_market, order_lists
from steadymint.database import create_pool
from steadymint.market.orders import Orders
from steadymint.settings import AuthSettings, PostgresSettings, Settings
from tests.support.routes import routes_of
from tests.support.services import some_services

SIGNING_KEYS = {"test": SecretStr("a signing key of the tests, 32+ bytes")}


@dataclass(frozen=True, slots=True)
class Reads:
    """A client of the public reads, and the pool they read from."""

    http: httpx.AsyncClient
    pool: asyncpg.Pool
    app: FastAPI


@asynccontextmanager
async def serving_reads(dsn: str, *, redis: Redis | None = None, mongo: Any = None) -> AsyncGenerator[Reads]:
    """Serve catalog, market and chains from the migrated database at `dsn`; without Redis there is no read cache."""
    settings = Settings(postgres=PostgresSettings(dsn=SecretStr(dsn)), auth=AuthSettings(signing_keys=SIGNING_KEYS))
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=settings.api.max_body, read_rate=settings.api.read_rate)
    app.router.routes.extend(routes_of(catalog, chains, order_lists, collection_market))
    pool = await create_pool(dsn, min_size=1, max_size=4, command_timeout=None, generic_plans=True)
    app.state.services = some_services(settings, redis=redis, pool=pool, mongo=mongo, orders=Orders(pool))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with pool, httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Reads(http, pool, app)
