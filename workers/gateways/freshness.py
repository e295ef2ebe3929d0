"""What changes rows of the catalog beside the indexer, and says so to the read cache once it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.catalog.cache import Freshness, bump_by_id
from steadymint.domain.refreshing import CollectionRef
from steadymint.metadata.settle import SettledCounts, Settlement, TraitWriterLike
from workers.gateways.metadata import CatalogRanks


class FreshSettlement(Settlement):
    """Outcomes of reading metadata: names, pictures, traits."""

    def __init__(self, pool: asyncpg.Pool, traits: TraitWriterLike, pages: Freshness) -> None:
        super().__init__(pool, traits)
        self._reads = pool
        self._pages = pages

    async def settle(self, collection_id: UUID, outcomes: Sequence[Any], at: datetime) -> SettledCounts:
        settled = await super().settle(collection_id, outcomes, at)
        await bump_by_id(self._pages, self._reads, [collection_id])
        return settled


class FreshRanks(CatalogRanks):
    """Ranks of a collection."""

    def __init__(self, pool: asyncpg.Pool, pages: Freshness) -> None:
        super().__init__(pool)
        self._pages = pages

    async def rank(self, collection: CollectionRef) -> None:
        await super().rank(collection)
        await self._pages.bump([(collection.chain_id, collection.contract)])
