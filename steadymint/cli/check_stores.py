"""Checks of the stores, of Temporal and of the secrets: whether each is there and fit for this version."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeActivityExecutionRequest
from temporalio.service import RPCError, RPCStatusCode

from migrations.mongo import INDEXES
from migrations.runner import head_revision
from steadymint.cli.findings import PATIENCE, Finding, UnfitError, check
from steadymint.documents import collection_of
from steadymint.durable import search_attributes
from steadymint.durable.client import connect
from steadymint.media.store import open_object_store
from steadymint.settings import MediaSettings, Settings
from steadymint.telemetry.logs import redact


async def check_stores(settings: Settings) -> list[Finding]:
    """Postgres, Redis, Mongo, Temporal, the media store, the secrets, in this order."""
    media = settings.media.store if settings.media.store.startswith("s3:") else ""
    found = await asyncio.gather(
        check("postgres", lambda: _postgres(settings), redact(settings.postgres.dsn.get_secret_value())),
        check_redis(settings),
        check("mongo", lambda: _mongo(settings), redact(settings.mongo.url.get_secret_value())),
        check_temporal(settings),
        check("media", lambda: _media(settings.media), media),
        check("secrets", lambda: _secrets(settings)),
    )
    return list(found)


async def check_redis(settings: Settings, patience: float | None = None) -> Finding:
    return await check("redis", lambda: _redis(settings), redact(settings.redis.url.get_secret_value()), patience)


async def check_temporal(settings: Settings, patience: float | None = None) -> Finding:
    return await check("temporal", lambda: _temporal(settings), settings.temporal.address, patience)


async def _postgres(settings: Settings) -> str:
    connection = await asyncpg.connect(settings.postgres.dsn.get_secret_value(), timeout=PATIENCE)
    try:
        version = await connection.fetchval("show server_version")
        known = await connection.fetchval("select to_regclass('public.alembic_version')")
        revision = await connection.fetchval("select version_num from public.alembic_version") if known else None
    finally:
        await connection.close()
    if revision != head_revision():
        raise UnfitError(f"at revision {revision}, this version needs {head_revision()}: run `steadymint migrate`")
    return f"PostgreSQL {version}, revision {revision}"


async def _redis(settings: Settings) -> str:
    async with Redis.from_url(settings.redis.url.get_secret_value()) as client:
        server: dict[str, Any] = await client.info("server")
        memory: dict[str, Any] = await client.info("memory")
    policy = memory.get("maxmemory_policy", "noeviction")
    if str(policy).startswith("allkeys"):
        raise UnfitError(
            f"maxmemory-policy {policy} may throw away the session blacklist: use volatile-* or noeviction"
        )
    return f"{server.get('server_name', 'redis')} {server.get('valkey_version', server.get('redis_version'))}"


async def _mongo(settings: Settings) -> str:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        settings.mongo.url.get_secret_value(),
        serverSelectionTimeoutMS=int(min(PATIENCE, settings.mongo.timeout) * 1000),
    )
    try:
        version = (await client.server_info())["version"]
        for name, wanted in INDEXES.items():
            there = await collection_of(client, name).index_information()
            missing = [index.document["name"] for index in wanted if index.document["name"] not in there]
            if missing:
                raise UnfitError(f"{name} lacks the index {missing[0]}: run `steadymint migrate`")
    finally:
        await client.close()
    return f"MongoDB wire {version}, indexes present"


async def _temporal(settings: Settings) -> str:
    client = await connect(settings)
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key.name for key in search_attributes.ALL if key.name not in answer.custom_attributes]
    if missing:
        raise UnfitError(f"search attributes missing: {', '.join(missing)}: run `steadymint migrate`")
    try:  # there is no such activity
        await client.workflow_service.describe_activity_execution(
            DescribeActivityExecutionRequest(namespace=client.namespace, activity_id="doctor/asks")
        )
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            raise UnfitError(
                "standalone activities are switched off, so orders cannot be built: set `activity.enableStandalone` to"
                " true in the server's dynamic configuration, or use version 1.32 or newer, where it is true"
            ) from None
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
    return f"namespace {client.namespace}, search attributes and standalone activities present"


async def _media(settings: MediaSettings) -> str:
    """Check the object store. A directory is not checked, because it may be mounted only where it is written."""
    if settings.store.startswith("file:"):
        return f"directory {settings.store.removeprefix('file:')}"
    await open_object_store(settings).head("doctor/asks")  # there is no such object; any answer shows a working store
    return settings.store


async def _secrets(settings: Settings) -> str:
    """Check the keys in the settings, which are as necessary as a server."""
    if not settings.auth.signing_keys:
        raise UnfitError("no STEADYMINT_AUTH__SIGNING_KEYS: nobody can sign in")
    if settings.environment == "production" and not settings.codec.keys:
        raise UnfitError("no STEADYMINT_CODEC__KEYS: payloads in Temporal would be readable")
    return "signing keys present, payloads " + ("sealed" if settings.codec.keys else "readable")
