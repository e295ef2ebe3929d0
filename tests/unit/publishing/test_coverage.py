"""Which ids have a document, compared with a plain set."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from steadymint.publishing.coverage import Coverage

IDS = st.sets(st.integers(0, 40))


@given(ids=IDS)
def test_it_holds_what_it_was_made_of_and_nothing_else(ids: set[int]) -> None:
    coverage = Coverage.of(ids)
    assert {one for one in range(-1, 43) if coverage.holds(one)} == ids


@given(ids=IDS, start=st.integers(0, 42))
def test_the_longest_run_is_what_counting_finds(ids: set[int], start: int) -> None:
    longest = run = 0
    for one in range(start, 43):
        run = run + 1 if one in ids else 0
        longest = max(longest, run)
    assert Coverage.of(ids).longest_run(start) == longest


def test_a_set_of_thousands_is_one_run() -> None:
    assert Coverage.of(reversed(range(1, 5001))) == Coverage((1,), (5000,))
