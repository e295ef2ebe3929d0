"""A collection whose metadata is read: real stores, the real fetcher, and other people's servers of our own making."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from aiohttp import web
from pymongo import AsyncMongoClient

from steadymint.catalog.trait_writer import TraitWriter
from steadymint.database import create_pool
from steadymint.documents import METADATA_DOCS, Document, collection_of
from steadymint.domain.refreshing import BatchSummary, CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.metadata import queue
from steadymint.metadata.docs import Docs
from steadymint.metadata.entries import Entries, RefreshTarget
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.metadata.refresh import Refresh
from steadymint.metadata.settle import Settlement
from steadymint.metadata.uris import NO_URI, ContractWords, Uri
from steadymint.settings import MetadataSettings
from tests.support.internet import Internet, an_internet
from tests.support.traits import Drop

Answerer = Callable[[web.Request], Any]
"""Answers at once, or is awaited."""
RED, BLUE = ({"name": "One", "attributes": [{"trait_type": "Colour", "value": value}]} for value in ("Red", "Blue"))
"""Documents that differ in the value of one trait."""


def status(code: int, **headers: str) -> Any:
    return lambda _: web.Response(status=code, headers=headers)


class FakeServer:
    """A fake of somebody's web server: documents by path, and whatever else a test has it answer. Counts requests."""

    def __init__(self) -> None:
        self.documents: dict[str, Any] = {}
        self.answers: dict[str, Answerer] = {}
        self.asked: Counter[str] = Counter()
        self.origin = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self.asked[path] += 1
        if path in self.answers:
            answer = self.answers[path](request)
            return await answer if inspect.isawaitable(answer) else answer
        if path not in self.documents:
            return web.Response(status=404)
        body = json.dumps(self.documents[path]).encode()
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="application/json", headers={"ETag": etag})


class FakeContracts:
    """A fake of the chain that answers from a dictionary; what chains answer is for the tests of the multicall."""

    def __init__(self) -> None:
        self.uris: dict[int, Uri] = {}
        self.words = ContractWords(NO_URI, None)
        self.asked: list[int] = []

    async def token_uris(self, target: RefreshTarget, numbers: Sequence[int]) -> AsyncIterator[list[tuple[int, Uri]]]:
        self.asked += numbers
        yield [(index, self.uris.get(number, NO_URI)) for index, number in enumerate(numbers)]

    async def words_of(self, target: RefreshTarget) -> ContractWords:
        return self.words


class Reading:
    """One collection, and what it takes to read it."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        mongo: AsyncMongoClient[Document],
        drop: Drop,
        server: FakeServer,
        contracts: FakeContracts,
        refresh: Refresh,
    ) -> None:
        self.pool = pool
        self.mongo = mongo
        self.drop = drop
        self.server = server
        self.contracts = contracts
        self.refresh = refresh

    @property
    def collection(self) -> CollectionRef:
        row = self.drop.row
        return CollectionRef(chain_id=ChainId(row["chain_id"]), contract=Address(row["contract_address"]))

    @property
    def collection_id(self) -> UUID:
        return self.drop.id

    def publish(self, number: int, document: Mapping[str, Any]) -> None:
        """The token's document, at the address that its contract names."""
        self.server.documents[f"/{number}"] = dict(document)
        self.contracts.uris[number] = f"{self.server.origin}/{number}"

    async def ask_for(self, *numbers: int, reason: queue.Reason = "mint") -> None:
        async with self.pool.acquire() as connection:
            chosen = [(self.drop.tokens[number], self.collection_id, number) for number in numbers]
            await queue.enqueue_tokens(connection, chosen, reason)

    async def ask_for_contract(self, reason: queue.Reason = "event") -> None:
        async with self.pool.acquire() as connection:
            await queue.enqueue_contracts(connection, [self.collection_id], reason)

    async def batch(self, refresh: Refresh | None = None) -> BatchSummary:
        return await (refresh or self.refresh).batch(self.collection, asyncio.Event(), lambda _through, _of: None)

    async def due_now(self) -> None:
        """As if the waits were over."""
        await self.pool.execute("update catalog_service.metadata_queue set due_at = now()")

    async def token(self, number: int) -> Mapping[str, Any]:
        row = await self.pool.fetchrow("select * from catalog_service.tokens where id = $1", self.drop.tokens[number])
        assert row is not None
        return dict(row)

    async def shown(self) -> Mapping[str, Any]:
        row = await self.pool.fetchrow("select * from catalog_service.collections where id = $1", self.collection_id)
        assert row is not None
        return dict(row)

    async def queued(self) -> dict[UUID, Mapping[str, Any]]:
        rows = await self.pool.fetch("select * from catalog_service.metadata_queue")
        return {row["subject_id"]: dict(row) for row in rows}

    async def progress(self) -> Mapping[str, Any]:
        row = await self.pool.fetchrow(
            "select * from catalog_service.sync_state where collection_id = $1 and source = 'metadata'",
            self.collection_id,
        )
        return dict(row) if row else {}

    async def doc(self, number: int | None) -> Document | None:
        row = self.drop.row
        key = f"{row['chain_id']}:{row['contract_address']}" + ("" if number is None else f":{number}")
        return await collection_of(self.mongo, METADATA_DOCS).find_one({"_id": key})


@asynccontextmanager
async def a_reading(
    database: str, mongo_url: str, *, size: int = 10, standard: str = "erc721", **settings: Any
) -> AsyncIterator[Reading]:
    """A collection of `size` tokens, numbered from 0, and a server at https://meta.web.example."""
    configured = MetadataSettings(**({"host_rate": 5000.0, "timeout": 5.0} | settings))
    async with AsyncExitStack() as stack:
        pool = await create_pool(database, min_size=1, max_size=6)
        stack.push_async_callback(pool.close)
        mongo: AsyncMongoClient[Document] = AsyncMongoClient(mongo_url)
        stack.push_async_callback(mongo.close)
        internet: Internet = await stack.enter_async_context(an_internet())
        server = FakeServer()
        server.origin = await internet.site("meta.web.example", server.handle)
        fetcher = await stack.enter_async_context(Fetcher.open(configured, network=internet.network))
        contracts = FakeContracts()
        refresh = Refresh(Entries(pool), Settlement(pool, TraitWriter()), Docs(mongo), contracts, fetcher, configured)
        drop = await Drop.of(pool, size, standard=standard)
        yield Reading(pool, mongo, drop, server, contracts, refresh)
