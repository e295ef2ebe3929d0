"""The read cache: pages of the catalog in Redis, under a version of what they are about.

Each collection has a version, each chain has one, and so has the catalog as a whole (lists across collections,
accounts, search). A page is kept under the versions that were read *before* the database was asked, and a writer calls
`bump` after its commit: `steadymint/live/versioned.py` says why no older page is found then. If a writer cannot reach
Redis, its pages stay for at most `LIFE` seconds. The versions are not in Postgres, because reading them there would
cost as much as most pages.

With Redis down, flushed or slow, every read goes to Postgres.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from prometheus_client import Counter
from redis.asyncio import Redis

from steadymint.domain.types import Address, ChainId
from steadymint.live.versioned import Look, Question, Versioned

LIFE: Final = 10
"""Seconds for which a page is kept. It bounds staleness if a writer could not bump."""
VERSION_LIFE: Final = 86_400
"""Seconds for which a version is kept, longer than any page."""
LARGEST: Final = 256 * 1024
"""Bytes of the largest page that is kept. A hundred tokens make some 60 KiB."""

LOOKS: Final = Counter("steadymint_catalog_cache_total", "Looks into the catalog's read cache.", ["result"])

Named = tuple[ChainId, Address]


class Freshness(Protocol):
    """The part of the cache that writers of catalog rows use."""

    async def bump(self, collections: Iterable[Named]) -> bool: ...

    async def bump_chain(self, chain_id: ChainId) -> bool: ...


class CatalogCache:
    """The read cache. Share one per process. It never raises for Redis."""

    def __init__(self, redis: Redis | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._pages = Versioned(redis, "pages of the catalog", version_life=VERSION_LIFE, clock=clock)

    async def look(self, about: Named | None, page: str) -> Look:
        """Look up the page of that name, about one collection or (None) about several. Call it before the database is
        asked."""
        versions = (_EVERYTHING,) if about is None else (_of_chain(about[0]), _of_collection(*about))
        (look,) = await self._pages.look([Question(f"catalog:page:{page}", versions)])
        LOOKS.labels("unavailable" if look.key is None else "miss" if look.answer is None else "hit").inc()
        return look

    async def keep(self, look: Look, page: bytes) -> None:
        """Keep a page that was read from the database after `look`."""
        if look.key is not None and len(page) <= LARGEST:
            await self._pages.keep({look.key: page}, LIFE)

    async def bump(self, collections: Iterable[Named]) -> bool:
        """Drop every page about these collections, and those about several collections. Call it after the commit.

        Returns False if Redis did not answer. Such pages then stay for up to `LIFE` seconds.
        """
        versions = versions_of(collections)
        return not versions or await self._pages.forget(versions)

    async def bump_chain(self, chain_id: ChainId) -> bool:
        """Drop every page about collections of a chain, after a rollback or a long backfill."""
        return await self._pages.forget([_of_chain(chain_id), _EVERYTHING])


_EVERYTHING: Final = "catalog:version:all"


def versions_of(collections: Iterable[Named]) -> list[str]:
    """The keys of the versions that `bump` deletes, for a writer that has Redis delete them with something else."""
    named = set(collections)
    return [*(_of_collection(*one) for one in named), _EVERYTHING] if named else []


def _of_chain(chain_id: ChainId) -> str:
    return f"catalog:version:{chain_id}"


def _of_collection(chain_id: ChainId, contract: Address) -> str:
    return f"catalog:version:{chain_id}:{contract}"
