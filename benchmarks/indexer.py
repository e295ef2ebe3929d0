"""The indexer against the node's own speed: `python -m benchmarks.indexer [--logs 200000] [--reps 3]`.

Baseline: the same `eth_getLogs` spans, three in flight, every byte read and dropped. Beside it, interleaved in the same
run, the whole indexer into a freshly migrated Postgres, without and with the raw store. Ratios are what counts: the
machine's speed divides out.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from pymongo import AsyncMongoClient

from benchmarks import chains
from benchmarks.chains import Made
from migrations.runner import migrate_postgres
from steadymint.chain.endpoint import EndpointConfig
from steadymint.chain.rpc import RpcClient
from steadymint.documents import EVENTS_RAW, collection_of
from steadymint.domain.types import ChainId
from steadymint.indexing.indexer import IndexedChain, Indexer
from steadymint.indexing.raw_store import MongoRawStore
from steadymint.indexing.source import LogSource, Span
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy
from steadymint.stack.mongo import Mongo
from steadymint.stack.postgres import Postgres
from tests.support.indexing import Polled, call_data, init

NODE_DIR = Path(__file__).parents[1] / ".steadymint" / "node"
GOALS = {"dense": (0.40, 0.28)}
"""Of the baseline: without and with the raw store."""


class Dropped(LogSource):
    """Reads like the indexer and looks at nothing: what the node can serve to one client."""

    async def _span(self, first: int, last: int) -> Span:
        reply = await self._rpc.raw("eth_getLogs", [{**self._filter, "fromBlock": hex(first), "toBlock": hex(last)}])
        return Span(_edge(first), _edge(last), (), (), {}, len(reply))


def _edge(number: int) -> Any:
    from steadymint.indexing.decode import Header

    return Header(hex(number), "", "", "0x0")


class Bench:
    """One chain, one Postgres, one document store."""

    def __init__(self, made: Made, postgres: Postgres, mongo: Mongo) -> None:
        self.made = made
        self._postgres = postgres
        self._mongo = mongo
        self._databases = 0
        self.chain = IndexedChain(
            chain_id=ChainId(made.anvil.caip2),
            number=made.anvil.chain_id,
            symbol="ETH",
            decimals=18,
            confirmations=2,
            factories=(made.contracts.factory,),
            start_block=made.contracts.start_block,
        )

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
            indexer = Indexer(self.chain, dsn=dsn, source=LogSource(rpc), heads=Polled(), raw=raw)
            started = time.perf_counter()
            await indexer.run(asyncio.Event(), until_block=self.made.last)
            seconds = time.perf_counter() - started
        await client.close()
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
        """A fast index that is wrong is worth nothing."""
        connection = await asyncpg.connect(dsn)
        try:
            row = await connection.fetchrow(
                "select (select count(*) from catalog_service.ownership_transfers) as transfers,"
                " (select count(*) from catalog_service.activities) as activities,"
                " (select count(*) from catalog_service.tokens) as tokens,"
                " (select count(*) from catalog_service.token_balances) as balances,"
                " (select sum(total_supply)::bigint from catalog_service.collections) as supply"
            )
            assert row is not None
            made = self.made
            assert tuple(row) == (made.logs, made.logs, made.tokens, made.tokens, made.tokens), tuple(row)
        finally:
            await connection.close()


@asynccontextmanager
async def opened(*, collections: int, blocks: int, logs_per_block: int) -> AsyncGenerator[Bench]:
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
            made = await chains.make(
                anvil,
                await deploy(anvil),
                collections=collections,
                blocks=blocks,
                logs_per_block=logs_per_block,
            )
            yield Bench(made, postgres, mongo)
        finally:
            for part in reversed(parts):
                await part.stop()


async def interleaved(runs: dict[str, Callable[[], Awaitable[float]]], reps: int) -> dict[str, float]:
    """Median seconds of each run; they take turns, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for rep in range(reps + 1):
        for name, run in runs.items():
            took = await run()
            if rep:  # the first round warms up
                seconds[name].append(took)
    return {name: statistics.median(took) for name, took in seconds.items()}


