"""The activity that checks orders ends with its stretch, says what was done, and waits for a market."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.checking import REGISTERED_AGAIN, Checking
from steadymint.domain.checking import CheckingSummary, StretchOrder
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import ChainId
from tests.support.intents import CHAIN

ORDER = StretchOrder(chain_id=ChainId(CHAIN), seconds=0.05)
DONE = CheckingSummary(causes=1, checked=200, changed=7)


class Checker:
    """A fake checker that does its work at once, or fails."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure

    def of(self, chain_id: ChainId) -> Checker:
        return self

    async def run(self, stop: asyncio.Event, progress: Callable[[CheckingSummary], None]) -> CheckingSummary:
        if self.failure is not None:
            raise self.failure
        progress(DONE)
        await stop.wait()
        return DONE


async def test_a_stretch_ends_by_itself_and_says_what_was_done() -> None:
    environment = ActivityEnvironment()
    beats: list[object] = []
    environment.on_heartbeat = lambda *details: beats.append(details)
    assert await environment.run(Checking(Checker()).check_orders, ORDER) == DONE
    assert beats


async def test_a_chain_without_a_market_is_looked_at_again_later() -> None:
    with pytest.raises(ApplicationError) as failed:
        await ActivityEnvironment().run(Checking(Checker(NotFoundError("no market"))).check_orders, ORDER)
    assert not failed.value.non_retryable
    assert failed.value.next_retry_delay is not None
    assert failed.value.next_retry_delay.total_seconds() == REGISTERED_AGAIN
