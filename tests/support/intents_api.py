"""The API's side of intents, on real stores: an application, signed-in users, and readers of both kinds of stream."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID, uuid4

import asyncpg
import httpx
import orjson
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.main import create_app
from steadymint.database import create_pool
from steadymint.domain.errors import IntentFinalError, SteadymintError, UpstreamUnavailableError
from steadymint.domain.intents.kinds import AnyOrder
from steadymint.domain.intents.rows import IntentRow
from steadymint.domain.types import IntentId, SessionId, TxHash, UserId
from steadymint.identity.sessions.tokens import AccessTokens, Claims
from steadymint.intents.recorder import IntentRecorder
from steadymint.intents.repository import IntentRepository
from steadymint.live.publisher import StatusPublisher
from steadymint.settings import AuthSettings, MongoSettings, PostgresSettings, RedisSettings, Settings, TemporalSettings
from steadymint.stack.valkey import Valkey
from tests.support import postgres as databases
from tests.support.intents import ALICE, CHAIN, Draft
from tests.support.serving import plain_http, serving

NOBODY = "127.0.0.1:1"
"""Where no server listens: intents need neither Temporal nor Mongo to be read."""


@dataclass
class Event:
    """One event as a browser sees it."""

    id: int
    data: bytes

    @property
    def view(self) -> dict[str, Any]:
        return orjson.loads(self.data)

    @property
    def step(self) -> str:
        return self.view["step"]


@dataclass
class FakeFlows:
    """In place of Temporal: what the flow does with a hash, as the test dictates."""

    on_track: Callable[[IntentId, TxHash], Awaitable[Any]] | None = None
    tracked: list[TxHash] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    """The lines with which these were reported."""
    prepared: list[AnyOrder] = field(default_factory=list)
    refuses: SteadymintError | None = None
    """Why nothing is prepared."""
    gone: bool = False
    """Whether every flow has ended."""
    late: list[TxHash] = field(default_factory=list)
    """The hashes for which a flow was started again."""

    async def prepare(self, order: AnyOrder) -> NoReturn:
        """Nobody is there to prepare anything; that an order came this far is what tests ask."""
        self.prepared.append(order)
        raise self.refuses or UpstreamUnavailableError

    async def track_late(self, row: IntentRow, tx_hash: TxHash, *, deadline: int) -> Any:
        """A flow that runs again does the same with a hash."""
        self.late.append(tx_hash)
        self.gone = False
        return await self.begin_tracking(row.workflow_id, tx_hash)

    async def is_running(self, workflow_id: str) -> bool:
        return not self.gone

    async def begin_tracking(self, workflow_id: str, tx_hash: TxHash, seq: int = 1) -> Any:
        if self.gone:
            raise IntentFinalError
        self.tracked.append(tx_hash)
        self.seen.append(seq)
        on_track = self.on_track
        assert on_track is not None

        class Update:
            async def result(self) -> Any:
                await on_track(IntentId(UUID(workflow_id.rpartition(":")[2])), tx_hash)
                await asyncio.Event().wait()

        return Update()


@dataclass
class Front:
    """An API and what stands behind it."""

    settings: Settings
    pool: asyncpg.Pool
    redis: Redis
    intents: IntentRepository
    recorder: IntentRecorder
    flows: FakeFlows
    url: str = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Front]:
        """Run the application, in a server of its own under an address of its own."""
        app = create_app(self.settings)
        async with serving(app) as url:
            app.state.services = replace(app.state.services, flows=self.flows)
            yield replace(self, url=url)

    async def token(self, user_id: UUID, *, seconds: int = 900) -> str:
        """An access token of a live session."""
        session_id = SessionId(uuid4())
        ends = datetime.now(UTC) + timedelta(seconds=900)
        await self.pool.execute(
            """
            insert into auth_service.sessions
                (session_id, user_id, family_id, nonce_hash, address, chain_id, expires_at, absolute_expires_at)
            values ($1, $2, $1, $3, $4, $5, $6, $6)
            """,
            session_id, user_id, os.urandom(32).hex(), ALICE, CHAIN, ends,
        )  # fmt: skip
        claims = Claims(UserId(user_id), session_id, ALICE, CHAIN)
        tokens = AccessTokens(self.settings.auth.model_copy(update={"access_ttl": seconds}))
        return tokens.issue(claims, ends)[0]

    @asynccontextmanager
    async def user(self, *, url: str | None = None) -> AsyncIterator[User]:
        """Somebody new who has signed in."""
        user_id = uuid4()
        headers = {"Authorization": f"Bearer {await self.token(user_id)}"}
        async with plain_http(url or self.url, headers=headers) as http:
            yield User(user_id, http)


@dataclass
class User:
    id: UUID
    http: httpx.AsyncClient

    def draft(self, **changes: Any) -> Draft:
        """A mint of this user's."""
        return Draft(user_id=self.id, **changes)


