"""The indexing activities and their flow: heartbeats, prompt ends, operators, halts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.indexing import Indexing
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.indexing import IndexOrder, RewindOrder, SpanOrder, SpanSummary
from steadymint.domain.types import ChainId
from steadymint.indexing.indexed_chain import IndexerHaltedError
from workers.sandbox import workflow_runner
from workflows.index_chain import IndexChain

CHAIN = ChainId("eip155:31337")
QUEUE = f"index-{CHAIN}"


@dataclass
class Reader:
    """Reads one block a millisecond, until told to stop or to fail."""

    progress: Callable[[SpanSummary], None]
    readers: Readers

    async def run(self, stop: asyncio.Event) -> SpanSummary:
        readers = self.readers
        if readers.errors:
            raise readers.errors.pop(0)
        if readers.halted:
            raise IndexerHaltedError("a reorg deeper than we keep")
        readers.running += 1
        readers.began_after.append(len(readers.rewound))
        try:
            while not stop.is_set():
                readers.block += 1
                self.progress(SpanSummary(checkpoint=readers.block, head=readers.block + 1))
                await asyncio.sleep(0.001)
        finally:
            await asyncio.sleep(readers.ends_after)
            readers.running -= 1
        return SpanSummary(checkpoint=readers.block, head=readers.block + 1, logs=7)

    async def rewind(self, block: int) -> SpanSummary:
        await asyncio.sleep(self.readers.rewinds_for)
        self.readers.rewound.append(block)
        self.readers.halted = False
        self.readers.block = block
        return SpanSummary(checkpoint=block)


@dataclass
class Readers:
    block: int = 0
    running: int = 0
    halted: bool = False
    errors: list[Exception] = field(default_factory=list)
    rewound: list[int] = field(default_factory=list)
    began_after: list[int] = field(default_factory=list)
    """How often it had been rewound when each reading began."""
    ends_after: float = 0
    """Seconds that a reader takes to end once it is told to."""
    rewinds_for: float = 0
    """Seconds."""

    async def open(self, chain_id: ChainId, progress: Callable[[SpanSummary], None]) -> Reader:
        assert chain_id == CHAIN
        return Reader(progress, self)


async def test_a_stretch_ends_in_peace_after_its_time_and_tells_where_it_stands() -> None:
    environment, beats = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: beats.append(details[0])

    summary = await environment.run(Indexing(Readers()).index_span, SpanOrder(chain_id=CHAIN, seconds=1.2))

    assert summary.logs == 7
    assert len(beats) >= 2
    assert beats[-1].checkpoint > beats[0].checkpoint


async def test_a_stretch_ends_promptly_when_the_worker_shuts_down() -> None:
    environment = ActivityEnvironment()
    running = asyncio.ensure_future(
        environment.run(Indexing(Readers()).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await asyncio.sleep(0.1)

    environment.worker_shutdown()

    async with asyncio.timeout(5):
        assert (await running).logs == 7


async def test_a_cancelled_stretch_leaves_no_reader_running() -> None:
    environment, readers = ActivityEnvironment(), Readers()
    running = asyncio.ensure_future(
        environment.run(Indexing(readers).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await asyncio.sleep(0.1)
    environment.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert readers.running == 0


async def test_a_rewind_heartbeats_so_that_a_killed_one_is_noticed() -> None:
    environment, beats = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: beats.append(details[0])

    await environment.run(Indexing(Readers(rewinds_for=1.2)).rewind_index, RewindOrder(chain_id=CHAIN, block=4))

    assert len(beats) >= 2


@pytest.fixture
def readers() -> Readers:
    return Readers()


@pytest.fixture
async def flow(temporal_client: Client, readers: Readers) -> AsyncIterator[WorkflowHandle[IndexChain, None]]:
    indexing = Indexing(readers)
    worker = Worker(
        temporal_client,
        task_queue=QUEUE,
        workflows=[IndexChain],
        activities=[indexing.index_span, indexing.rewind_index],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        handle = await temporal_client.start_workflow(
            IndexChain.run, IndexOrder(chain_id=CHAIN), id=f"index-chain:{CHAIN}", task_queue=QUEUE
        )
        yield handle
        await handle.terminate()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_flow_reads_and_an_operator_pauses_and_resumes_it(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    await until(lambda: readers.block > 10)

    assert "Paused" in await flow.execute_update(IndexChain.pause)
    assert readers.running == 0
    paused_at = readers.block
    assert (await flow.query(IndexChain.status))["paused"]
    assert "Reading" in await flow.execute_update(IndexChain.resume)

    await until(lambda: readers.block > paused_at)


async def test_an_operator_who_resumes_before_the_pause_is_complete_does_not_end_the_flow(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    readers.ends_after = 1.0
    await until(lambda: readers.block > 10)

    pausing = await flow.start_update(IndexChain.pause, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    await flow.execute_update(IndexChain.resume)
    await pausing.result()

    assert (await flow.describe()).status is WorkflowExecutionStatus.RUNNING
    at = readers.block
    await until(lambda: readers.block > at)


async def test_two_operators_who_read_again_at_once_both_do(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    readers.rewinds_for = 1.0
    await until(lambda: readers.running)

    first = await flow.start_update(IndexChain.reindex, 9, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    await until(lambda: not readers.running)
    await asyncio.sleep(0.5)
    second = await flow.start_update(IndexChain.reindex, 5, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
    await first.result()
    await second.result()

    await until(lambda: readers.began_after[-1] == 2)
    assert readers.rewound == [8, 4]
    assert readers.began_after == [0, 2]  # and nobody reads before both are through


async def test_what_passes_by_itself_is_tried_again_without_end(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    await until(lambda: readers.running)
    await flow.execute_update(IndexChain.pause)
    readers.errors = [UpstreamUnavailableError("the database is away") for _ in range(4)]

    await flow.execute_update(IndexChain.resume)

    await until(lambda: readers.running and not readers.errors)


async def test_a_halt_waits_for_an_operator_who_reads_again_from_a_block(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    await until(lambda: readers.running)
    await flow.execute_update(IndexChain.pause)
    readers.halted = True
    await flow.execute_update(IndexChain.resume)

    async with asyncio.timeout(30):
        while not (status := await flow.query(IndexChain.status))["halted"]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert "deeper" in status["halted"]
    assert readers.running == 0

    assert "Reading" in await flow.execute_update(IndexChain.reindex, 5)
    await until(lambda: readers.running)
    assert readers.rewound == [4]


async def test_a_block_before_the_first_is_refused(flow: WorkflowHandle[IndexChain, None]) -> None:
    with pytest.raises(WorkflowUpdateFailedError):
        await flow.execute_update(IndexChain.reindex, -1)
