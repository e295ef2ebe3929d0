"""The flow of an index goes on without end, and an operator pauses, resumes and rewinds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.worker import Worker

from activities.indexing import Indexing
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.indexing import IndexOrder
from steadymint.durable.notices import Notices
from steadymint.durable.search_attributes import PROBLEM, STEP
from tests.activities.indexing.readers import CHAIN, Readers, until
from workers.sandbox import workflow_runner
from workflows.index_chain import IndexChain

QUEUE = f"index-{CHAIN}"


@pytest.fixture
def readers() -> Readers:
    return Readers()


@pytest.fixture
async def flow(temporal_client: Client, readers: Readers) -> AsyncIterator[WorkflowHandle[IndexChain, None]]:
    indexing = Indexing(readers, Notices(temporal_client))
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


@pytest.mark.usefixtures("looks_often")
async def test_the_list_and_the_page_of_the_flow_say_that_the_index_is_stuck_halted_or_paused(
    flow: WorkflowHandle[IndexChain, None], readers: Readers
) -> None:
    async def shows(step: str, problem: str | None) -> str:
        async with asyncio.timeout(30):
            while True:
                found = (await flow.describe()).typed_search_attributes
                if (found.get(STEP), found.get(PROBLEM)) == (step, problem):
                    break
                await asyncio.sleep(0.02)
        return str((await flow.query("__temporal_workflow_metadata")).current_details)

    assert "Reading" not in await shows("reading", None)
    readers.pace_of_reading, readers.behind = 0, 500
    assert "500 behind" in await shows("reading", "index_stuck")
    await flow.execute_update(IndexChain.pause)
    assert "--name resume" in await shows("paused", None)
    readers.halted = True
    await flow.execute_update(IndexChain.resume)
    assert "a reorg deeper than we keep. Intents of" in await shows("halted", "index_halted")


async def test_a_block_before_the_first_is_refused(flow: WorkflowHandle[IndexChain, None]) -> None:
    with pytest.raises(WorkflowUpdateFailedError):
        await flow.execute_update(IndexChain.reindex, -1)
