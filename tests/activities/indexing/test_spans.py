"""Reading ends after its time, and promptly when it is told to; reading and rewinding heartbeat."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.testing import ActivityEnvironment

from activities.indexing import Indexing
from steadymint.domain.indexing import RewindOrder, SpanOrder
from tests.activities.indexing.readers import CHAIN, Readers
from tests.support.notice_board import NoticeBoard


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
