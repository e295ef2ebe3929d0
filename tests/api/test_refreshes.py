"""Asking for metadata to be read again: what is entered, who joins, who waits, and what they see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from api.catalog.bodies.refreshes import REFRESH_EXAMPLE, TOKEN_REFRESH_EXAMPLE, ProgressBody
from api.catalog.routes import refreshes
from api.http import middleware, problems
from steadymint.database import create_pool
from steadymint.domain.refreshing import CollectionRef, workflow_id_of
from steadymint.domain.types import TokenId, show_address
from steadymint.durable.queues import Queues
from steadymint.durable.refreshing import Refreshes
from steadymint.metadata.entries import Entries
from steadymint.metadata.requests import RefreshRequests
from steadymint.settings import MetadataSettings, Settings
from tests.support.catalog_rows import collection_row, insert, token_row
from tests.support.services import some_services
from tests.support.traits import Drop

RATE = 20


@dataclass
class Front:
    http: httpx.AsyncClient
    pool: asyncpg.Pool
    drop: Drop

    @property
    def path(self) -> str:
        row = self.drop.row
        return f"/v1/collections/{row['chain_id']}/{show_address(row['contract_address'])}"

    @property
    def collection(self) -> CollectionRef:
        return CollectionRef(chain_id=self.drop.row["chain_id"], contract=self.drop.row["contract_address"])

    async def ask(self, path: str = "", expect: int = 202) -> dict[str, Any]:
        answer = await self.http.post(f"{self.path}{path}/refresh")
        assert answer.status_code == expect, answer.text
        if expect == 202:
            TypeAdapter(ProgressBody).validate_json(answer.content)
        return answer.json()

    async def look(self, path: str = "") -> dict[str, Any]:
        answer = await self.http.get(f"{self.path}{path}/refresh")
        assert answer.status_code == 200, answer.text
        TypeAdapter(ProgressBody).validate_json(answer.content)
        return answer.json()

    async def entries(self) -> int:
        return await self.pool.fetchval("select count(*) from catalog_service.metadata_queue")


@asynccontextmanager
async def a_front(database: str, valkey: str, temporal: Client) -> AsyncIterator[Front]:
    settings = Settings(metadata=MetadataSettings(refresh_rate=RATE))
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=settings.api.max_body, read_rate=settings.api.read_rate)
    app.include_router(refreshes.router)
    redis: Redis = Redis.from_url(valkey)
    async with await create_pool(database, min_size=1, max_size=4) as pool, redis:
        app.state.services = some_services(
            settings,
            redis=redis,
            pool=pool,
            refreshes=RefreshRequests(pool),
            refresh_flows=Refreshes(temporal, Queues()),
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Front(http, pool, await Drop.of(pool, 5))


@pytest.fixture
async def front(database: str, valkey: str, temporal_client: Client) -> AsyncIterator[Front]:
    async with a_front(database, valkey, temporal_client) as found:
        yield found


@pytest.fixture
async def front_without_temporal(database: str, valkey: str) -> AsyncIterator[Front]:
    """Its Temporal is away. Quick to make, and most answers are the same."""
    away = await Client.connect("127.0.0.1:9", lazy=True, data_converter=pydantic_data_converter)
    async with a_front(database, valkey, away) as found:
        yield found


async def test_a_request_for_a_collection_is_entered_and_wakes_its_flow(front: Front, temporal_client: Client) -> None:
    assert (await front.look())["status"] == "idle"
    asked = await front.ask()
    assert (asked["status"], asked["total"], asked["done"], asked["failed"]) == ("due", 6, 0, 0)
    assert asked["startedAt"]
    flow = await temporal_client.get_workflow_handle(workflow_id_of(front.collection)).describe()
    assert flow.workflow_type == "RefreshMetadata"
    entries = Entries(front.pool)
    await entries.begin(front.drop.id)
    assert {entry.reason for entry in await entries.take(front.drop.id, 10)} == {"request"}
    running = await front.look()
    assert (running["status"], running["total"]) == ("running", 6)


async def test_what_is_under_way_is_joined_and_not_doubled(front_without_temporal: Front) -> None:
    front = front_without_temporal
    first = await front.ask()
    assert await front.ask() == first
    entries = Entries(front.pool)
    await entries.begin(front.drop.id)
    await front.ask()
    generations = await front.pool.fetch("select distinct generation from catalog_service.metadata_queue")
    assert [row["generation"] for row in generations] == [1]


async def test_a_request_does_not_join_what_only_waits_for_a_server(front_without_temporal: Front, valkey: str) -> None:
    """All but one were read before anybody asked; that one is tried at once."""
    front = front_without_temporal
    await front.ask()
    await Entries(front.pool).begin(front.drop.id)
    await front.pool.execute("delete from catalog_service.metadata_queue where subject_id <> $1", front.drop.tokens[3])
    await front.pool.execute("update catalog_service.metadata_queue set due_at = now() + interval '1 hour'")
    assert (await front.look())["waiting"] == 1
    async with Redis.from_url(valkey) as redis:  # a minute passes
        await redis.delete(f"limit:refresh:{front.drop.id}")
    asked = await front.ask()
    assert (asked["total"], asked["done"]) == (6, 0)
    await Entries(front.pool).begin(front.drop.id)
    assert await front.pool.fetchval("select count(*) from catalog_service.metadata_queue where due_at <= now()") == 6


async def test_what_was_just_done_can_be_asked_for_again_in_a_minute(front_without_temporal: Front) -> None:
    front = front_without_temporal
    await front.ask()
    await Entries(front.pool).begin(front.drop.id)
    await front.pool.execute("delete from catalog_service.metadata_queue")
    await Entries(front.pool).look(front.drop.id, 30)
    assert (await front.look())["status"] == "done"
    refused = await front.ask(expect=429)
    assert refused["code"] == "rate_limited"
    assert await front.entries() == 0


async def test_reading_a_new_token_does_not_stand_for_reading_all(front_without_temporal: Front) -> None:
    front = front_without_temporal
    async with front.pool.acquire() as connection:
        await RefreshRequests(front.pool).ask_for_token(front.drop.tokens[1], front.drop.id, TokenId(1))
        await connection.execute("update catalog_service.metadata_queue set reason = 'mint'")
    await Entries(front.pool).begin(front.drop.id)
    await front.ask()
    await Entries(front.pool).begin(front.drop.id)
    assert await front.entries() == 6


async def test_a_token_is_asked_for_once_a_minute_and_says_how_it_went(front_without_temporal: Front) -> None:
    front = front_without_temporal
    assert (await front.look("/tokens/3"))["status"] == "idle"
    asked = await front.ask("/tokens/3")
    assert (asked["status"], asked["total"], asked["done"]) == ("due", 1, 0)
    assert await front.ask("/tokens/3") == asked, "joined"
    assert await front.entries() == 1
    await front.pool.execute(
        "update catalog_service.metadata_queue set due_at = now() + interval '1 hour', last_error = 'timeout: slow'"
    )
    waiting = await front.look("/tokens/3")
    assert (waiting["status"], waiting["waiting"], waiting["error"]) == ("running", 1, "timeout: slow")
    assert waiting["nextTryAt"]
    await front.pool.execute("delete from catalog_service.metadata_queue")
    await front.pool.execute(
        "update catalog_service.tokens set metadata_status = 'failed', metadata_error = 'not_json: x',"
        " last_refresh_at = now() where id = $1",
        front.drop.tokens[3],
    )
    done = await front.look("/tokens/3")
    assert (done["status"], done["done"], done["failed"], done["error"]) == ("done", 1, 1, "not_json: x")
    assert (await front.ask("/tokens/3", expect=429))["code"] == "rate_limited"
    await front.ask("/tokens/4")


async def test_what_an_operator_took_out_of_refreshing_is_refused(front_without_temporal: Front) -> None:
    front = front_without_temporal
    row = front.drop.row
    await front.pool.execute(
        "insert into catalog_service.nft_flags (chain_id, contract, token_id, refreshable) values ($1, $2, 1, false)",
        row["chain_id"],
        row["contract_address"],
    )
    assert (await front.ask("/tokens/1", expect=409))["code"] == "conflict"
    assert await front.entries() == 0


async def test_what_the_catalog_does_not_show_is_not_found(front_without_temporal: Front) -> None:
    front = front_without_temporal
    hidden = collection_row(7, is_hidden=True)
    await insert(front.pool, "catalog_service.collections", [hidden])
    await insert(front.pool, "catalog_service.tokens", [token_row(hidden, 1)])
    unknown = f"/v1/collections/eip155:31337/{show_address(hidden['contract_address'])}"
    for path in (unknown, f"{unknown}/tokens/1", f"{front.path}/tokens/99"):
        for method in ("GET", "POST"):
            answer = await front.http.request(method, f"{path}/refresh")
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await front.entries() == 0


async def test_one_peer_asks_so_often_a_minute(front_without_temporal: Front) -> None:
    front = front_without_temporal
    answers = [await front.http.post(f"{front.path}/tokens/9{number}/refresh") for number in range(RATE + 1)]
    assert [answer.status_code for answer in answers] == [404] * RATE + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_an_unknown_parameter_is_refused(front_without_temporal: Front) -> None:
    answer = await front_without_temporal.http.post(f"{front_without_temporal.path}/refresh?force=true")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("example", [REFRESH_EXAMPLE, TOKEN_REFRESH_EXAMPLE], ids=["collection", "token"])
def test_an_example_has_the_shape_that_openapi_states(example: dict[str, Any]) -> None:
    TypeAdapter(ProgressBody).validate_python(example)
