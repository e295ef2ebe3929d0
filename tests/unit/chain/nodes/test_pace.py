"""The pace of an endpoint: found by trying, kept just below what the endpoint bears, on a clock of the test's own."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steadymint.chain.nodes.pace import FORGET, LONGEST_PAUSE, CallPace
from tests.support.clock import Clock


class Provider:
    """Bears `limit` calls in any second; refuses the rest, and names a wait."""

    def __init__(self, clock: Clock, limit: int, retry_after: float | None) -> None:
        self.clock = clock
        self.limit = limit
        self.retry_after = retry_after
        self.answered = 0
        self.refused = 0
        self._taken: deque[float] = deque()

    def takes(self, cost: int) -> bool:
        while self._taken and self._taken[0] <= self.clock.now - 1:
            self._taken.popleft()
        if len(self._taken) + cost > self.limit:
            self.refused += 1
            return False
        self._taken.extend([self.clock.now] * cost)
        self.answered += cost
        return True


def send(pace: CallPace, clock: Clock, provider: Provider, cost: int = 1) -> bool:
    """One request as soon as the pace allows it; the answer takes ten milliseconds."""
    clock.now += pace.wait_for(cost)
    sent_at = pace.sent(cost)
    taken = provider.takes(cost)
    clock.now += 0.01
    if taken:
        pace.answered(cost, sent_at)
    else:
        pace.throttled(sent_at, provider.retry_after)
    return taken


@pytest.mark.parametrize("retry_after", [1.0, None])
@pytest.mark.parametrize("limit", [1, 2, 10, 90])
def test_a_limit_is_used_to_three_quarters_and_seldom_broken(limit: int, retry_after: float | None) -> None:
    clock = Clock()
    pace, provider = CallPace(clock), Provider(clock, limit, retry_after)
    begun = clock.now
    while clock.now < begun + 300:
        send(pace, clock, provider)

    assert provider.answered >= 300 * limit * 0.75
    assert provider.refused <= 60


def test_there_is_no_limit_before_the_first_throttle() -> None:
    clock = Clock()
    pace = CallPace(clock)
    for _ in range(1_000):
        assert pace.wait_for(1) == 0
        pace.answered(1, pace.sent(1))
    assert pace.rate is None


def test_a_burst_that_is_refused_in_part_is_one_cut() -> None:
    clock = Clock()
    pace = CallPace(clock)
    sent = [pace.sent(1) for _ in range(16)]
    clock.now += 0.05
    for at in sent[:10]:
        pace.answered(1, at)
    for at in sent[10:]:
        pace.throttled(at)

    assert pace.rate is not None
    assert 8 <= pace.rate <= 10


def test_one_throttle_among_a_few_calls_is_waited_out_and_cuts_nothing() -> None:
    clock = Clock()
    pace = CallPace(clock)
    pace.throttled(pace.sent(1))

    assert pace.rate is None
    assert pace.wait_for(1) > 0
    clock.now += FORGET + 1
    pace.throttled(pace.sent(1))
    assert pace.rate is None
    clock.now += 2
    pace.throttled(pace.sent(1), is_large=True)
    assert pace.rate is None
    clock.now += 2
    pace.throttled(pace.sent(1))
    assert pace.rate is not None


def test_a_throttle_that_comes_late_cuts_no_deeper() -> None:
    clock = Clock()
    pace = CallPace(clock)
    sent_at = pace.sent(16)
    clock.now += 3
    pace.throttled(sent_at, 1.0)

    assert pace.rate is not None
    assert pace.rate > 6


def test_a_named_wait_is_kept_whatever_the_rate() -> None:
    clock = Clock()
    pace = CallPace(clock)
    pace.throttled(pace.sent(1), 12.0)

    assert pace.wait_for(1) >= 12
    clock.now += 12
    assert pace.wait_for(1) == 0


def test_a_cut_that_meant_something_else_is_soon_made_good() -> None:
    clock = Clock()
    pace = CallPace(clock)
    pace.throttled(pace.sent(8), 1.0)
    assert pace.rate is not None
    pace.wait(2.0)
    assert pace.wait_for(1) >= 2

    pace.excused()
    clock.now += 15
    assert pace.rate is None or pace.rate > 80


def test_throttles_without_an_answer_between_them_pause_ever_longer_up_to_a_bound() -> None:
    clock = Clock()
    pace = CallPace(clock)
    pauses: list[float] = []
    for _ in range(30):
        clock.now += pace.wait_for(1)
        pace.throttled(pace.sent(1))
        pauses.append(pace.wait_for(1))

    assert pauses[-1] == LONGEST_PAUSE
    pace.answered(1, pace.sent(1))
    clock.now += LONGEST_PAUSE
    pace.throttled(pace.sent(1))
    assert pace.wait_for(1) < 3


def test_a_limit_that_is_lifted_is_forgotten_in_minutes() -> None:
    clock = Clock()
    pace = CallPace(clock)
    pace.throttled(pace.sent(1))
    clock.now += 60

    assert pace.rate is None or pace.rate > 1_000


@settings(deadline=None)
@given(st.integers(2, 60), st.lists(st.integers(1, 30), min_size=1, max_size=60))
def test_batches_larger_than_the_bucket_pass_and_pay_for_it(limit: int, costs: list[int]) -> None:
    clock = Clock()
    pace, provider = CallPace(clock), Provider(clock, 10**9, None)
    for _ in range(2 * limit):
        pace.sent(1)
    pace.throttled(clock.now)
    rate = pace.rate
    assert rate is not None
    begun = clock.now

    for cost in costs:
        send(pace, clock, provider, cost)
    grown = pace.rate or 2_000.0
    assert sum(costs) <= grown * (clock.now - begun) + grown + max(costs) + 1


def test_a_cut_counts_the_answers_that_come_after_the_refusal() -> None:
    """Nine calls and three go out together; the three are refused before the nine are answered."""
    clock = Clock()
    pace = CallPace(clock)
    first = pace.sent(9)
    second = pace.sent(3)
    clock.now += 0.01
    pace.throttled(second, 1.0)
    early = pace.rate
    clock.now += 0.01
    pace.answered(9, first)

    assert early is not None
    assert early < 6
    assert pace.rate == pytest.approx(9 * 0.85, rel=0.01)
