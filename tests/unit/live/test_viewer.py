"""A viewer gets every step once, in order, or is cut off."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.live.viewer import BUFFER, End, Offer, ShownStep, Viewer


def step(seq: int, *, final: bool = False) -> ShownStep:
    return ShownStep(seq, final, b"{}")


def viewer(seq: int = 0) -> Viewer:
    return Viewer(uuid4(), seq, float("inf"))


async def drained(one: Viewer) -> list[int]:
    seqs: list[int] = []
    while not one.drained:
        item = await one.next()
        assert isinstance(item, ShownStep)
        seqs.append(item.seq)
    return seqs


@given(st.lists(st.integers(1, 12), max_size=60))
def test_whatever_arrives_in_whatever_order_a_viewer_sees_it_once_and_without_a_gap(arrivals: list[int]) -> None:
    one, missed = viewer(), False
    for seq in arrivals:
        missed |= one.offer(step(seq)) is Offer.GAP
    seen = asyncio.run(drained(one))
    assert seen == list(range(1, len(seen) + 1))
    assert missed or set(arrivals) == set(seen)


async def test_a_viewer_that_resumes_is_not_shown_what_it_has_seen() -> None:
    one = viewer(seq=3)
    assert [one.offer(step(seq)) for seq in (2, 3, 5, 4, 5)] == [
        Offer.KNOWN, Offer.KNOWN, Offer.GAP, Offer.TAKEN, Offer.TAKEN,
    ]  # fmt: skip
    assert await drained(one) == [4, 5]


async def test_a_stream_ends_after_a_final_step_unless_more_has_followed() -> None:
    one, written = viewer(), list[int]()

    async def write(item: ShownStep | None) -> None:
        assert item is not None
        written.append(item.seq)

    for item in (step(1), step(2, final=True), step(3), step(4, final=True)):
        one.offer(item)
    assert await one.pump(write) is End.FINAL
    assert written == [1, 2, 3, 4]


async def test_a_reader_that_does_not_read_is_cut_off_and_its_buffer_is_bounded() -> None:
    one = viewer()

    async def hang(_: ShownStep | None) -> None:
        await asyncio.Event().wait()

    pumping = asyncio.create_task(one.pump(hang))
    one.offer(step(1))
    await asyncio.sleep(0)
    for seq in range(2, BUFFER + 10):
        one.offer(step(seq))
        assert len(one._steps) <= BUFFER
    assert await pumping is End.SLOW


async def test_a_cancelled_stream_stays_cancelled() -> None:
    one = viewer()

    async def hang(_: ShownStep | None) -> None:
        await asyncio.Event().wait()

    pumping = asyncio.create_task(one.pump(hang))
    one.offer(step(1))
    await asyncio.sleep(0)
    pumping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pumping


async def test_a_quiet_stream_shows_a_sign_of_life() -> None:
    one = viewer()
    one.beat()
    assert await one.next() is None
    one.offer(step(1))
    one.beat()
    assert await one.next() == step(1)  # steps first
    assert await one.next() is None