async def measure(name: str, reps: int, **shape: int) -> None:
    """Print one line for each way to read the chain."""
    async with opened(**shape) as bench:
        medians = await interleaved(
            {
                "raw eth_getLogs": bench.raw,
                "indexer": lambda: bench.full(with_raw=False),
                "indexer + raw store": lambda: bench.full(with_raw=True),
            },
            reps,
        )
    baseline = medians["raw eth_getLogs"]
    goals = dict(zip(("indexer", "indexer + raw store"), GOALS.get(name, ()), strict=False))
    for label, seconds in medians.items():
        goal = f"  goal {goals[label]:.2f}" if label in goals else ""
        rate = bench.made.logs / seconds
        print(f"{name:8} {label:20} {seconds:7.2f} s {rate:10,.0f} logs/s  ratio {baseline / seconds:5.2f}{goal}")


async def latency(blocks: int) -> None:
    """From the moment a block is mined to its row, one mint per block, polling included."""
    async with opened(collections=1, blocks=1, logs_per_block=1) as bench:
        anvil, contracts = bench.made.anvil, bench.made.contracts
        dsn = await bench.fresh_database()
        reader = await asyncpg.connect(dsn)
        async with chains.Maker(anvil, contracts) as maker, bench.rpc() as rpc:
            data = call_data("CollectionFactory", "createCollection", 0, b"\7" * 32, init(chains.SENDER))
            await maker.send(contracts.factory, data)
            await maker.rpc("evm_mine")
            receipts = await maker.rpc("eth_getBlockReceipts", "latest")
            contract = "0x" + receipts[0]["logs"][0]["topics"][1][26:]
            mint = call_data("Collection721", "mint", chains.SENDER, 1, [], b"\0" * 32)
            chain = IndexedChain(
                **{field: getattr(bench.chain, field) for field in bench.chain.__slots__} | {"confirmations": 1}
            )
            indexer = Indexer(chain, dsn=dsn, source=LogSource(rpc), heads=Awaited())
            stop = asyncio.Event()
            running = asyncio.create_task(indexer.run(stop))
            took: list[float] = []
            for number in range(blocks):
                await maker.send(contract, mint)
                await maker.rpc("evm_mine")
                started = time.perf_counter()
                Awaited.bell.set()
                while not await reader.fetchval(
                    "select 1 from catalog_service.tokens where token_number = $1 and contract_address = $2",
                    number + 1,
                    contract,
                ):
                    await asyncio.sleep(0.0005)
                took.append((time.perf_counter() - started) * 1000)
            stop.set()
            Awaited.bell.set()
            await running
        await reader.close()
    took = sorted(took[5:])
    print(
        f"live     announced block -> row   p50 {took[len(took) // 2]:.1f} ms, p95 {took[len(took) * 95 // 100]:.1f} ms"
    )


class Awaited:
    """`Heads` that are told: the way a WebSocket tells."""

    bell = asyncio.Event()

    async def news(self) -> None:
        await self.bell.wait()
        self.bell.clear()


async def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--logs", type=int, default=200_000)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--only", choices=("dense", "sparse", "factory", "live"))
    chosen = parser.parse_args(arguments)
    shapes = {
        "dense": {"collections": 1, "blocks": chosen.logs // 100, "logs_per_block": 100},
        "sparse": {"collections": 1, "blocks": chosen.logs // 20, "logs_per_block": 1},
        "factory": {"collections": 200, "blocks": chosen.logs // 200, "logs_per_block": 100},
    }
    for name, shape in shapes.items():
        if chosen.only in (None, name):
            await measure(name, chosen.reps, **shape)
    if chosen.only in (None, "live"):
        await latency(100)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
