"""A flow that imports, over a fake of chains and tables that answers what it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID

from temporalio.client import Client
from temporalio.worker import Worker

from activities.importing import Importing
from steadymint.domain.errors import SteadymintError
from steadymint.domain.importing import ImportOrder, ImportProgress, Inspection, Registered, RegisterOrder
from steadymint.domain.types import Address, ChainId
from steadymint.durable.importing import ImportFlows
from steadymint.durable.queues import Queues
from workers.sandbox import workflow_runner
from workflows.import_collection import ImportCollection

CHAIN = ChainId("eip155:31337")
DROP = Address("0x" + "d0" * 20)
ORDER = ImportOrder(chain_id=CHAIN, contract=DROP)
FOUND = Inspection(standard="erc721", name="Foreign Drop", symbol="DROP")


class ScriptedImporter:
    """A fake importer: raises what is left of `failures` first, and is done when `done` is set."""

    def __init__(self, *failures: SteadymintError, refusal: SteadymintError | None = None) -> None:
        self.failures = list(failures)
        self.refusal = refusal
        self.found = FOUND
        self.inspected = self.registered = 0
        self.done = asyncio.Event()
        self.gone = False

    async def inspect(self, order: ImportOrder) -> Inspection:
        self.inspected += 1
        if self.refusal is not None:
            raise self.refusal
        return self.found

    async def register(self, given: RegisterOrder) -> Registered:
        self.registered += 1
        if self.failures:
            raise self.failures.pop(0)
        return Registered(collection_id=UUID(int=1), first_block=7)

    async def progress(self, order: ImportOrder) -> ImportProgress | None:
        if self.gone:
            return None
        status = "done" if self.done.is_set() else "running"
        return ImportProgress(chain_id=CHAIN, contract=order.contract, status=status, cursor=99, done=93, total=93)


@asynccontextmanager
async def importing(client: Client, importer: ScriptedImporter, prefix: str = "") -> AsyncIterator[ImportFlows]:
    """Serves the flow's queues for as long as the block runs."""
    queues, activities = Queues(prefix), Importing(importer)
    served = {
        queues.flows: Worker(
            client, task_queue=queues.flows, workflows=[ImportCollection], workflow_runner=workflow_runner()
        ),
        queues.chain: Worker(
            client, task_queue=queues.chain, activities=[activities.inspect_contract, activities.register_import]
        ),
        queues.chain_wait: Worker(client, task_queue=queues.chain_wait, activities=[activities.watch_import]),
    }
    async with AsyncExitStack() as stack:
        for worker in served.values():
            await stack.enter_async_context(worker)
        yield ImportFlows(client, queues)
