"""Ranking a collection once its traits are read."""

from __future__ import annotations

import asyncpg

from steadymint.catalog.cache import Freshness
from steadymint.catalog.ranking import Ranking
from steadymint.domain.refreshing import CollectionRef
from steadymint.metadata.entries import Entries


class CollectionRanks:
    """Ranks collections, and has pages that show them read anew."""

    def __init__(self, pool: asyncpg.Pool, pages: Freshness) -> None:
        self._entries = Entries(pool)
        self._ranking = Ranking(pool)
        self._pages = pages

    async def rank(self, collection: CollectionRef) -> None:
        """Nothing where the catalog does not know the collection."""
        target = await self._entries.target(collection)
        if target is not None:
            await self._ranking.rank(target.id)
        await self._pages.bump([(collection.chain_id, collection.contract)])
