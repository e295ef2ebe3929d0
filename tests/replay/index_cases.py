"""How the indexing of a chain goes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from temporalio.worker import Worker

from activities.indexing import Indexing
from steadymint.domain.errors import SteadymintError
from steadymint.domain.index_standing import Pace
from steadymint.domain.indexing import INDEX_CHAIN, IndexOrder, SpanSummary
from steadymint.durable.notices import Notices
from tests.replay.stage import Stage, case
from tests.support.intents import CHAIN
from workers.sandbox import workflow_runner
from workflows.index_chain import IndexChain


class ScriptedReaders:
    """A fake chain reader: stretches of ten blocks that end at once; stands still for good after `stretches`."""

    def __init__(self, stretches: int, failure: SteadymintError | None = None) -> None:
        self.left = stretches
        self.checkpoint = -1
        self.failure = failure
        self.standing = asyncio.Event()

    async def open(self, chain_id: str, progress: Callable[[SpanSummary], None]) -> ScriptedReaders:
        return self

    async def run(self, stop: asyncio.Event) -> SpanSummary:
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        if self.left == 0:
            self.standing.set()
            await stop.wait()
        self.left -= 1
        self.checkpoint += 10
        return SpanSummary(checkpoint=self.checkpoint, head=self.checkpoint + 1, logs=3)

    async def pace(self, chain_id: str) -> Pace:
        return Pace(confirmations=1, block_time=1)

    async def nodes(self, chain_id: str) -> str:
        return "endpoint 1 at http://127.0.0.1:8545"

    async def rewind(self, block: int) -> SpanSummary:
        self.checkpoint = block
        return SpanSummary(checkpoint=block)


async def _indexing(stage: Stage, readers: ScriptedReaders, act: Callable[[Any], Awaitable[None]]) -> str:
    indexing = Indexing(readers, Notices(stage.client))
    worker = Worker(
        stage.client,
        task_queue="index-bench",
        workflows=[IndexChain],
        activities=[indexing.index_span, indexing.rewind_index],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        handle: Any = await stage.client.start_workflow(
            INDEX_CHAIN, IndexOrder(chain_id=CHAIN), id=f"index-chain:{uuid4()}", task_queue="index-bench"
        )
        await act(handle)
        return handle.id


@case(INDEX_CHAIN, "reading")
async def reading(stage: Stage) -> str:
    readers = ScriptedReaders(4)

    async def act(_: Any) -> None:
        await asyncio.wait_for(readers.standing.wait(), 30)

    return await _indexing(stage, readers, act)


@case(INDEX_CHAIN, "operated")
async def indexing_operated(stage: Stage) -> str:
    readers = ScriptedReaders(2)

    async def act(handle: Any) -> None:
        await asyncio.wait_for(readers.standing.wait(), 30)
        await handle.execute_update("pause")
        readers.left, readers.standing = 1, asyncio.Event()
        await handle.execute_update("resume")
        await asyncio.wait_for(readers.standing.wait(), 30)
        readers.left, readers.standing = 1, asyncio.Event()
        await handle.execute_update("reindex", 5)
        await asyncio.wait_for(readers.standing.wait(), 30)

    return await _indexing(stage, readers, act)


@case(INDEX_CHAIN, "halted")
async def halted(stage: Stage) -> str:
    class HaltedError(SteadymintError):
        code = "indexer_halted"

    readers = ScriptedReaders(1, HaltedError("the chain is not what it was"))

    async def act(handle: Any) -> None:
        for _ in range(500):
            if (await handle.query("status"))["halted"]:
                break
            await asyncio.sleep(0.02)
        await handle.execute_update("resume")
        await asyncio.wait_for(readers.standing.wait(), 30)

    return await _indexing(stage, readers, act)