@pytest.fixture(scope="session")
async def front(postgres: str, valkey_server: Valkey) -> AsyncIterator[Front]:
    """One for each xdist worker: tests do not disturb each other, each has users and intents of its own."""
    async for dsn in databases.fresh_database(postgres):
        settings = Settings(
            environment="test",
            postgres=PostgresSettings(dsn=SecretStr(dsn), pool_min=1, pool_max=4),
            redis=RedisSettings(url=SecretStr(valkey_server.url)),
            mongo=MongoSettings(url=SecretStr(f"mongodb://{NOBODY}"), timeout=0.5),
            temporal=TemporalSettings(address=NOBODY),
            auth=AuthSettings(signing_keys={"test": SecretStr(os.urandom(32).hex())}),
        )
        redis: Redis = Redis.from_url(valkey_server.url)
        pool = await create_pool(dsn, min_size=1, max_size=8)
        intents = IntentRepository(pool)
        recorder = IntentRecorder(intents, StatusPublisher(redis, ttl=60))
        async with Front(settings, pool, redis, intents, recorder, FakeFlows()).serving() as served:
            yield served
        await pool.close()
        await redis.aclose()


@pytest.fixture
async def api(front: Front, valkey_server: Valkey) -> Front:
    """The running API, its Redis up and listened to, whatever the test before has done to it."""
    await valkey_server.start()
    listening = 0
    while not listening:
        with suppress(RedisError):  # connections of before the restart
            listening = await front.redis.pubsub_numpat()
        await asyncio.sleep(0.01)
    front.flows.on_track = None
    front.flows.tracked.clear()
    front.flows.seen.clear()
    front.flows.prepared.clear()
    front.flows.refuses = None
    front.flows.gone = False
    front.flows.late.clear()
    return front


@pytest.fixture
async def alice(api: Front) -> AsyncIterator[User]:
    async with api.user() as user:
        yield user


async def events(
    client: httpx.AsyncClient,
    path: str,
    *,
    after: int | str | None = None,
    count: int | None = None,
    name: str = "status",
    ready: asyncio.Event | None = None,
) -> list[Event]:
    """The events of a stream, which are called `name`: `count` of them, or all until the server ends it. `ready` is set
    when the stream has begun."""
    headers = {} if after is None else {"Last-Event-ID": str(after)}
    seen: list[Event] = []
    async with asyncio.timeout(30), client.stream("GET", path, headers=headers) as answer:
        answer.raise_for_status()
        if answer.status_code == 204:
            return seen
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines: dict[str, str] = {}
        async for line in answer.aiter_lines():
            if ready is not None:
                ready.set()
            if line:
                member, _, value = line.partition(":")
                lines[member] = value.removeprefix(" ")
            else:
                if "data" in lines:
                    assert lines["event"] == name
                    seen.append(Event(int(lines["id"]), lines["data"].encode()))
                    if len(seen) == count:
                        break
                lines = {}
    return seen


def stream_path(draft: Draft) -> str:
    """Where an intent's events are streamed."""
    return f"/v1/intents/{draft.intent_id}/events"
