"""The width of spans: the head is reached, in about as many requests as the node's limits allow."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from steadymint.indexing.reading.span_width import FIRST_WIDTH, Reading, SpanWidth

Accepts = Callable[[int, int], bool]
BLOCKS = 12_549


class Node:
    """What a node accepts, and how often it was asked."""

    def __init__(self, accepts: Accepts, size: Callable[[int, int], int] = lambda first, last: 100) -> None:
        self.accepts = accepts
        self.size = size
        self.requests = 0
        self.read: list[int] = []

    def catch_up(self, blocks: int, target: int = 2_500_000, width: SpanWidth | None = None) -> int:
        """Read blocks 0 to `blocks`, excluded. Returns the number of requests."""
        width = width or SpanWidth(target)
        begun, at = self.requests, 0
        while at < blocks:
            last = min(at + width.blocks, blocks) - 1
            reading = Reading(last - at + 1)
            self._ask(at, last, reading, width)
            width.read(reading)
            at = last + 1
        return self.requests - begun

    def _ask(self, first: int, last: int, reading: Reading, width: SpanWidth) -> None:
        self.requests += 1
        if self.accepts(first, last):
            reading.answered.append(last - first + 1)
            reading.size += self.size(first, last)
            self.read += range(first, last + 1)
        elif first == last:
            reading.dense += 1
            self.read.append(first)  # by its receipts
        else:
            reading.refused.append(last - first + 1)
            width.refused(last - first + 1)
            middle = (first + last) // 2
            self._ask(first, middle, reading, width)
            self._ask(middle + 1, last, reading, width)


def test_one_dense_block_costs_a_bisection_and_leaves_no_trace() -> None:
    node = Node(lambda first, last: not first <= 500 <= last)
    clean = Node(lambda _first, _last: True)

    requests = node.catch_up(7_264) - clean.catch_up(7_264)

    assert requests <= 2 * ceil(log2(1_024)) + 2  # each level has one half that is answered
    assert node.read == clean.read == list(range(7_264))


@given(st.integers(1, 5_000))
def test_a_limit_of_the_node_is_found_and_kept_to(limit: int) -> None:
    node = Node(lambda first, last: last - first < limit)

    requests = node.catch_up(BLOCKS)

    assert node.read == list(range(BLOCKS))
    assert requests <= BLOCKS / limit * 1.35 + 2 * FIRST_WIDTH / limit + 40


def test_a_limit_that_is_lifted_is_noticed() -> None:
    limit = 10
    node = Node(lambda first, last: last - first < limit)
    width = SpanWidth(2_500_000)
    node.catch_up(1_000, width=width)
    limit = 100_000

    assert node.catch_up(100_000, width=width) < 60


@given(st.sets(st.integers(0, BLOCKS - 1), max_size=20))
def test_every_dense_block_costs_no_more_than_its_bisection(dense: set[int]) -> None:
    node = Node(lambda first, last: not any(first <= block <= last for block in dense))

    requests = node.catch_up(BLOCKS)

    assert node.read == list(range(BLOCKS))
    assert requests <= 12 + len(dense) * (2 * ceil(log2(BLOCKS)) + 6)


@given(st.lists(st.integers(1, 12_000), min_size=20, max_size=60), st.integers(1, 2_000))
def test_a_limit_on_results_is_kept_to_where_the_chain_is_dense_and_where_it_is_not(logs: list[int], most: int) -> None:
    """A thousand blocks of each density, in logs per thousand blocks."""
    blocks = 1_000 * len(logs)

    def total(first: int, last: int) -> float:
        return sum(
            (min(last + 1, (n + 1) * 1_000) - max(first, n * 1_000)) * logs[n] / 1_000
            for n in range(first // 1_000, last // 1_000 + 1)
        )

    node = Node(lambda first, last: total(first, last) <= most)

    requests = node.catch_up(blocks)

    assert node.read == list(range(blocks))
    assert requests <= 4 * sum(logs) / most + 12 * len(logs)


@given(st.lists(st.booleans(), min_size=1, max_size=400))
def test_whatever_is_refused_the_head_is_reached(answers: list[bool]) -> None:
    coins = iter(answers * 200)
    node = Node(lambda _first, _last: next(coins, True))

    node.catch_up(3_000)

    assert node.read == list(range(3_000))


def test_replies_come_to_the_target_size() -> None:
    node = Node(lambda _first, _last: True, lambda first, last: (last - first + 1) * 20_000)

    requests = node.catch_up(20_000, target=2_000_000)

    assert 200 <= requests <= 210


def test_a_span_that_ends_at_the_head_says_nothing_of_the_next() -> None:
    width = SpanWidth(2_500_000)
    width.read(Reading(50, 100, [50]))
    before = width.blocks

    width.read(Reading(1, 100, [1]))

    assert width.blocks == before


def test_a_span_whose_reading_broke_off_is_narrower_when_it_is_read_again() -> None:
    width = SpanWidth(2_500_000)

    width.refused(50)
    width.refused(25)

    assert width.blocks == 12
