"""A refresh whose batches go as written: for what the flow makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.refreshing import Refreshing
from steadymint.domain.errors import SteadymintError
from steadymint.domain.refreshing import BatchSummary, CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.durable.queues import Queues
from steadymint.durable.refreshing import Refreshes
from workers.sandbox import workflow_runner
from workflows.refresh_metadata import RefreshMetadata

COLLECTION = CollectionRef(chain_id=ChainId("eip155:31337"), contract=Address("0x" + "ca" * 20))
NOTHING = BatchSummary()
SOME = BatchSummary(read=500, traits_changed=True, due=500, done=500, total=1000)
REST = BatchSummary(read=500, traits_changed=True, done=1000, total=1000)


def waiting(seconds: float, **more: Any) -> BatchSummary:
    """A batch after which one document is to be tried again."""
    return BatchSummary(**({"read": 9, "delayed": 1, "waiting": 1, "next_due_in": seconds, "total": 10} | more))


class ScriptedReader:
    """A fake of the reader and the ranker: answers with the batches it was given, then with an empty queue."""

    def __init__(self, *batches: BatchSummary | SteadymintError) -> None:
        self.left = list(batches)
        self.read = 0
        self.ranked = 0
        self.rank_errors: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        """Batches wait for it."""
        self.begun = asyncio.Event()

    async def batch(
        self, collection: CollectionRef, stop: asyncio.Event, progress: Callable[[int, int], None]
    ) -> BatchSummary:
        assert collection == COLLECTION
        self.begun.set()
        self.read += 1
        await self.gate.wait()
        progress(1, 1)
        found = self.left.pop(0) if self.left else NOTHING
        if isinstance(found, SteadymintError):
            raise found
        return found

    async def rank(self, collection: CollectionRef) -> None:
        if self.rank_errors:
            raise self.rank_errors.pop(0)
        self.ranked += 1

    async def until_read(self, times: int) -> None:
        await self.until(lambda: self.read >= times)

    async def until(self, what: Callable[[], bool]) -> None:
        for _ in range(1500):
            if what():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{self.read} batches read, {self.ranked} times ranked, {len(self.left)} batches left")


@asynccontextmanager
async def serving(client: Client, reader: Any, *, ranker: Any = None, prefix: str = "") -> AsyncIterator[Refreshes]:
    """Workers for the flow, in the sandbox, and for its activities."""
    queues = Queues(prefix)
    refreshing = Refreshing(reader, ranker or reader, stretch=300)
    flows = Worker(client, task_queue=queues.flows, workflows=[RefreshMetadata], workflow_runner=workflow_runner())
    metadata = Worker(
        client, task_queue=queues.metadata, activities=[refreshing.refresh_batch, refreshing.rank_collection]
    )
    async with flows, metadata:
        yield Refreshes(client, queues)
