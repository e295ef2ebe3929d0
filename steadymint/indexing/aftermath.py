"""What follows a commit: intents are settled, waiters nudged, domain events told, flows woken that read metadata. None
of it can undo the commit, and what fails here is done by the next sweep."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.publish import Publisher
from steadymint.indexing.rows import Batch
from steadymint.indexing.settle import Settler
from steadymint.indexing.wakes import Wakes

log = logging.getLogger(__name__)

SWEEP_EVERY: Final = 5.0
"""Seconds between two looks for sightings that were left unsettled."""


class Aftermath:
    """Of one indexer. Without a settler, a publisher or wakes their part is left out."""

    def __init__(self, settler: Settler | None, publisher: Publisher | None, wakes: Wakes | None = None) -> None:
        self._settler = settler
        self._publisher = publisher
        self._wakes = wakes
        self._publishing: asyncio.Task[None] | None = None
        self._swept_at = float("-inf")

    async def of(self, batch: Batch, block: int) -> None:
        """After a batch of the newest blocks, the checkpoint now being at `block`."""
        if self._settler is not None:
            if batch.sightings:
                await self._settler.run(block)
            else:
                await self._settler.nudge(block)
        if not batch.empty:
            self._publish()
        self._wake()

    def queued(self, contracts: Iterable[str]) -> None:
        """The queue of metadata holds something of these: their flows are woken with the next batch or sweep."""
        if self._wakes is not None:
            self._wakes.note(contracts)

    async def sweep(self, block: int, *, now: bool = False) -> None:
        """Settle what an earlier attempt, or a flow that could not be told, has left behind."""
        clock = asyncio.get_running_loop().time()
        if not now and clock - self._swept_at < SWEEP_EVERY:
            return
        self._swept_at = clock
        if self._settler is not None:
            try:
                await self._settler.run(block)
            except SteadymintError as error:
                log.warning("sightings stay unsettled: %s", error.code)
        self._publish()
        self._wake()

    async def hush(self) -> None:
        """Tell nothing more of the blocks as they are. What was being told is told again by the next sweep: a publisher
        that ended beside a rollback would note blocks as told that are others by then."""
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.gather(self._publishing, return_exceptions=True)

    async def close(self) -> None:
        """Events that are being told are told by the next attempt."""
        await self.hush()
        if self._wakes is not None:
            await self._wakes.close()

    def _wake(self) -> None:
        if self._wakes is not None:
            self._wakes.start()

    def _publish(self) -> None:
        """Domain events are for others and never hold the indexer up."""
        if self._publisher is not None and (self._publishing is None or self._publishing.done()):
            self._publishing = asyncio.create_task(self._publisher.run(), name="domain events")
            self._publishing.add_done_callback(_log_failure)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("domain events were not told: %s", type(error).__name__)
