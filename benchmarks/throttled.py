"""A provider that bears ten calls a second and answers more with HTTP 429 and Retry-After.

The baseline is arithmetic: the calls that the provider has answered, divided by what it bears. What lies above it is
time in which we asked too much, and had to wait, or too little.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

from benchmarks import product
from benchmarks.chains import ANVIL_OPTIONS, make
from benchmarks.options import Options
from benchmarks.product import Product
from benchmarks.report import DidNotHappenError, Goal, Measure
from migrations.runner import migrate_postgres
from steadymint.chain.nodes.chain import FACTORY
from steadymint.chain.nodes.endpoint import EndpointConfig
from steadymint.chain.nodes.rpc import RpcClient
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexedChain
from steadymint.indexing.indexer import Indexer
from steadymint.indexing.reading.source import LogSource
from steadymint.stack.anvil import Anvil
from steadymint.stack.deploy import deploy
from steadymint.stack.home import NODE_DIR
from steadymint.stack.postgres import Postgres
from tests.support.fake_provider import FakeProvider, answers_of
from tests.support.indexing import Polled
from tests.support.nodes import FixedNodes
from tests.support.people import Person

LIMIT: Final = 10
"""Calls per second, each call of a batch counted: what free plans allow."""
CONFIRMATIONS: Final = 2
BEHIND_GOAL: Final = Goal("ratio", "<=", 1.5)
MINTS_GOAL: Final = Goal("ratio", "<=", 2.0)
AGAINST: Final = f"the answered calls at {LIMIT}/s"
BLOCK_TIME: Final = 1.0
"""Seconds between two blocks while people mint: on a fast chain each head costs calls, too."""
PATIENCE: Final = 600.0
"""Seconds for all mints; many times what they take."""


async def measure(options: Options) -> list[Measure]:
    """An indexer that is thousands of blocks behind; a hundred people who mint at once."""
    behind = await _behind(options.of(2_000, 500))
    async with product.opened() as running:
        return [behind, await _mints(running, options.of(100, 20))]


async def _behind(blocks: int) -> Measure:
    """The indexer alone, from its first block to the head."""
    with tempfile.TemporaryDirectory(prefix="steadymint-bench-") as name:
        directory = Path(name)
        directory.chmod(0o755)  # PostgreSQL does not run as root
        anvil = Anvil(directory / "anvil", NODE_DIR, persist=False, extra=ANVIL_OPTIONS)
        postgres = Postgres(directory / "postgres", database="migrated")
        try:
            await anvil.start()
            await postgres.start()
            await migrate_postgres(postgres.url)
            contracts = await deploy(anvil)
            made = await make(anvil, contracts, collections=1, blocks=blocks, logs_per_block=1)
            chain = IndexedChain(
                chain_id=ChainId(anvil.caip2),
                number=anvil.chain_id,
                symbol="ETH",
                decimals=18,
                confirmations=CONFIRMATIONS,
                roles={contracts.factory: FACTORY},
                start_block=contracts.start_block,
            )
            head = await anvil.block_number()
            async with answers_of(anvil.url) as answer, FakeProvider(answer, limit=LIMIT).serving() as provider:
                seconds = await _catch_up(chain, provider, postgres.url, head - CONFIRMATIONS + 1)
            return _measured(
                f"behind by {blocks:,} blocks", seconds, provider, BEHIND_GOAL, {"blocks": made.last - made.first + 1}
            )
        finally:
            await postgres.stop()
            await anvil.stop()


async def _catch_up(chain: IndexedChain, provider: FakeProvider, dsn: str, until_block: int) -> float:
    async with RpcClient(chain.chain_id, [EndpointConfig(id=1, url=provider.url)]) as rpc:
        started = time.perf_counter()
        indexer = Indexer(chain, dsn=dsn, source=LogSource(rpc, nodes=FixedNodes(rpc)), heads=Polled())
        summary = await indexer.run(asyncio.Event(), until_block=until_block)
        seconds = time.perf_counter() - started
    if summary.checkpoint < until_block:
        raise DidNotHappenError(f"the checkpoint is at {summary.checkpoint}, not at {until_block}")
    return seconds


async def _mints(running: Product, count: int) -> Measure:
    """From the first request to the last `ready`, over HTTP, while a block comes every second."""
    full = running.full
    async with AsyncExitStack() as stack:
        answer = await stack.enter_async_context(answers_of(full.stack.anvil.url))
        provider = await stack.enter_async_context(FakeProvider(answer).serving())
        people = [await stack.enter_async_context(full.person()) for _ in range(count)]
        contract = await full.made(people[0])
        await stack.enter_async_context(full.nodes_at(provider.url))
        while not provider.answered:
            await asyncio.sleep(0.1)  # the workers take the registry's change within a second
        await stack.enter_async_context(full.blocks.ticking(BLOCK_TIME))
        before, provider.limit = provider.answered, LIMIT
        started = time.perf_counter()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(_mint(person, contract) for person in people))
        seconds = time.perf_counter() - started
        answered = provider.answered - before
    notes = {"mints": count, "calls": answered, "429s": provider.throttled, "by method": dict(provider.methods)}
    name = f"{count} concurrent mints, the last ready"
    return Measure(name, seconds, "s", answered / LIMIT, AGAINST, MINTS_GOAL, notes=notes)


async def _mint(person: Person, contract: str) -> None:
    """One mint over HTTP. A 503 is repeated, as front ends do."""
    prepared = await person.prepare_mint(contract)
    tx_hash = await person.wallet.send(prepared["txRequest"])
    tracked = await person.track(prepared["intentId"], tx_hash)
    if tracked.status not in (202, 409):  # 409: the indexer was faster, and the intent has ended
        raise DidNotHappenError(f"a hash was answered {tracked.status}: {tracked.body}")
    while (view := await person.view(prepared["intentId"]))["status"] == "pending":
        await asyncio.sleep(1)
    if view["status"] != "ready":
        raise DidNotHappenError(f"a mint ended {view['step']}")


def _measured(name: str, seconds: float, provider: FakeProvider, goal: Goal, notes: dict[str, Any]) -> Measure:
    notes = notes | {"calls": provider.answered, "429s": provider.throttled, "by method": dict(provider.methods)}
    return Measure(name, seconds, "s", provider.answered / LIMIT, AGAINST, goal, notes=notes)
