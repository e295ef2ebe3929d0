"""Importing foreign collections: what the contract is, its rows, and how far the indexer is with them."""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

from temporalio import activity

from steadymint.domain.errors import ImportAbandonedError
from steadymint.domain.importing import ImportOrder, ImportProgress, Inspection, Registered, RegisterOrder
from steadymint.durable.failures import activity_boundary

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at an import's row."""


class Importer(Protocol):
    """Chains and tables, as far as importing needs them."""

    async def inspect(self, order: ImportOrder) -> Inspection: ...

    async def register(self, given: RegisterOrder) -> Registered: ...

    async def progress(self, order: ImportOrder) -> ImportProgress | None: ...


class Importing:
    """The activities `inspect_contract`, `register_import` and `watch_import`."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer

    @activity.defn
    @activity_boundary
    async def inspect_contract(self, order: ImportOrder) -> Inspection:
        """What the contract says of itself. An import of it that has failed is shown as due, also if this is
        repeated."""
        return await self._importer.inspect(order)

    @activity.defn
    @activity_boundary
    async def register_import(self, given: RegisterOrder) -> Registered:
        """Make the rows that the chain's indexer picks up; the same again if it is repeated."""
        return await self._importer.register(given)

    @activity.defn
    @activity_boundary
    async def watch_import(self, order: ImportOrder) -> ImportProgress:
        """Wait until the indexer is done; heartbeats how far it is. The indexer does not depend on it."""
        while True:
            progress = await self._importer.progress(order)
            if progress is None:
                raise ImportAbandonedError
            activity.heartbeat(progress)
            if progress.status in ("done", "failed"):
                return progress
            await asyncio.sleep(LOOK_EVERY)
