"""`steadymint doctor`: checks that each dependency answers and suits this version."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import asyncpg
from pymongo import AsyncMongoClient
from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from rich.text import Text
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from migrations.mongo import INDEXES
from migrations.runner import head_revision
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.registry import FACTORY, Chain, ChainRegistry
from steadymint.database import create_pool
from steadymint.documents import collection_of
from steadymint.durable import search_attributes
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.media.store import open_object_store
from steadymint.settings import MediaSettings, Settings, load_settings

PATIENCE = 10
"""Seconds for one check."""
ASKED_LATELY = 90
"""Seconds. A worker's poll lasts a minute; then it polls again."""

LOOK_AGAIN = (0.5, 1.0, 2.0)
"""Seconds between two looks for workers. A worker that has just started needs a moment."""

_CHECKPOINT: Final = """
select last_block, halted_reason from indexer_service.indexer_checkpoints where chain_id = $1"""


class UnfitError(Exception):
    """A dependency answers but is not fit. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding of one check. `fit` is False if something must be fixed."""

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
    """All findings, in a fixed order. Chains come last, with one finding for each endpoint and one for the indexer."""
    stores = await asyncio.gather(
        _check("postgres", lambda: _postgres(settings)),
        _check("redis", lambda: _redis(settings)),
        _check("mongo", lambda: _mongo(settings)),
        _check("temporal", lambda: _temporal(settings)),
        _check("media", lambda: _media(settings.media)),
        _check("secrets", lambda: _secrets(settings)),
    )
    if not stores[0].fit:
        return list(stores)
    chains, found = await _chains(settings)
    if stores[3].fit:
        return [*stores, await _check("workers", lambda: _workers(settings, chains)), *found]
    return [*stores, *found]


async def _check(name: str, ask: Callable[[], Awaitable[str]]) -> Finding:
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            detail, fit = await ask(), True
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
    client = await connect(settings)
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [key.name for key in search_attributes.ALL if key.name not in answer.custom_attributes]
    if missing:
        raise UnfitError(f"search attributes missing: {', '.join(missing)}: run `steadymint migrate`")
    return f"namespace {client.namespace}, search attributes present"


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


async def _workers(settings: Settings, chains: Sequence[Chain]) -> str:
    """Check that workers poll each queue."""
    client, queues = await connect(settings), Queues(settings.temporal.task_queue_prefix)
    wanted = [queues.flows, queues.chain, queues.chain_wait, queues.media, queues.metadata]
    wanted += [queues.index(chain.chain_id) for chain in chains if chain.named(FACTORY)]
    pollers: dict[str, set[str]] = {}
    for wait in (*LOOK_AGAIN, 0.0):
        pollers = {name: await _pollers(client, name, workflows=name == queues.flows) for name in wanted}
        if all(pollers.values()):
            break
        await asyncio.sleep(wait)
    idle = [name for name, found in pollers.items() if not found]
    if idle:
        raise UnfitError(f"no worker serves {', '.join(idle)}: work for it waits")
    processes = len(set().union(*pollers.values()))
    return f"{processes} process{'es' if processes > 1 else ''} for {', '.join(wanted)}"


async def _pollers(client: Client, queue: str, *, workflows: bool) -> set[str]:
    """The workers that polled lately. Temporal remembers them for minutes; a live one polls at least once a minute."""
    kind = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW if workflows else TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind)
    )
    since = time.time() - ASKED_LATELY
    return {poller.identity for poller in answer.pollers if poller.last_access_time.seconds > since}


async def _chains(settings: Settings) -> tuple[Sequence[Chain], list[Finding]]:
    pool = await create_pool(settings.postgres.dsn.get_secret_value(), min_size=1, max_size=2)
    try:
        registry = ChainRegistry(pool)
        chains = await registry.enabled()
        if not chains:
            return chains, [Finding("chains", False, "none is registered: `steadymint chain add`", 0)]
        return chains, [found for chain in chains for found in await _chain(pool, registry, chain)]
    finally:
        await pool.close()


async def _chain(pool: asyncpg.Pool, registry: ChainRegistry, chain: Chain) -> list[Finding]:
    heads: list[int] = []
    endpoints = await registry.endpoints(chain.chain_id)
    reached = [
        _check(f"{chain.chain_id} #{endpoint.id}", lambda endpoint=endpoint: _endpoint(chain, endpoint, heads))
        for endpoint in endpoints
    ]
    return [
        await _check(chain.chain_id, lambda: _registered(chain, endpoints)),
        *await asyncio.gather(*reached),
        await _check(f"{chain.chain_id} index", lambda: _index(pool, chain, max(heads, default=None))),
    ]


async def _registered(chain: Chain, endpoints: Sequence[EndpointConfig]) -> str:
    if not endpoints:
        raise UnfitError("no endpoint is usable: none is active, or the environment lacks the credential it names")
    if not chain.named(FACTORY):
        raise UnfitError(f"no contract named {FACTORY!r} is registered: the chain is not indexed")
    return f"{chain.name}, {chain.confirmations} confirmations, factory {chain.contract(FACTORY).address}"


async def _index(pool: asyncpg.Pool, chain: Chain, head: int | None) -> str:
    """Compare the checkpoint with a node's current head. The head that the indexer saw last is stale if it has died."""
    row = await pool.fetchrow(_CHECKPOINT, chain.chain_id)
    if row is None:
        return "nothing is read yet"
    if row["halted_reason"] is not None:
        raise UnfitError(f"halted at block {row['last_block']}: {row['halted_reason']}")
    if head is None:
        return f"block {row['last_block']}"
    return f"block {row['last_block']}, {max(0, head - row['last_block'])} behind the head"


async def _endpoint(chain: Chain, endpoint: EndpointConfig, heads: list[int]) -> str:
    """Check one endpoint, and add its head to `heads`."""
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
    heads.append(int(answers[1], 16))
    return f"head {heads[-1]}"
