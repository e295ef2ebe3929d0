"""A flow is told when its index is stuck or behind, why, and that it has caught up."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities import index_watch
from activities.indexing import Indexing
from steadymint.domain import index_standing
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.indexing import SpanOrder
from steadymint.domain.waiting import Problem
from tests.activities.indexing.readers import CHAIN, Readers, until
from tests.support.notice_board import NoticeBoard


@pytest.mark.parametrize(
    ("state", "problem", "words"),
    [
        ({"pace_of_reading": 0, "behind": 500}, Problem.INDEX_STUCK, ", 500 behind, last moved"),
        ({"pace_of_reading": 0, "trouble": "endpoint 1 hangs"}, Problem.INDEX_STUCK, ": endpoint 1 hangs. "),
        ({"behind": 100_000}, Problem.INDEX_BEHIND, ", 100,000 behind"),
        ({"pace_of_reading": 0, "head_age": 1_000}, Problem.INDEX_STUCK, ": the newest block that a node tells is 1,0"),
    ],
    ids=["stands", "fails", "behind", "stale"],
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
    readers.pace_of_reading, readers.behind, readers.trouble, readers.head_age = 1, 1, None, 0
    await until(lambda: board.told[-1].problem is None)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.usefixtures("looks_often")
async def test_a_development_node_may_mine_seldom() -> None:
    readers, board = Readers(pace_of_reading=0, head_age=10_000, mines_seldom=True), NoticeBoard()
    order = SpanOrder(chain_id=CHAIN, seconds=600)
    reading = asyncio.ensure_future(ActivityEnvironment().run(Indexing(readers, board).index_span, order))
    await asyncio.sleep(0.5)
    assert not board.told
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.parametrize(("behind", "problem"), [(64, None), (100_000, Problem.INDEX_BEHIND)])
@pytest.mark.usefixtures("looks_often")
async def test_an_index_that_builds_its_indexes_does_not_stand_still_however_long_it_takes(
    behind: int, problem: Problem | None
) -> None:
    readers, board = Readers(sealing=True, pace_of_reading=0, behind=behind), NoticeBoard()
    order = SpanOrder(chain_id=CHAIN, seconds=600)
    reading = asyncio.ensure_future(ActivityEnvironment().run(Indexing(readers, board).index_span, order))
    await asyncio.sleep(3 * index_standing.STUCK_AFTER)
    await until(lambda: board.told)
    assert {(waiting.step, waiting.problem) for waiting in board.told} == {("sealing", problem)}
    assert board.told[0].text.startswith("builds its indexes, the last step of its first reading, at block 0 of ")
    assert "nothing has to be done" in board.told[0].text
    readers.trouble = "the disk is full"
    await until(lambda: board.told[-1].problem is Problem.INDEX_STUCK)
    readers.trouble, readers.sealing, readers.pace_of_reading, readers.behind = None, False, 1, 1
    await until(lambda: board.told[-1].step == "reading" and board.told[-1].problem is None)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.usefixtures("looks_often")
@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"renumbered": 12}, "12 logs have indexes of our own"),
        ({"differed": {3: 12}}, "endpoint 3 left out or made up 12 logs"),
    ],
)
async def test_what_is_remarkable_of_a_nodes_logs_is_told_once_and_by_the_index_that_follows(
    counts: dict[str, Any], says: str
) -> None:
    readers, board = Readers(**counts), NoticeBoard()
    environment, order = ActivityEnvironment(), SpanOrder(chain_id=CHAIN, seconds=600)
    reading = asyncio.ensure_future(environment.run(Indexing(readers, board).index_span, order))
    await until(lambda: board.told)
    assert board.told[0].problem is None
    assert board.told[0].renumbered or board.told[0].differed
    assert says in board.told[0].text
    readers.behind = 100_000
    await until(lambda: board.told[-1].problem is not None)
    assert says in board.told[-1].text
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
