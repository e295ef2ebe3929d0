"""What follows a commit: intents are settled, waiters nudged, domain events told. None of it can undo the commit, and
what fails here is done by the next sweep."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.publish import Publisher
from steadymint.indexing.rows import Batch
from steadymint.indexing.settle import Settler

log = logging.getLogger(__name__)

SWEEP_EVERY: Final = 5.0
"""Seconds between two looks for sightings that were left unsettled."""


class Aftermath:
    """Of one indexer. Without a settler or a publisher their part is left out."""

    def __init__(self, settler: Settler | None, publisher: Publisher | None) -> None:
        self._settler = settler
        self._publisher = publisher
        self._publishing: asyncio.Task[bool] | None = None
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

    async def close(self) -> None:
        """Events that are being told are told by the next attempt."""
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.gather(self._publishing, return_exceptions=True)

    def _publish(self) -> None:
        """Domain events are for others and never hold the indexer up."""
        if self._publisher is not None and (self._publishing is None or self._publishing.done()):
            self._publishing = asyncio.create_task(self._publisher.run(), name="domain events")
            self._publishing.add_done_callback(_log_failure)


def _log_failure(task: asyncio.Task[bool]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("domain events were not told: %s", type(error).__name__)
