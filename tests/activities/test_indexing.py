"""The indexing activities and their flow: heartbeats, prompt ends, operators, halts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Any

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

from activities import index_watch
from activities.indexing import Indexing
from steadymint.domain import index_standing
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.index_standing import Pace
from steadymint.domain.indexing import IndexOrder, RewindOrder, SpanOrder, SpanSummary
from steadymint.domain.types import ChainId
from steadymint.domain.waiting import Problem, Waiting
from steadymint.durable.notices import Notices
from steadymint.durable.search_attributes import PROBLEM, STEP
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
                readers.block += readers.pace_of_reading
                head = readers.block + readers.behind
                self.progress(
                    SpanSummary(
                        checkpoint=readers.block, head=head, trouble=readers.trouble, renumbered=readers.renumbered
                    )
                )
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

    pace_of_reading: int = 1
    """Blocks a millisecond; none where it stands still."""
    behind: int = 1
    trouble: str | None = None
    renumbered: int = 0
    nodes_asked: int = 0

    async def open(self, chain_id: ChainId, progress: Callable[[SpanSummary], None]) -> Reader:
        assert chain_id == CHAIN
        return Reader(progress, self)

    async def pace(self, chain_id: ChainId) -> Pace:
        return Pace(confirmations=2, block_time=0.001)

    async def nodes(self, chain_id: ChainId) -> str:
        self.nodes_asked += 1
        return "endpoint 1 at http://127.0.0.1:8545"


class NoticeBoard:
    """A fake: what the flow was told."""

    def __init__(self) -> None:
        self.told: list[Waiting] = []

    async def tell(self, workflow_id: str, waiting: Waiting) -> None:
        self.told.append(waiting)


async def test_a_stretch_ends_in_peace_after_its_time_and_tells_where_it_stands() -> None:
    environment, beats = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: beats.append(details[0])

    summary = await environment.run(
        Indexing(Readers(), NoticeBoard()).index_span, SpanOrder(chain_id=CHAIN, seconds=1.2)
    )

    assert summary.logs == 7
    assert len(beats) >= 2
    assert beats[-1]["checkpoint"] > beats[0]["checkpoint"]
    assert beats[-1]["lag"] == 1


async def test_a_stretch_ends_promptly_when_the_worker_shuts_down() -> None:
    environment = ActivityEnvironment()
    running = asyncio.ensure_future(
        environment.run(Indexing(Readers(), NoticeBoard()).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await asyncio.sleep(0.1)

    environment.worker_shutdown()

    async with asyncio.timeout(5):
        assert (await running).logs == 7


async def test_a_cancelled_stretch_leaves_no_reader_running() -> None:
    environment, readers = ActivityEnvironment(), Readers()
    running = asyncio.ensure_future(
        environment.run(Indexing(readers, NoticeBoard()).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await asyncio.sleep(0.1)
    environment.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert readers.running == 0


async def test_a_rewind_heartbeats_so_that_a_killed_one_is_noticed() -> None:
    environment, beats = ActivityEnvironment(), []
    environment.on_heartbeat = lambda *details: beats.append(details[0])

    await environment.run(
        Indexing(Readers(rewinds_for=1.2), NoticeBoard()).rewind_index, RewindOrder(chain_id=CHAIN, block=4)
    )

    assert len(beats) >= 2


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_watch, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(index_watch, "SAY_AGAIN", 0.3)
    monkeypatch.setattr(index_watch, "LOOK_AT_NODES", 0.3)
    monkeypatch.setattr(index_standing, "STUCK_AFTER", 0.2)


@pytest.mark.parametrize(
    ("state", "problem", "words"),
    [
        ({"pace_of_reading": 0, "behind": 500}, Problem.INDEX_STUCK, ", 500 behind, last moved"),
        ({"pace_of_reading": 0, "trouble": "endpoint 1 hangs"}, Problem.INDEX_STUCK, ": endpoint 1 hangs. "),
        ({"behind": 100_000}, Problem.INDEX_BEHIND, ", 100,000 behind"),
    ],
    ids=["stands", "fails", "behind"],
)
@pytest.mark.usefixtures("looks_often")
async def test_an_index_that_does_not_keep_up_is_told_with_its_lag_of_now_and_again_when_it_has_caught_up(
    state: dict[str, Any], problem: Problem, words: str
) -> None:
    readers, board = Readers(), NoticeBoard()
    reading = asyncio.ensure_future(
        ActivityEnvironment().run(Indexing(readers, board).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await asyncio.sleep(0.3)
    assert not board.told  # of an index that follows the head there is nothing to tell
    for name, value in state.items():
        setattr(readers, name, value)
    await until(lambda: len(board.told) > 2)
    assert {waiting.problem for waiting in board.told} == {problem}
    for part in ("endpoint 1 at http://127.0.0.1:8545", "`steadymint doctor`", CHAIN):
        assert part in board.told[-1].text
    assert words in board.told[-1].text
    readers.pace_of_reading, readers.behind, readers.trouble = 1, 1, None
    await until(lambda: board.told[-1].problem is None)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.usefixtures("looks_often")
async def test_a_node_that_counts_logs_in_each_transaction_anew_is_told_once_and_by_the_index_that_follows() -> None:
    readers, board = Readers(renumbered=12), NoticeBoard()
    environment, order = ActivityEnvironment(), SpanOrder(chain_id=CHAIN, seconds=600)
    reading = asyncio.ensure_future(environment.run(Indexing(readers, board).index_span, order))
    await until(lambda: board.told)
    assert (board.told[0].problem, board.told[0].renumbered) == (None, True)
    assert "12 logs have indexes of our own" in board.told[0].text
    readers.behind = 100_000
    await until(lambda: board.told[-1].problem is not None)
    assert "12 logs have indexes of our own" in board.told[-1].text
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.usefixtures("looks_often")
async def test_how_far_each_endpoint_is_is_looked_at_now_and_then_though_all_is_well() -> None:
    readers = Readers()
    reading = asyncio.ensure_future(
        ActivityEnvironment().run(Indexing(readers, NoticeBoard()).index_span, SpanOrder(chain_id=CHAIN, seconds=600))
    )
    await until(lambda: readers.nodes_asked > 1)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.usefixtures("looks_often")
async def test_attempts_that_keep_failing_tell_the_flow_once() -> None:
    board = NoticeBoard()
    for attempt in range(1, index_watch.FAILURES + 3):
        environment = ActivityEnvironment()
        environment.info = replace(environment.info, attempt=attempt)
        readers = Readers(errors=[UpstreamUnavailableError("the catalog's database cannot be reached")])
        with pytest.raises(Exception, match="cannot be reached"):
            await environment.run(Indexing(readers, board).index_span, SpanOrder(chain_id=CHAIN))
    (waiting,) = board.told
    assert waiting.problem is Problem.INDEX_STUCK
    assert "the catalog's database cannot be reached" in waiting.text


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
