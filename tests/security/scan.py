"""A scan of every store for texts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import AsyncMongoClient
from temporalio.service import RPCError, RPCStatusCode

from steadymint.media.store import ObjectStore
from tests.support.documents import OWN
from tests.support.sign_in import Desk

LEAST_GRACE = timedelta(days=1)


class Scan:
    """Where texts are found, in every store."""

    def __init__(
        self, desk: Desk, mongo: AsyncMongoClient[dict[str, Any]], store: ObjectStore, texts: list[str]
    ) -> None:
        self._desk = desk
        self._mongo = mongo
        self._store = store
        self.texts = texts
        self._since = datetime.now(UTC)
        self._passing: dict[bytes, int] = {}

    async def found(self) -> set[str]:
        """Tables, collections, objects, keys with their values, and every history since the scan was made."""
        return {
            *[place async for place in self._tables()],
            *[place async for place in self._documents()],
            *[place async for place in self._objects()],
            *[place async for place in self._keys()],
            *[place async for place in self.histories()],
        }

    def _holds(self, content: bytes) -> bool:
        return any(text.lower().encode() in content.lower() for text in self.texts)

    async def _tables(self) -> AsyncIterator[str]:
        tables = await self._desk.pool.fetch(
            "SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema LIKE '%\\_service'"
        )
        like = [f"%{text}%" for text in self.texts]
        for table in tables:
            statement = f"SELECT EXISTS (SELECT FROM {table['name']} t WHERE t::text ILIKE ANY ($1::text[]))"
            if await self._desk.pool.fetchval(statement, like):
                yield table["name"]

    async def _documents(self) -> AsyncIterator[str]:
        for database in set(await self._mongo.list_database_names()) - OWN:  # the server's own log is capped
            for name in await self._mongo[database].list_collection_names():
                async for document in self._mongo[database][name].find():
                    if self._holds(repr(document).encode()):
                        yield f"{database}.{name}"

    async def _objects(self) -> AsyncIterator[str]:
        for folder in ("blobs", "variants", "exports"):
            async for info in self._store.list(folder):
                if self._holds(info.key.encode()) or self._holds(await self._store.read(info.key)):
                    yield folder

    async def pass_over_what_expires(self) -> None:
        """Note the keys that expire within the shortest grace period: at the erasure they are gone. A key that is
        written later, or gets a longer life, is looked at."""
        async for key in self._desk.redis.scan_iter():
            left: int = await self._desk.redis.ttl(key)
            if 0 <= left <= LEAST_GRACE.total_seconds():
                self._passing[key] = left

    async def _keys(self) -> AsyncIterator[str]:
        async for key in self._desk.redis.scan_iter():
            left: int = await self._desk.redis.ttl(key)
            if not 0 <= left <= self._passing.get(key, -1) and self._holds(key + await self._value(key)):
                yield "redis"

    async def _value(self, key: bytes) -> bytes:
        redis: Any = self._desk.redis
        read = {
            b"string": lambda: redis.get(key),
            b"list": lambda: redis.lrange(key, 0, -1),
            b"set": lambda: redis.smembers(key),
            b"zset": lambda: redis.zrange(key, 0, -1),
            b"hash": lambda: redis.hgetall(key),
            b"stream": lambda: redis.xrange(key),
            b"none": lambda: redis.get(key),  # it has just expired
        }
        return repr(await read[await redis.type(key)]()).encode()

    async def histories(self) -> AsyncIterator[str]:
        async for run in self._desk.temporal.list_workflows(f"StartTime >= '{self._since.isoformat()}'"):
            handle = self._desk.temporal.get_workflow_handle(run.id, run_id=run.run_id)
            try:
                async for event in handle.fetch_history_events():
                    if self._holds(run.id.encode() + event.SerializeToString()):
                        yield f"temporal {run.workflow_type}"
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # the list still has it, and it is gone
                    raise
