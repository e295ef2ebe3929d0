"""`steadymint doctor`: asks each dependency by name whether it is there and fit for this version."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import asyncpg
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from rich.text import Text

from migrations.mongo import INDEXES
from migrations.runner import head_revision
from steadymint.chain.registry import ChainRegistry
from steadymint.database import create_pool
from steadymint.documents import collection_of
from steadymint.durable import search_attributes
from steadymint.durable.client import connect
from steadymint.settings import Settings, load_settings

PATIENCE = 10
"""Seconds for one check."""


class UnfitError(Exception):
    """A dependency answers, but not as it must; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `fit` is False for anything that must be mended."""

    name: str
    fit: bool
    detail: str
    seconds: float


async def examine(settings: Settings | None = None, console: Console | None = None) -> int:
    """Print the findings; returns the exit code, 1 if anything is unfit."""
    console = console or Console()
    findings = await findings_of(settings or load_settings())
    table = Table(box=None, pad_edge=False)
    for column in ("dependency", "", "time", "detail"):
        table.add_column(column, justify="right" if column == "time" else "left", overflow="fold")
    for found in findings:
        mark = Text("ok", style="green") if found.fit else Text("FAILED", style="bold red")
        table.add_row(found.name, mark, f"{found.seconds * 1000:.0f} ms", Text(found.detail))
    console.print(table)
    unfit = [found.name for found in findings if not found.fit]
    console.print(f"\n{', '.join(unfit)}: to be mended" if unfit else "\neverything is fit")
    return 1 if unfit else 0


async def findings_of(settings: Settings) -> list[Finding]:
    """All checks at once, in a fixed order; chains come last, one finding for each endpoint."""
    stores = await asyncio.gather(
        _check("postgres", lambda: _postgres(settings)),
        _check("redis", lambda: _redis(settings)),
        _check("mongo", lambda: _mongo(settings)),
        _check("temporal", lambda: _temporal(settings)),
        _check("secrets", lambda: _secrets(settings)),
    )
    if not stores[0].fit:
        return list(stores)
    return [*stores, *await _chains(settings)]


async def _check(name: str, ask: Callable[[], Awaitable[str]]) -> Finding:
    begun = time.perf_counter()
    try:
        detail, fit = await asyncio.wait_for(ask(), PATIENCE), True
    except TimeoutError:
        detail, fit = f"no answer within {PATIENCE:g} s", False
    except UnfitError as error:
        detail, fit = str(error), False
    except Exception as error:
        # The class, not the text: driver messages quote addresses with passwords in them.
        detail, fit = f"not reachable ({type(error).__name__})", False
    return Finding(name, fit, detail, time.perf_counter() - begun)


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
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

    client = await connect(settings)
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key.name for key in search_attributes.ALL if key.name not in answer.custom_attributes]
    if missing:
        raise UnfitError(f"search attributes missing: {', '.join(missing)}: run `steadymint migrate`")
    return f"namespace {client.namespace}, search attributes present"


async def _secrets(settings: Settings) -> str:
    """Not a server, but as needed as one."""
    if not settings.auth.signing_keys:
        raise UnfitError("no STEADYMINT_AUTH__SIGNING_KEYS: nobody can sign in")
    if settings.environment == "production" and not settings.codec.keys:
        raise UnfitError("no STEADYMINT_CODEC__KEYS: payloads in Temporal would be readable")
    return "signing keys present, payloads " + ("sealed" if settings.codec.keys else "readable")


async def _chains(settings: Settings) -> list[Finding]:
    pool = await create_pool(settings.postgres.dsn.get_secret_value(), min_size=1, max_size=2)
    try:
        registry = ChainRegistry(pool)
        chains = await registry.enabled()
        if not chains:
            return [Finding("chains", False, "none is registered: `steadymint chain add`", 0)]
        checks: list[Awaitable[Finding]] = []
        for chain in chains:
            checks.append(_check(chain.chain_id, lambda chain=chain: _factory(chain)))
            for endpoint in await registry.endpoints(chain.chain_id):
                name = f"{chain.chain_id} #{endpoint.id}"
                checks.append(_check(name, lambda chain=chain, endpoint=endpoint: _endpoint(chain, endpoint)))
        return list(await asyncio.gather(*checks))
    finally:
        await pool.close()


async def _factory(chain: Any) -> str:
    return f"{chain.name}, {chain.confirmations} confirmations, factory {chain.contract('factory').address}"


async def _endpoint(chain: Any, endpoint: Any) -> str:
    calls = [("eth_chainId", []), ("eth_blockNumber", []), ("eth_getBlockByNumber", ["0x0", False])]
    body = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
        for number, (method, parameters) in enumerate(calls)
    ]
    async with (
        aiohttp.ClientSession(headers=endpoint.headers) as session,
        session.post(endpoint.url, json=body) as response,
    ):
        if response.status != 200:
            raise UnfitError(f"answers HTTP {response.status}")
        answers = {answer["id"]: answer.get("result") for answer in await response.json()}
    if int(answers[0], 16) != chain.number:
        raise UnfitError(f"serves chain {int(answers[0], 16)}, not {chain.number}")
    if chain.genesis_hash is not None and answers[2]["hash"] != chain.genesis_hash:
        raise UnfitError("serves another chain: its genesis block is not the registered one")
    return f"head {int(answers[1], 16)}"
