"""The size of batches: what an endpoint refuses as a whole is halved, remembered, and seldom tried again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.chain.nodes.batch_size import AT_ONCE, FIRST_TRUST, LARGEST, BatchSize


def work(size: BatchSize, limit: int, calls: int) -> tuple[int, int]:
    """Bring so many calls to a node that takes `limit` in a batch. Returns the requests, and those refused."""
    requests, refused = 0, 0
    while calls > 0:
        piece = min(size.calls, calls)
        requests += 1
        if piece > limit:
            refused += 1
            size.refused(piece)
        else:
            size.answered(piece)
            calls -= piece
    return requests, refused


@given(st.integers(1, LARGEST))
def test_a_limit_is_found_in_as_many_refusals_as_halvings_and_remembered(limit: int) -> None:
    size = BatchSize()

    _, refused = work(size, limit, 200)
    _, later = work(size, limit, 40 * limit)

    assert refused <= 7
    assert later == 0
    assert size.calls <= limit


def test_a_node_without_batches_is_asked_singly_and_seldom_tried_again() -> None:
    size = BatchSize()
    work(size, 1, 10)

    _, refused = work(size, 1, 100_000)

    assert size.calls == 1
    assert refused <= 12


def test_a_node_that_takes_batches_again_gets_them_again() -> None:
    size = BatchSize()
    size.refused(LARGEST)
    size.refused(LARGEST // 2)

    for _ in range(100 * FIRST_TRUST):
        size.answered(size.calls)

    assert size.calls == LARGEST


def test_one_batch_without_an_answer_proves_nothing() -> None:
    size = BatchSize()
    size.failed(100)
    size.answered(100)
    size.failed(100)
    assert size.calls == LARGEST

    size.answered(3)
    size.failed(100)
    assert size.calls == LARGEST // 2


def test_a_node_that_hangs_on_batches_is_asked_singly_after_two_of_them_and_seldom_tried_again() -> None:
    size, hung = BatchSize(), 0
    for _ in range(1_000):
        if size.calls > 1:
            hung += 1
            size.hung(size.calls)
        else:
            size.answered(1)
    assert hung <= 2 + 2

    size.hung(100)
    assert size.calls == 1, "it was larger than those that are sent now"


@pytest.mark.parametrize("late", [100, 51])
def test_refusals_of_larger_batches_than_are_sent_now_say_nothing_new(late: int) -> None:
    size = BatchSize()
    size.refused(100)
    size.refused(late)
    assert size.calls == LARGEST // 2


def test_small_batches_that_are_throttled_again_are_compared_with_single_calls() -> None:
    size = BatchSize()
    assert not size.throttled(40)
    assert not size.throttled(AT_ONCE + 1), "so many are not sent at once"
    assert size.throttled(8)
    assert size.apart == 8

    size.refused(8)
    assert (size.calls, size.apart) == (4, 0)
    assert size.throttled(4), "the doubt stays until a batch is answered"
    size.answered(4)
    assert size.apart == 0
    assert not size.throttled(4)


def test_a_node_that_throttles_single_calls_as_well_keeps_its_batches() -> None:
    size = BatchSize()
    for _ in range(3):
        size.throttled(8)
    size.paced()
    assert (size.calls, size.apart) == (LARGEST, 0)
    assert not size.throttled(8)


def test_of_several_batches_without_an_answer_the_largest_is_doubted() -> None:
    size = BatchSize()
    size.failed(100)
    size.failed(2)
    assert size.calls == LARGEST // 2


def test_a_batch_is_tried_again_if_only_fewer_calls_than_were_throttled_come() -> None:
    size = BatchSize()
    for _ in range(2):
        size.throttled(8)

    assert not size.is_fault_of_batch(2)
    assert size.apart == 8, "these may have been what was left"
    assert not size.is_fault_of_batch(2)
    assert (size.calls, size.apart) == (LARGEST, 0)
    assert not size.is_fault_of_batch(2), "nothing is in doubt"
    assert size.calls == LARGEST
