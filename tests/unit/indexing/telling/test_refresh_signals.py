"""The flow that reads a collection's metadata gets a signal after the commit, and not for every block."""

from __future__ import annotations

import asyncio

import pytest

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import ChainId
from steadymint.indexing.telling import refresh_signals
from steadymint.indexing.telling.refresh_signals import RefreshSignals
from tests.support.indexing import Driver, Index, fetch

CHAIN = ChainId("eip155:31337")
CATS, DOGS = "0x" + "ca" * 20, "0x" + "d0" * 20


class FakeRefreshes:
    """Remembers who was woken, and what the queue held at that moment. Stands in for Temporal."""

    def __init__(self, dsn: str = "") -> None:
        self._dsn = dsn
        self.woken: list[str] = []
        self.queued: list[int] = []
        self.told = asyncio.Event()

    async def wake(self, collection: CollectionRef) -> bool:
        if self._dsn:
            self.queued.append(len(await fetch(self._dsn, "select from catalog_service.metadata_queue")))
        self.woken.append(collection.contract)
        self.told.set()
        return False  # an outage of Temporal, which changes nothing here


async def test_one_wake_for_many_blocks_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    refreshes = FakeRefreshes()
    signals = RefreshSignals(refreshes, CHAIN)
    for contracts in ([CATS], [CATS, DOGS], [CATS]):
        signals.add(contracts)
    signals.send()
    await asyncio.sleep(0.01)
    assert refreshes.woken == [CATS, DOGS]

    signals.add([CATS])  # again, a moment later
    signals.send()
    await asyncio.sleep(0.01)
    assert refreshes.woken == [CATS, DOGS]

    monkeypatch.setattr(refresh_signals, "SIGNAL_EVERY", 0.0)
    signals.send()
    await asyncio.sleep(0.01)
    assert refreshes.woken == [CATS, DOGS, CATS]
    await signals.close()


async def test_who_is_woken_finds_the_entries_committed(driver: Driver, index: Index) -> None:
    refreshes = FakeRefreshes(index.dsn)
    cats = await driver.create(0)
    await driver.mint(cats, 3)
    await driver.anvil.mine(1)
    stop = asyncio.Event()
    index.options["signals"] = RefreshSignals(refreshes, CHAIN)

    async with index.indexer() as indexer:
        running = asyncio.ensure_future(indexer.run(stop))
        async with asyncio.timeout(30):
            await refreshes.told.wait()
        stop.set()
        await running

    assert refreshes.woken == [cats]
    assert refreshes.queued == [4]  # three tokens, and the collection's own document
