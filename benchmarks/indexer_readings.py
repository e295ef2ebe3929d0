"""The ways in which the benchmark reads one chain: bare `eth_getLogs`, the full projection, and an import.

Every reading gets a freshly migrated Postgres. Its rows are counted after it, since a fast index that is wrong is worth
nothing.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
from pymongo import AsyncMongoClient

from benchmarks import chains
from benchmarks.chains import Made
from benchmarks.index_process import Polled, chain_of
from benchmarks.report import DidNotHappenError
from migrations.runner import migrate_postgres
from steadymint.chain.nodes.chain import FACTORY
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.database import prepare_connection
from steadymint.documents import EVENTS_RAW, collection_of
from steadymint.domain.importing import ImportOrder, Inspection
from steadymint.domain.types import Address
from steadymint.indexing.importing.registration import Registrations, time_of
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.reading.logs import Header
from steadymint.indexing.reading.source import LogSource, Span
from steadymint.indexing.reading.span_width import Reading
from steadymint.indexing.store.raw_store import MongoRawStore
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy
from steadymint.stack.mongo import Mongo
from steadymint.stack.postgres import Postgres
from tests.support.local_chain import NODE_DIR
from tests.support.nodes import FixedNodes

NOBODYS = "0x" + "12" * 20
"""A factory that makes nothing."""


class Dropped(LogSource):
    """Reads like the indexer and looks at nothing: what the node can serve to one client."""

    async def _span(self, first: int, last: int) -> Span:
        query = self._filter.query(fromBlock=hex(first), toBlock=hex(last))
        reply = await self._rpc.raw("eth_getLogs", [query])
        width = last - first + 1
        self._width.read(Reading(width, len(reply), [width]))
        return Span(_edge(first), _edge(last), (), (), {})


def _cpu(pid: int) -> float:
    """Processor seconds of a process, its threads, and its children that have ended (a PostgreSQL session is one)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _edge(number: int) -> Header:
    return Header(hex(number), "", "", "0x0")


class Readings:
    """Reads one chain in several ways, over one Postgres and one document store."""

    def __init__(self, made: Made, postgres: Postgres, mongo: Mongo) -> None:
        self.made = made
        self._postgres = postgres
        self._mongo = mongo
        self._databases = 0
        self.chain = chain_of(made.contracts.factory, made.contracts.start_block)

    def spent(self) -> dict[str, float]:
        """Seconds of processor time so far, by part."""
        pids = {"node": self.made.anvil.pid, "postgres": self._postgres.pid, "mongo": self._mongo.pid}
        spent = {name: _cpu(pid) for name, pid in pids.items() if pid is not None}
        return spent | {"indexer": time.process_time()}

    def rpc(self) -> RpcClient:
        return RpcClient(self.chain.chain_id, [EndpointConfig(id=1, url=self.made.anvil.url)])

    async def raw(self) -> float:
        """Seconds to read and drop all logs."""
        async with self.rpc() as rpc:
            started = time.perf_counter()
            async for _ in Dropped(rpc).spans(self.chain.start_block, self.made.last):
                pass
            return time.perf_counter() - started

    async def full(self, with_raw: bool) -> float:
        """Seconds to index all logs into an empty, migrated database."""
        dsn = await self.fresh_database()
        client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(self._mongo.url)
        raw = None
        if with_raw:
            await client.drop_database(EVENTS_RAW.split(".")[0])
            raw = MongoRawStore(collection_of(client, EVENTS_RAW), self.chain.chain_id)
        async with self.rpc() as rpc:
            indexer = Indexer(self.chain, dsn=dsn, source=_source(rpc), heads=Polled(), raw=raw)
            started = time.perf_counter()
            await indexer.run(asyncio.Event(), until_block=self.made.last)
            seconds = time.perf_counter() - started
        await client.close()
        await self.check(dsn)
        return seconds

    async def imported(self) -> float:
        """Seconds to import the one collection, which is taken for somebody else's, into a catalog that stands at the
        chain's end."""
        dsn, contract = await self.fresh_database(), Address(self.made.collections[0])
        chain = replace(self.chain, roles={NOBODYS: FACTORY})
        stop = asyncio.Event()
        async with self.rpc() as rpc, asyncpg.create_pool(dsn, min_size=1, max_size=1, init=prepare_connection) as pool:
            await Indexer(chain, dsn=dsn, source=_source(rpc), heads=Polled()).run(stop, until_block=self.made.last)
            order = ImportOrder(chain_id=chain.chain_id, contract=contract)
            found = Inspection(standard="erc721", name="Bench", symbol="B")
            await Registrations(pool).register(
                order, found, self.made.first, time_of(0), chain_number=chain.number, exact=True
            )
            started = time.perf_counter()
            running = asyncio.create_task(Indexer(chain, dsn=dsn, source=_source(rpc), heads=Polled()).run(stop))
            while not await pool.fetchval("select 1 from catalog_service.collections where index_status = 'synced'"):
                await asyncio.sleep(0.02)
            seconds = time.perf_counter() - started
            stop.set()
            await running
        await self.check(dsn)
        return seconds

    async def fresh_database(self) -> str:
        """One at a time: the last one is dropped."""
        connection = await asyncpg.connect(self._postgres.dsn("postgres"))
        try:
            if self._databases:
                await connection.execute(f"drop database bench_{self._databases} with (force)")
            self._databases += 1
            await connection.execute(f"create database bench_{self._databases} template migrated strategy file_copy")
            await connection.execute("checkpoint")  # what the last run left must not be paid by this one
        finally:
            await connection.close()
        return self._postgres.dsn(f"bench_{self._databases}")

    async def check(self, dsn: str) -> None:
        """Raises DidNotHappenError if a row of ours is missing."""
        connection = await asyncpg.connect(dsn)
        try:
            row = await connection.fetchrow(
                "select (select count(*) from catalog_service.ownership_transfers) as transfers,"
                " (select count(*) from catalog_service.activities) as activities,"
                " (select count(*) from catalog_service.tokens) as tokens,"
                " (select count(*) from catalog_service.token_balances) as balances,"
                " (select sum(total_supply)::bigint from catalog_service.collections) as supply"
            )
        finally:
            await connection.close()
        assert row is not None
        made = self.made
        if tuple(row) != (made.logs, made.logs, made.tokens, made.tokens, made.tokens):
            raise DidNotHappenError(f"rows are missing: {dict(row)}")


@asynccontextmanager
async def opened(*, collections: int, blocks: int, logs_per_block: int) -> AsyncGenerator[Readings]:
    """Real parts, the chain made."""
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        anvil = Anvil(directory / "anvil", NODE_DIR, persist=False, extra=chains.ANVIL_OPTIONS)
        postgres = Postgres(directory / "postgres", database="migrated")
        mongo = Mongo(directory / "mongo")
        parts = (anvil, postgres, mongo)
        try:
            for part in parts:
                await part.start()
            await migrate_postgres(postgres.url)
            contracts = await deploy(anvil)
            shape = {"collections": collections, "blocks": blocks, "logs_per_block": logs_per_block}
            yield Readings(await chains.make(anvil, contracts, **shape), postgres, mongo)
        finally:
            for part in reversed(parts):
                await part.stop()


def _source(rpc: RpcClient) -> LogSource:
    """As the product has it: history is checked."""
    return LogSource(rpc, nodes=FixedNodes(rpc))
