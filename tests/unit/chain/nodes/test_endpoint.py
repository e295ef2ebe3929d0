from __future__ import annotations

import asyncio
from typing import Any

import pytest

from steadymint.chain.nodes.endpoint import MAX_COOL_DOWN, VERIFY_EVERY, Endpoint, EndpointConfig
from steadymint.chain.nodes.errors import NodeThrottledError, SilenceError
from steadymint.domain.errors import UpstreamUnavailableError
from tests.support.clock import Clock

SECRET = "a-key-that-nobody-may-read"


def endpoint(clock: Clock, **options: Any) -> Endpoint:
    config = EndpointConfig(7, f"https://node.example/{SECRET}", headers={"Authorization": SECRET}, **options)
    return Endpoint(config, clock=clock)


def fail(found: Endpoint, clock: Clock, error: UpstreamUnavailableError | None = None) -> None:
    started = clock.now
    clock.now += 0.001
    found.failed(error or UpstreamUnavailableError(), started)


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


def test_the_wait_that_a_node_names_is_kept_at_once() -> None:
    clock = Clock()
    found = endpoint(clock)
    found.throttled(NodeThrottledError(retry_after=12.0), clock.now)
    assert found.wait_for(1) == 12
    assert found.cooling() == 0, "a node that throttles is well"
    fail(found, clock, UpstreamUnavailableError(retry_after=20.0))
    assert found.cooling() == 20


def test_a_throttle_asks_for_no_new_proof_of_the_chain() -> None:
    clock = Clock()
    found = endpoint(clock)
    found.verified()
    found.throttled(NodeThrottledError(), clock.now)
    assert not found.needs_verification()


def test_a_batch_is_no_larger_than_what_the_endpoint_bears_in_a_second() -> None:
    clock = Clock()
    found = endpoint(clock, rate_limit=20)
    assert found.batch_calls == 20
    for _ in range(16):
        found.pace.sent(1)
    found.throttled(NodeThrottledError(), clock.now)
    assert 4 <= found.batch_calls <= 8


async def test_calls_go_out_in_the_order_in_which_they_asked_and_as_fast_as_the_limit() -> None:
    found = Endpoint(EndpointConfig(7, "http://node.example", rate_limit=100))
    admitted: list[int] = []

    async def ask(number: int) -> None:
        await found.admit(10)
        admitted.append(number)

    await asyncio.gather(*(ask(number) for number in range(15)))

    assert admitted == list(range(15))


async def test_who_stops_waiting_leaves_no_debt() -> None:
    found = Endpoint(EndpointConfig(7, "http://node.example", rate_limit=10))
    await found.admit(10)
    for _ in range(50):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await found.admit(10)

    assert found.wait_for(10) <= 1


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


def test_a_proof_outlives_the_silence_of_the_call_that_asked_for_it() -> None:
    """On a slow node the proof may take all the time of a call. The next call must not need it again."""
    clock = Clock()
    found = endpoint(clock)
    started = clock.now
    clock.now += 2
    found.verified()
    clock.now += 0.1
    found.failed(SilenceError(), started)
    assert not found.needs_verification()
    found.failed(UpstreamUnavailableError(), started)
    assert found.needs_verification(), "a node that breaks off may be another one next"

    found.verified()
    clock.now += 1
    found.failed(SilenceError(), clock.now - 0.5)
    assert found.needs_verification(), "silence since the proof"


def test_an_endpoint_shows_its_number_and_no_secret() -> None:
    found = endpoint(Clock())
    assert SECRET not in repr(found) + repr(found.config) + found.name


def test_checks_take_a_quarter_of_what_an_endpoint_bears_and_never_wait() -> None:
    clock = Clock()
    found = endpoint(clock, rate_limit=20)
    taken = 0
    for _ in range(1_000):
        taken += found.take_spare()
        clock.now += 0.01
    assert 50 <= taken <= 50 + 5


async def test_an_endpoint_whose_calls_are_spent_has_none_for_checks() -> None:
    clock = Clock()
    found = endpoint(clock, rate_limit=20)
    assert found.take_spare()
    await found.admit(20)
    assert not found.take_spare()


def test_an_endpoint_without_a_limit_bears_any_check_unless_it_is_paused() -> None:
    clock = Clock()
    found = endpoint(clock)
    assert all(found.take_spare() for _ in range(100))
    found.pause(60)
    assert not found.take_spare()
