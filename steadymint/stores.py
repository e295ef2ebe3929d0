"""The stores that every process of ours holds open: Postgres, Redis, Mongo. Opened alike in the API and the workers."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from steadymint.database import create_pool
from steadymint.settings import Settings


@dataclass(frozen=True, slots=True)
class Stores:
    pool: asyncpg.Pool
    redis: Redis
    mongo: AsyncMongoClient[dict[str, Any]]


@asynccontextmanager
async def open_stores(settings: Settings, *, generic_plans: bool = False) -> AsyncGenerator[Stores]:
    """Closed again in reverse order. Postgres must answer; Redis and Mongo are connected to when first needed.

    `generic_plans` is for processes that mostly read lists, see `create_pool`.
    """
    postgres, timeout = settings.postgres, settings.redis.timeout
    async with AsyncExitStack() as stack:
        pool = await create_pool(
            postgres.dsn.get_secret_value(),
            min_size=postgres.pool_min,
            max_size=postgres.pool_max,
            command_timeout=postgres.command_timeout,
            generic_plans=generic_plans,
        )
        stack.push_async_callback(pool.close)
        redis = Redis.from_url(
            settings.redis.url.get_secret_value(),
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            # A pooled connection may have died with the server that was restarted since: the command is sent once more
            # over a new one. All that we send may be sent twice.
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        stack.push_async_callback(redis.aclose)
        mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            settings.mongo.url.get_secret_value(), serverSelectionTimeoutMS=int(settings.mongo.timeout * 1000)
        )
        stack.push_async_callback(mongo.close)
        yield Stores(pool, redis, mongo)
