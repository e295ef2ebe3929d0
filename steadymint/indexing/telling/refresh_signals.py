"""Signals to the flows that read metadata that their queue has entries. They are sent after the commit.

The rows of the queue are the request, and a signal only saves waiting. The metadata workers look for collections that
got no signal, so a signal that fails is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final, Protocol

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId

SIGNAL_EVERY: Final = 1.0
"""Seconds between two signals to one collection. Each signal is an event in the history of its flow, so not every block
sends one. But a user who has just minted waits for the picture."""
AT_ONCE: Final = 50
"""Signals that are sent in one round. The others are sent in the next."""


class Refreshes(Protocol):
    """The part of `steadymint.durable.refreshing.Refreshes` that is used here."""

    async def wake(self, collection: CollectionRef) -> bool: ...


class RefreshSignals:
    """The signals of one chain."""

    def __init__(self, refreshes: Refreshes, chain_id: ChainId) -> None:
        self._refreshes = refreshes
        self._chain_id = chain_id
        self._waiting: dict[str, None] = {}
        """Contracts whose signal is due, in the order in which they were added."""
        self._sent: dict[str, float] = {}
        """Contract -> the time of its last signal, on the loop's clock. Only recent ones are kept."""
        self._task: asyncio.Task[None] | None = None

    def add(self, contracts: Iterable[str]) -> None:
        """Note that entries of these contracts are in the queue."""
        self._waiting.update(dict.fromkeys(contracts))

    def send(self) -> None:
        """Send the signals that are due, in a task beside the indexer."""
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run(), name="refresh signals")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        now = asyncio.get_running_loop().time()
        self._sent = {contract: at for contract, at in self._sent.items() if now - at < SIGNAL_EVERY}
        for contract in [contract for contract in self._waiting if contract not in self._sent][:AT_ONCE]:
            del self._waiting[contract]
            self._sent[contract] = now
            await self._refreshes.wake(CollectionRef(chain_id=self._chain_id, contract=Address(contract)))
