"""The sweep is the last to find what lost its wake-up, so nothing ends it."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId
from steadymint.durable.refreshing import Refreshes
from steadymint.metadata.overdue import Overdue
from workers import metadata
from workers.metadata import sweep_overdue

FORGOTTEN = CollectionRef(chain_id=ChainId("eip155:1"), contract=Address("0x" + "ca" * 20))


class FakeOverdue:
    async def collections(self) -> list[CollectionRef]:
        return [FORGOTTEN]


class FakeRefreshes:
    """A client that fails in a way nobody has thought of, then works."""

    def __init__(self) -> None:
        self.failures: list[Exception] = [RuntimeError("the client is confused"), TypeError()]
        self.woken = asyncio.Event()

    async def wake(self, collection: CollectionRef) -> bool:
        if self.failures:
            raise self.failures.pop()
        self.woken.set()
        return True


async def test_a_round_that_fails_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "SWEEP_EVERY", 0.01)
    refreshes = FakeRefreshes()
    sweep = asyncio.create_task(sweep_overdue(cast(Overdue, FakeOverdue()), cast(Refreshes, refreshes)))
    try:
        async with asyncio.timeout(30):
            await refreshes.woken.wait()
    finally:
        sweep.cancel()
        await asyncio.gather(sweep, return_exceptions=True)
