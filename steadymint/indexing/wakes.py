"""Flows that read metadata are told that there is some, after the commit that queued it and never before.

Best effort: the rows of the queue are the request, and the metadata workers look for collections that nobody was told
about. So a wake that fails is forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final, Protocol

from steadymint.domain.refreshing import CollectionRef
from steadymint.domain.types import Address, ChainId

WAKE_EVERY: Final = 1.0
"""Seconds between two wakes of one collection, however many of its blocks come in between: each wake is a signal in the
history of its flow. No more, since whoever has just minted is waiting to see the picture."""
AT_ONCE: Final = 50
"""Collections woken in one go; a chain whose every block brings many waits for the next."""


class Refreshes(Protocol):
    """What is used of `steadymint.durable.refreshing.Refreshes`."""

    async def wake(self, collection: CollectionRef) -> bool: ...


class Wakes:
    """Of one chain."""

    def __init__(self, refreshes: Refreshes, chain_id: ChainId) -> None:
        self._refreshes = refreshes
        self._chain_id = chain_id
        self._waiting: dict[str, None] = {}
        """Contracts, in the order they were noted."""
        self._woken: dict[str, float] = {}
        """Contract -> when, on the loop's clock; those woken long ago are left out."""
        self._task: asyncio.Task[None] | None = None

    def note(self, contracts: Iterable[str]) -> None:
        """The queue holds something of these."""
        self._waiting.update(dict.fromkeys(contracts))

    def start(self) -> None:
        """Wake, beside the indexer, whoever is due."""
        if self._waiting and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run(), name="wakes")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        now = asyncio.get_running_loop().time()
        self._woken = {contract: at for contract, at in self._woken.items() if now - at < WAKE_EVERY}
        for contract in [contract for contract in self._waiting if contract not in self._woken][:AT_ONCE]:
            del self._waiting[contract]
            self._woken[contract] = now
            await self._refreshes.wake(CollectionRef(chain_id=self._chain_id, contract=Address(contract)))
