"""Places, a rate and pauses for each host."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.outbound import budget as budgets
from steadymint.outbound.budget import KeyedBudget
from steadymint.outbound.errors import OutboundError


async def test_no_more_requests_are_under_way_to_a_host_than_it_has_places() -> None:
    budget = KeyedBudget(3, 10_000.0)
    under_way = most = 0

    async def request() -> None:
        nonlocal under_way, most
        async with budget.place("a.example"):
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.001)
            under_way -= 1

    await asyncio.gather(*(request() for _ in range(30)))
    assert most == 3


async def test_requests_to_a_host_begin_evenly_spaced() -> None:
    """By a clock of the test's own, so that no real time is measured."""
    now = 0.0
    began: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    budget = KeyedBudget(1, 50.0, clock=lambda: now, sleep=sleep)
    for _ in range(10):
        async with budget.place("a.example"):
            began.append(round(now, 6))
    async with budget.place("b.example"):
        began.append(round(now, 6))
    assert began == [round(at * 0.02, 6) for at in range(10)] + [0.18]


async def test_a_host_that_asks_for_rest_is_refused_until_then_and_no_other() -> None:
    now = 0.0
    budget = KeyedBudget(1, 1_000.0, clock=lambda: now)
    budget.pause("a.example", 10.0)
    with pytest.raises(OutboundError) as caught:
        async with budget.place("a.example"):
            raise AssertionError("it was let in")
    assert caught.value.failure.code == "throttled"
    assert caught.value.retry_after == 10
    async with budget.place("b.example"):
        pass
    now = 10.0
    async with budget.place("a.example"):
        pass


async def test_a_pause_of_a_year_is_an_hour_and_a_shorter_one_does_not_end_a_longer() -> None:
    now = 0.0
    budget = KeyedBudget(1, 1_000.0, clock=lambda: now)
    budget.pause("a.example", 1e9)
    budget.pause("a.example", 1.0)
    now = 3_599.0
    with pytest.raises(OutboundError):
        async with budget.place("a.example"):
            pass
    now = 3_600.0
    async with budget.place("a.example"):
        pass


async def test_hosts_that_strangers_invent_do_not_pile_up_and_pauses_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_REMEMBERED", 64)
    now = 0.0
    budget = KeyedBudget(1, 1e9, clock=lambda: now)
    budget.pause("paused.example", 100.0)
    for at in range(1_000):
        now += 0.001
        async with budget.place(f"a{at}.example"):
            pass
    assert len(budget._shares) <= 64
    with pytest.raises(OutboundError):
        async with budget.place("paused.example"):
            pass


async def test_a_request_that_fails_gives_its_place_back() -> None:
    budget = KeyedBudget(1, 1e6)
    for _ in range(3):
        with pytest.raises(OSError, match="broken"):
            async with budget.place("a.example"):
                raise OSError("broken")
