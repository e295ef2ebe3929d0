"""A viewer gets every step once, in order, or is cut off."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.live.viewer import BUFFER, End, PushResult, ShownStep, Viewer
from tests.support.viewing import connected


def step(seq: int, *, final: bool = False) -> ShownStep:
    return ShownStep(seq, final, b"{}")


def viewer(seq: int = 0) -> Viewer:
    return Viewer(uuid4(), seq, float("inf"))


TURN, BLOCK, OPEN = "turn", "block", "open"


@given(st.lists(st.integers(1, 12) | st.sampled_from((TURN, BLOCK, OPEN)), max_size=60))
def test_whatever_arrives_in_whatever_order_a_viewer_sees_it_once_and_without_a_gap(
    happenings: list[int | str],
) -> None:
    """Also if its connection stops taking bytes now and then, at any moment."""

    async def run() -> None:
        one, missed, arrivals = viewer(), False, set[int]()
        async with connected(one) as connection:
            for happening in happenings:
                match happening:
                    case int(seq):
                        arrivals.add(seq)
                        missed |= one.push(step(seq)) is PushResult.GAP
                    case "turn":
                        await asyncio.sleep(0)
                    case "block":
                        connection.block()
                    case _:
                        connection.open.set()
            connection.open.set()
            while not one.drained:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert connection.seqs == list(range(1, len(connection.seqs) + 1))
        assert missed or arrivals == set(connection.seqs)

    asyncio.run(run())


async def test_a_viewer_that_resumes_is_not_shown_what_it_has_seen() -> None:
    one = viewer(seq=3)
    async with connected(one) as connection:
        assert [one.push(step(seq)) for seq in (2, 3, 5, 4, 5)] == [
            PushResult.KNOWN, PushResult.KNOWN, PushResult.GAP, PushResult.TAKEN, PushResult.TAKEN,
        ]  # fmt: skip
        assert connection.seqs == [4, 5]


async def test_a_step_is_with_the_connection_when_the_offer_returns() -> None:
    """No turn of the event loop lies between, so a block's thousand viewers cost none."""
    one = viewer()
    async with connected(one) as connection:
        for seq in (1, 2):
            one.push(step(seq))
            assert connection.seqs[-1] == seq


async def test_what_came_before_the_connection_is_sent_first() -> None:
    one = viewer()
    one.push(step(1))
    one.push(step(2))
    async with connected(one) as connection:
        one.push(step(3))
        while not one.drained:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert connection.seqs == [1, 2, 3]


async def test_a_stream_ends_after_a_final_step_unless_more_has_followed() -> None:
    one = viewer()
    async with connected(one) as connection:
        for item in (step(1), step(2, final=True), step(3), step(4, final=True)):
            one.push(item)
        assert await connection.end is End.FINAL
        assert connection.seqs == [1, 2, 3, 4]


async def test_a_reader_that_does_not_read_is_cut_off_and_its_buffer_is_bounded() -> None:
    one = viewer()
    async with connected(one) as connection:
        connection.block()
        for seq in range(1, BUFFER + 10):
            one.push(step(seq))
            assert len(one._steps) <= BUFFER
            if seq == BUFFER // 2:
                await asyncio.sleep(0)
        assert await connection.end is End.SLOW
        assert connection.seqs == []


async def test_a_write_that_hangs_is_seen_from_its_beginning_to_its_end() -> None:
    one = viewer()
    async with connected(one) as connection:
        connection.block()
        one.push(step(1))
        assert one.sending_since is not None
        connection.open.set()
        while not one.drained:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert one.sending_since is None


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_write_that_fails_fails_the_stream_and_not_the_feed(at_once: bool) -> None:
    one = viewer()

    async def fail(_: ShownStep | None) -> None:
        if not at_once:
            await asyncio.sleep(0)
        raise ConnectionError

    pumping = asyncio.create_task(one.pump(fail))
    await asyncio.sleep(0)
    one.push(step(1))
    one.push(step(2))
    with pytest.raises(ConnectionError):
        await pumping


async def test_a_cancelled_stream_stays_cancelled() -> None:
    one = viewer()
    async with connected(one) as connection:
        connection.block()
        one.push(step(1))
        connection.end.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connection.end


async def test_a_quiet_stream_shows_a_sign_of_life() -> None:
    one = viewer()
    async with connected(one) as connection:
        one.beat()
        assert connection.written == [None]
        connection.block()
        one.push(step(1))
        one.beat()
        one.push(step(2))
        connection.open.set()
        while one.beat_due or not one.drained:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert connection.written == [None, step(1), step(2), None]  # steps first
