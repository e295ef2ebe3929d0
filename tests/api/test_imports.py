"""Asking for an import: what a signed-in user hears, what is refused, and how its progress is watched."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter
from redis.asyncio import Redis
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from api.catalog.bodies.imports import IMPORT_EXAMPLE, ImportAnswer
from api.catalog.routes import imports
from api.http import middleware, problems
from api.sessions import current_session
from steadymint.database import create_pool
from steadymint.domain.errors import (
    AlreadyInCatalogError,
    ContractNotFoundError,
    NotACollectionError,
    SteadymintError,
    UnauthorizedError,
)
from steadymint.domain.sessions import Session
from steadymint.domain.types import Address, SessionId, UserId, show_address
from steadymint.durable.importing import ImportFlows
from steadymint.durable.queues import Queues
from steadymint.settings import Settings
from tests.support.catalog_rows import collection_row, insert
from tests.support.scripted_import import CHAIN, DROP, ScriptedImporter, importing
from tests.support.services import some_services

ALICE = Address("0x" + "a1" * 20)
BODY = {"chainId": CHAIN, "contract": show_address(DROP)}


@dataclass
class Desk:
    http: httpx.AsyncClient
    pool: asyncpg.Pool

    async def ask(self, expect: int, body: Any = BODY) -> dict[str, Any]:
        answer = await self.http.post("/v1/collections/import", json=body)
        assert answer.status_code == expect, answer.text
        if expect == 202:
            TypeAdapter(ImportAnswer).validate_json(answer.content)
            assert answer.headers["location"] == f"/v1/collections/{CHAIN}/{show_address(DROP)}/import"
        return answer.json()


async def desk_over(database: str, valkey: str, temporal: Client, *, signed_in: bool = True) -> AsyncIterator[Desk]:
    settings, app = Settings(), FastAPI()
    problems.install(app)
    middleware.install(app, max_body=settings.api.max_body, read_rate=settings.api.read_rate)
    app.include_router(imports.router)
    user = uuid4()

    async def session() -> Session:
        if not signed_in:
            raise UnauthorizedError
        return Session(UserId(user), SessionId(UUID(int=2)), ALICE, CHAIN, datetime(2030, 1, 1, tzinfo=UTC))

    app.dependency_overrides[current_session] = session
    redis: Redis = Redis.from_url(valkey)
    async with await create_pool(database, min_size=1, max_size=2) as pool, redis:
        app.state.services = some_services(settings, redis=redis, pool=pool, imports=ImportFlows(temporal, Queues()))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            yield Desk(http, pool)


@pytest.fixture
async def desk(database: str, valkey: str, temporal_client: Client) -> AsyncIterator[Desk]:
    async for found in desk_over(database, valkey, temporal_client):
        yield found


async def away() -> Client:
    return await Client.connect("127.0.0.1:9", lazy=True, data_converter=pydantic_data_converter)


async def test_a_user_hears_what_the_contract_is_and_asking_again_joins(desk: Desk, temporal_client: Client) -> None:
    importer = ScriptedImporter()
    async with importing(temporal_client, importer):
        first = await desk.ask(202)
        second = await desk.ask(202)

    assert first == second
    assert (first["status"], first["standard"], first["name"]) == ("checking", "erc721", "Foreign Drop")
    assert importer.inspected == 1


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(ContractNotFoundError(), 404), (AlreadyInCatalogError(), 409), (NotACollectionError(), 422)],
    ids=["no contract", "known", "no collection"],
)
async def test_a_refusal_is_a_problem_document(
    desk: Desk, temporal_client: Client, refusal: SteadymintError, status: int
) -> None:
    async with importing(temporal_client, ScriptedImporter(refusal=refusal)):
        problem = await desk.ask(status)

    assert (problem["code"], problem["status"]) == (refusal.code, status)


@pytest.mark.parametrize(
    "body",
    [
        {"chainId": CHAIN},
        {"chainId": "solana:1", "contract": show_address(DROP)},
        {"chainId": CHAIN, "contract": "0x12"},
        {**BODY, "fromBlock": 5},
    ],
    ids=["no contract", "another family", "no address", "only operators choose the first block"],
)
async def test_what_is_no_order_is_refused_before_any_flow(database: str, valkey: str, body: Any) -> None:
    async for desk in desk_over(database, valkey, await away()):
        assert (await desk.ask(422, body))["code"] == "invalid_input"


async def test_who_is_not_signed_in_imports_nothing(database: str, valkey: str) -> None:
    async for desk in desk_over(database, valkey, await away(), signed_in=False):
        await desk.ask(401)


async def test_one_user_asks_for_a_few_imports_a_minute(database: str, valkey: str) -> None:
    async for desk in desk_over(database, valkey, await away()):
        for _ in range(imports.PER_MINUTE):
            await desk.ask(503)  # Temporal is away
        await desk.ask(429)


async def test_progress_is_what_the_indexer_has_read(database: str, valkey: str) -> None:
    async for desk in desk_over(database, valkey, await away()):
        row = collection_row(1, source="import", index_status="syncing")
        path = f"/v1/collections/{row['chain_id']}/{show_address(row['contract_address'])}/import"
        assert (await desk.http.get(path)).status_code == 404
        await insert(desk.pool, "catalog_service.collections", [row])
        sync = {"collection_id": row["id"], "source": "import", "cursor": "41", "status": "running"}
        await insert(desk.pool, "catalog_service.sync_state", [{**sync, "done": 30, "total": 90, "note": "slow"}])

        answer = await desk.http.get(path)

        shown = TypeAdapter(ImportAnswer).validate_json(answer.content)
        assert (shown["status"], shown["blocksDone"], shown["blocksTotal"]) == ("running", 30, 90)
        assert shown.get("note") == "slow"

        await desk.pool.execute("update catalog_service.collections set is_hidden = true")
        assert (await desk.http.get(path)).status_code == 404  # like everything of a hidden collection


def test_the_example_of_the_documentation_is_one() -> None:
    TypeAdapter(ImportAnswer).validate_python(IMPORT_EXAMPLE)
