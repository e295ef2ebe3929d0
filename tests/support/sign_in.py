"""Sign-in for tests: the HTTP side and a worker over real stores, one for each xdist worker, and wallets to come with.

Tests do not disturb each other: each comes from an address of its own, with accounts of its own.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from fastapi import FastAPI
from pydantic import SecretStr
from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from api.main import create_app
from steadymint.database import create_pool
from steadymint.domain.types import ChainId
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.identity.messages.message import SignInMessage, shown
from steadymint.settings import AuthSettings, MongoSettings, PostgresSettings, RedisSettings, Settings, TemporalSettings
from steadymint.stack.valkey import Valkey
from tests.support import postgres as databases
from tests.support.durable import registered
from tests.support.sign_in_workers import Contracts, workers_of
from workers.sandbox import serving_runner, workflow_runner

CHAIN = ChainId("eip155:31337")
OTHER_CHAIN = ChainId("eip155:1337")
ORIGIN = "https://market.example"
DOMAIN = "market.example"
OTHER_ORIGIN = "http://localhost:3000"


@dataclass
class Desk:
    """A running sign-in."""

    app: FastAPI
    settings: Settings
    pool: asyncpg.Pool
    redis: Redis
    temporal: Client
    contracts: Contracts
    workers: Callable[[Queues], list[Worker]]

    def visitor(self, ip: str | None = None) -> httpx.AsyncClient:
        """A client at an address of its own."""
        address = ip or ".".join(["10", *(str(random.randrange(1, 255)) for _ in range(3))])
        transport = httpx.ASGITransport(self.app, client=(address, 40_000))
        return httpx.AsyncClient(transport=transport, base_url="http://api.test")

    async def events(self, account: str) -> list[str]:
        """The results on file for an account, oldest first."""
        rows = await self.pool.fetch(
            "SELECT result FROM auth_service.login_events WHERE account_id = $1 ORDER BY ts, id", account.lower()
        )
        return [row["result"] for row in rows]

    async def sessions(self, account: str) -> int:
        """Sessions ever opened for an account."""
        return await self.pool.fetchval(
            "SELECT count(*) FROM auth_service.sessions WHERE address = $1", account.lower()
        )


@dataclass
class Wallet:
    """A key and the messages it signs."""

    key: LocalAccount = field(default_factory=Account.create)

    @property
    def address(self) -> str:
        """EIP-55."""
        return self.key.address

    def message(self, nonce: str, **fields: Any) -> SignInMessage:
        written = SignInMessage(
            domain=DOMAIN,
            address=self.address,
            uri=f"{ORIGIN}/login",
            chain_number=31337,
            nonce=nonce,
            issued_at=shown(datetime.now(UTC)),
            statement="Sign in to the market.",
        )
        return replace(written, **fields)

    def sign(self, text: str) -> str:
        return "0x" + bytes(self.key.sign_message(encode_defunct(text=text)).signature).hex()


async def nonce_for(client: httpx.AsyncClient, account: str, chain_id: str = CHAIN, domain: str = DOMAIN) -> str:
    answer = await client.post("/v1/auth/nonce", json={"accountId": account, "chainId": chain_id, "domain": domain})
    assert answer.status_code == 201, answer.text
    return answer.json()["nonce"]


async def verify(client: httpx.AsyncClient, account: str, text: str, signature: str) -> httpx.Response:
    return await client.post("/v1/auth/verify", json={"accountId": account, "message": text, "signature": signature})


async def sign_in(client: httpx.AsyncClient, wallet: Wallet, **fields: Any) -> dict[str, Any]:
    """The tokens of a fresh sign-in."""
    text = wallet.message(await nonce_for(client, wallet.address), **fields).text()
    answer = await verify(client, wallet.address, text, wallet.sign(text))
    assert answer.status_code == 200, answer.text
    return answer.json()


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens['accessToken']}"}


async def refresh(visitor: httpx.AsyncClient, token: str) -> httpx.Response:
    return await visitor.post("/v1/auth/refresh", json={"refreshToken": token})


async def allowed(visitor: httpx.AsyncClient, tokens: dict[str, Any]) -> bool:
    answer = await visitor.get("/v1/auth/sessions", headers=bearer(tokens))
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def at(offset: float) -> str:
    """A time as messages hold it, in seconds from now."""
    return shown(datetime.now(UTC) + timedelta(seconds=offset))


@pytest.fixture(scope="session")
async def desk(postgres: str, valkey_server: Valkey, temporal: str) -> AsyncIterator[Desk]:
    """Its flows run as those of a worker that serves: a sandbox imports a flow anew for each of a thousand sign-ins."""
    async with opened_desk(postgres, valkey_server, temporal, serving_runner()) as opened:
        yield opened


@pytest.fixture(scope="session")
async def sandboxed_desk(postgres: str, valkey_server: Valkey, temporal: str) -> AsyncIterator[Desk]:
    """For the modules that try out what the flows do: the sandbox refuses what is not deterministic."""
    async with opened_desk(postgres, valkey_server, temporal, workflow_runner()) as opened:
        yield opened


@asynccontextmanager
async def opened_desk(
    postgres: str, valkey_server: Valkey, temporal: str, runner: WorkflowRunner
) -> AsyncIterator[Desk]:
    await valkey_server.start()
    async with AsyncExitStack() as stack:
        fresh = databases.fresh_database(postgres)
        dsn = await anext(fresh)
        stack.push_async_callback(_finish, fresh)
        settings = Settings(
            environment="test",
            postgres=PostgresSettings(dsn=SecretStr(dsn), pool_min=2, pool_max=8),
            redis=RedisSettings(url=SecretStr(valkey_server.url)),
            temporal=TemporalSettings(address=temporal, namespace=await registered(temporal)),
            mongo=MongoSettings(url=SecretStr("mongodb://127.0.0.1:1"), timeout=0.05),  # nobody of these needs it
            auth=AuthSettings(
                allowed_origins=(ORIGIN, OTHER_ORIGIN, "https://market.example:8443"),
                signing_keys={"new": SecretStr(os.urandom(32).hex()), "old": SecretStr("o" * 40)},
            ),
        )
        yield await _open(settings, stack, runner)


async def _open(settings: Settings, stack: AsyncExitStack, runner: WorkflowRunner) -> Desk:
    pool = await create_pool(settings.postgres.dsn.get_secret_value(), min_size=1, max_size=8)
    stack.push_async_callback(pool.close)
    for chain in (CHAIN, OTHER_CHAIN):
        await pool.execute(
            "INSERT INTO chain_registry_service.chains (caip2, chain_numeric, name, native_symbol)"
            " VALUES ($1, $2, 'a chain', 'ETH')",
            chain,
            int(chain.partition(":")[2]),
        )
    redis: Redis = Redis.from_url(settings.redis.url.get_secret_value())
    stack.push_async_callback(redis.aclose)
    client = await connect(settings)
    contracts = Contracts()

    def workers(queues: Queues) -> list[Worker]:
        return workers_of(settings, queues, client, pool, redis, contracts, runner)

    for worker in workers(Queues(settings.temporal.task_queue_prefix)):
        await stack.enter_async_context(worker)
    app = create_app(settings)
    await stack.enter_async_context(app.router.lifespan_context(app))
    return Desk(app, settings, pool, redis, client, contracts, workers)


async def _finish(fresh: Any) -> None:
    with suppress(StopAsyncIteration):
        await anext(fresh)


@pytest.fixture
async def visitor(desk: Desk, valkey_server: Valkey) -> AsyncIterator[httpx.AsyncClient]:
    await valkey_server.start()  # the test before may have stopped it
    async with desk.visitor() as client:
        yield client


@pytest.fixture
def wallet() -> Wallet:
    return Wallet()
