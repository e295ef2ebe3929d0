"""The work after a commit: settle intents, nudge waiting flows, publish domain events, and signal the flows that read
metadata. None of it can undo the commit. The next sweep repeats what fails here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

from steadymint.domain.errors import SteadymintError
from steadymint.indexing.batch import Batch
from steadymint.indexing.telling.publish import Publisher
from steadymint.indexing.telling.refresh_signals import RefreshSignals
from steadymint.indexing.telling.settle import Settler

log = logging.getLogger(__name__)

SWEEP_EVERY: Final = 5.0
"""Seconds between two sweeps for unsettled sightings."""


class AfterCommit:
    """Does the work after the commits of one indexer. A part that is None is left out."""

    def __init__(
        self, settler: Settler | None, publisher: Publisher | None, signals: RefreshSignals | None = None
    ) -> None:
        self._settler = settler
        self._publisher = publisher
        self._signals = signals
        self._publishing: asyncio.Task[None] | None = None
        self._swept_at = float("-inf")

    async def run(self, batch: Batch, block: int) -> None:
        """Do the work after a batch of the newest blocks, with the checkpoint at `block`."""
        if self._settler is not None:
            if batch.sightings:
                await self._settler.run(block)
            else:
                await self._settler.nudge(block)
        if not batch.empty:
            self._publish()
        self._send_signals()

    def queued(self, contracts: Iterable[str]) -> None:
        """Note that the refresh queue has entries of these contracts. The next batch or sweep signals their flows."""
        if self._signals is not None:
            self._signals.add(contracts)

    async def sweep(self, block: int, *, now: bool = False) -> None:
        """Settle the sightings that an earlier attempt left unsettled, or whose flow could not be told."""
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
        self._send_signals()

    async def stop_publishing(self) -> None:
        """Stop the publisher before a rollback. It would otherwise mark blocks as published that the rollback
        replaces. The next sweep publishes again what was under way."""
        if self._publishing is not None:
            self._publishing.cancel()
            await asyncio.gather(self._publishing, return_exceptions=True)

    async def close(self) -> None:
        """Stop. The next indexer publishes the events that are under way."""
        await self.stop_publishing()
        if self._signals is not None:
            await self._signals.close()

    def _send_signals(self) -> None:
        if self._signals is not None:
            self._signals.send()

    def _publish(self) -> None:
        """Publish in a task beside the indexer, which does not wait for it."""
        if self._publisher is not None and (self._publishing is None or self._publishing.done()):
            self._publishing = asyncio.create_task(self._publisher.run(), name="domain events")
            self._publishing.add_done_callback(_log_failure)


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.warning("domain events were not published: %s", type(error).__name__)
