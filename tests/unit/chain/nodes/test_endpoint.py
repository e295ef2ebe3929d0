from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from steadymint.chain.nodes.endpoint import MAX_COOL_DOWN, VERIFY_EVERY, Endpoint, EndpointConfig, TokenBucket
from steadymint.chain.nodes.errors import NodeThrottledError
from steadymint.domain.errors import UpstreamUnavailableError

SECRET = "a-key-that-nobody-may-read"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def endpoint(clock: Clock) -> Endpoint:
    config = EndpointConfig(7, f"https://node.example/{SECRET}", headers={"Authorization": SECRET})
    return Endpoint(config, clock)


def fail(found: Endpoint, clock: Clock, error: UpstreamUnavailableError | None = None) -> None:
    started = clock.now
    clock.now += 0.001
    found.failed(error or UpstreamUnavailableError(), started)


@given(st.integers(1, 50), st.lists(st.tuples(st.floats(0, 3), st.integers(1, 60)), min_size=1, max_size=60))
def test_no_second_ever_sees_more_calls_than_granted_beyond_one_batch(
    rate: int, steps: list[tuple[float, int]]
) -> None:
    """Over any stretch of time at most rate x time + one bucket + one batch larger than it."""
    clock = Clock()
    bucket = TokenBucket(rate, clock)
    begun, sent, largest = clock.now, 0, 0
    for pause, count in steps:
        clock.now += pause
        clock.now += bucket.take(count)
        sent += count
        largest = max(largest, count)
        assert sent <= rate * (clock.now - begun) + rate + largest + 1e-6


def test_a_bucket_hands_out_a_second_at_once_and_then_by_the_rate() -> None:
    clock = Clock()
    bucket = TokenBucket(10, clock)
    assert [bucket.take(1) for _ in range(10)] == [0.0] * 10
    assert abs(bucket.take(1) - 0.1) < 1e-9
    assert abs(bucket.take(1) - 0.2) < 1e-9
    assert TokenBucket(None, clock).take(10**6) == 0


def test_one_lost_request_costs_an_endpoint_nothing() -> None:
    clock = Clock()
    found = endpoint(clock)
    fail(found, clock)
    assert found.cooling() == 0


def test_failures_in_a_row_cost_ever_longer_up_to_a_bound() -> None:
    clock = Clock()
    found = endpoint(clock)
    pauses: list[float] = []
    for _ in range(20):
        fail(found, clock)
        pauses.append(found.cooling())
    assert pauses == sorted(pauses)
    assert pauses[-1] == MAX_COOL_DOWN
    found.succeeded()
    clock.now += MAX_COOL_DOWN
    fail(found, clock)
    assert found.cooling() == 0, "a success wipes the slate"


def test_calls_that_fail_together_count_as_one_failure() -> None:
    clock = Clock()
    found = endpoint(clock)
    started = clock.now
    clock.now += 1
    for _ in range(100):
        found.failed(UpstreamUnavailableError(), started)
    assert found.cooling() == 0


def test_the_nodes_own_wish_is_honoured_at_once() -> None:
    clock = Clock()
    found = endpoint(clock)
    fail(found, clock, NodeThrottledError(retry_after=12.0))
    assert found.cooling() == 12
    clock.now += 12
    assert found.cooling() == 0


def test_the_chain_is_proved_again_after_a_failure_and_from_time_to_time() -> None:
    clock = Clock()
    found = endpoint(clock)
    assert found.needs_verification()
    found.verified()
    assert not found.needs_verification()
    fail(found, clock)
    assert found.needs_verification()
    found.verified()
    clock.now += VERIFY_EVERY
    assert found.needs_verification()


def test_an_endpoint_shows_its_number_and_no_secret() -> None:
    found = endpoint(Clock())
    assert SECRET not in repr(found) + repr(found.config) + found.name
