"""Sign-in for tests: the HTTP side and a worker over real stores, one for each xdist worker, and wallets to come with.

Tests do not disturb each other: each comes from an address of its own, with accounts of its own.
"""

from __future__ import annotations

import os
import random
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
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
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.worker import Worker

from activities.accounts import Leaving
from activities.linking import LinkChecking, Linking
from activities.sign_in import Granting, SignatureChecking
from api.main import create_app
from steadymint.account_data.erasing import HeldRows
from steadymint.account_data.histories import SignInHistories
from steadymint.audit.operator_settings import OperatorSettings
from steadymint.database import create_pool
from steadymint.domain.types import Address, ChainId
from steadymint.durable import search_attributes
from steadymint.durable.client import connect
from steadymint.durable.queues import Queues
from steadymint.identity.messages.handoff import SignatureHandoff
from steadymint.identity.messages.message import SignInMessage, shown
from steadymint.identity.messages.using_nonces import LinkNonces
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.accounts import Users
from steadymint.identity.users.deletions import Deletions
from steadymint.identity.wallets.linking import WalletLinking
from steadymint.identity.wallets.links import Wallets
from steadymint.settings import AuthSettings, MongoSettings, PostgresSettings, RedisSettings, Settings, TemporalSettings
from steadymint.stack.valkey import Valkey
from tests.support import postgres as databases
from tests.support.durable import _until_known
from workers.sandbox import workflow_runner
from workflows.delete_account import DeleteAccount
from workflows.export_account import ExportAccount
from workflows.link_wallet import LinkWallet
from workflows.sign_in import SignIn

CHAIN = ChainId("eip155:31337")
OTHER_CHAIN = ChainId("eip155:1337")
ORIGIN = "https://market.example"
DOMAIN = "market.example"
OTHER_ORIGIN = "http://localhost:3000"


class Contracts:
    """The chain's word on contract signatures, as the test dictates it."""

    def __init__(self) -> None:
        self.valid: set[tuple[str, str, bytes]] = set()
        self.asked: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.settles: float | None = None
        """Seconds until a wallet is looked at again; None if none is."""
        self.gone: set[str] = set()
        """Wallets whose block has left the chain."""

    async def is_valid(
        self, chain_id: ChainId, address: Address, digest: bytes, signature: bytes, timeout: float
    ) -> bool:
        self.asked.append((chain_id, address))
        if self.error is not None:
            raise self.error
        return (chain_id, address, signature) in self.valid

    async def settles_in(self, chain_id: ChainId, signature: bytes) -> float | None:
        return self.settles

    async def stands(self, chain_id: ChainId, address: Address, since: datetime) -> bool:
        return address not in self.gone


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
    await databases._template(postgres)
    await valkey_server.start()
    async with AsyncExitStack() as stack:
        fresh = databases._fresh(postgres, databases.TEMPLATE)
        dsn = await anext(fresh)
        stack.push_async_callback(_finish, fresh)
        settings = Settings(
            environment="test",
            postgres=PostgresSettings(dsn=SecretStr(dsn), pool_min=2, pool_max=8),
            redis=RedisSettings(url=SecretStr(valkey_server.url)),
            temporal=TemporalSettings(address=temporal, namespace=await _namespace(temporal)),
            mongo=MongoSettings(url=SecretStr("mongodb://127.0.0.1:1"), timeout=0.05),  # nobody of these needs it
            auth=AuthSettings(
                allowed_origins=(ORIGIN, OTHER_ORIGIN, "https://market.example:8443"),
                signing_keys={"new": SecretStr(os.urandom(32).hex()), "old": SecretStr("o" * 40)},
            ),
        )
        yield await _open(settings, stack)


async def _open(settings: Settings, stack: AsyncExitStack) -> Desk:
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
        return _workers(settings, queues, client, pool, redis, contracts)

    for worker in workers(Queues(settings.temporal.task_queue_prefix)):
        await stack.enter_async_context(worker)
    app = create_app(settings)
    await stack.enter_async_context(app.router.lifespan_context(app))
    return Desk(app, settings, pool, redis, client, contracts, workers)


def _workers(
    settings: Settings, queues: Queues, client: Client, pool: asyncpg.Pool, redis: Redis, contracts: Contracts
) -> list[Worker]:
    auth = settings.auth
    sessions = Sessions(pool, auth.refresh_ttl, auth.session_max_age, auth.contract_session_max_age)
    granting = Granting(Wallets(pool), Users(pool), sessions, Deletions(pool, OperatorSettings(pool)))
    ends = Revocation(sessions, redis, auth.access_ttl)
    deletions = Deletions(pool, OperatorSettings(pool))
    leaving = Leaving(deletions, ends, SignInHistories(pool, client), HeldRows(pool))
    signature_checking = SignatureChecking(SignatureHandoff(redis), contracts, ends)
    linking = Linking(WalletLinking(pool), LinkNonces(pool), ends)
    link_checking = LinkChecking(WalletLinking(pool), ends, contracts)
    flows = Worker(
        client,
        task_queue=queues.flows,
        workflows=[SignIn, LinkWallet, DeleteAccount, ExportAccount],
        activities=[
            granting.grant_session,
            linking.link_wallet,
            leaving.close_account,
            leaving.look_whether_due,
            leaving.forget_histories,
            leaving.forget_rows,
        ],
        workflow_runner=workflow_runner(),
    )
    on_chain = [
        signature_checking.ask_contract,
        signature_checking.look_again,
        link_checking.look_again_at_link,
    ]
    chain = Worker(client, task_queue=queues.chain, activities=on_chain)
    return [flows, chain]


async def _namespace(temporal: str) -> str:
    name = f"sign-in-{uuid.uuid4().hex[:12]}"
    client = await Client.connect(temporal, namespace=name)
    request = RegisterNamespaceRequest(namespace=name)
    request.workflow_execution_retention_period.FromSeconds(86_400)
    await client.workflow_service.register_namespace(request)
    keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    wanted = AddSearchAttributesRequest(
        namespace=name, search_attributes={key.name: keyword for key in search_attributes.ALL}
    )
    await _until_known(client.operator_service.add_search_attributes, wanted)
    await _until_known(client.count_workflows, f"{search_attributes.FLOW.name} = 'none'")
    return name


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
