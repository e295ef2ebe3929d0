"""The read cache: pages of the catalog in Redis, under a version of what they are about.

Each collection has a version, each chain has one, and so has the catalog as a whole (lists across collections,
accounts, search). A page is kept under the versions that were read *before* the database was asked. So it may be older
than its versions, but never newer. A writer calls `bump` after its commit, which deletes the versions. The next reader
makes new ones, and no page under an old version is found again. The same holds if a reader that began before the commit
keeps its page, or if Redis loses a version.

A version is random and no counter: if Redis evicted a counter, it would start again at a number under which pages are
still kept. It is not in Postgres, because reading it there would cost as much as most pages. If a writer commits and
then dies, or cannot reach Redis, its pages stay for at most `LIFE` seconds.

With Redis down, flushed or slow, every read goes to Postgres.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, cast

import structlog
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from steadymint.domain.types import Address, ChainId

LIFE: Final = 10
"""Seconds for which a page is kept. It bounds staleness if a writer could not bump."""
VERSION_LIFE: Final = 86_400
"""Seconds for which a version is kept, longer than any page."""
LARGEST: Final = 256 * 1024
"""Bytes of the largest page that is kept. A hundred tokens make some 60 KiB."""
PATIENCE: Final = 1.0
"""Seconds that a writer waits for Redis."""
REST: Final = 5.0
"""Seconds for which Redis is not asked after a failure, so that not every read waits for it."""
BUMPED_AT_ONCE: Final = 500
"""Keys of one command. A batch of a backfill may touch thousands of collections."""

LOOKS: Final = Counter("steadymint_catalog_cache_total", "Looks into the catalog's read cache.", ["result"])

_log = structlog.get_logger(__name__)

# KEYS: the keys of the versions. ARGV: a new version, its life, the page's name. Returns the page and its key.
_LOOK: Final = """
local key = 'catalog:page:' .. ARGV[3]
for _, name in ipairs(KEYS) do
    key = key .. ':' .. (redis.call('SET', name, ARGV[1], 'NX', 'EX', ARGV[2], 'GET') or ARGV[1])
end
return {key, redis.call('GET', key)}
"""

Named = tuple[ChainId, Address]


class Freshness(Protocol):
    """The part of the cache that writers of catalog rows use."""

    async def bump(self, collections: Iterable[Named]) -> bool: ...

    async def bump_chain(self, chain_id: ChainId) -> bool: ...


@dataclass(frozen=True, slots=True)
class Look:
    """The result of a look-up: the page, and the key for a new page. `key` is None while there is no cache."""

    page: bytes | None
    key: str | None = None


class CatalogCache:
    """The read cache. Share one per process. It never raises for Redis."""

    def __init__(self, redis: Redis | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._script = redis.register_script(_LOOK) if redis is not None else None
        self._clock = clock
        self._rests_until = float("-inf")

    async def look(self, about: Named | None, page: str) -> Look:
        """Look up the page of that name, about one collection or (None) about several. Call it before the database is
        asked."""
        if self._script is None or self._clock() < self._rests_until:
            return Look(None)
        keys = [_EVERYTHING] if about is None else [_of_chain(about[0]), _of_collection(*about)]
        arguments = (secrets.token_hex(8), VERSION_LIFE, page)
        try:
            found = cast("list[bytes | None]", await self._script(keys=keys, args=arguments))
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)
            return Look(None)
        key, kept = found
        assert key is not None
        LOOKS.labels("hit" if kept is not None else "miss").inc()
        return Look(kept, key.decode())

    async def keep(self, look: Look, page: bytes) -> None:
        """Keep a page that was read from the database after `look`."""
        if self._redis is None or look.key is None or len(page) > LARGEST:
            return
        try:
            await self._redis.set(look.key, page, ex=LIFE)
        except (RedisError, OSError, TimeoutError) as error:
            self._rest(error)

    async def bump(self, collections: Iterable[Named]) -> bool:
        """Drop every page about these collections, and those about several collections. Call it after the commit.

        Returns False if Redis did not answer. Such pages then stay for up to `LIFE` seconds.
        """
        keys = [_of_collection(*named) for named in set(collections)]
        return not keys or await self._forget([*keys, _EVERYTHING])

    async def bump_chain(self, chain_id: ChainId) -> bool:
        """Drop every page about collections of a chain, after a rollback or a long backfill."""
        return await self._forget([_of_chain(chain_id), _EVERYTHING])

    async def _forget(self, keys: list[str]) -> bool:
        if self._redis is None:
            return True
        try:
            async with asyncio.timeout(PATIENCE):
                for first in range(0, len(keys), BUMPED_AT_ONCE):
                    await self._redis.unlink(*keys[first : first + BUMPED_AT_ONCE])
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("catalog_pages_not_forgotten", error=type(error).__name__, keys=len(keys))
            return False
        return True

    def _rest(self, error: Exception) -> None:
        LOOKS.labels("unavailable").inc()
        _log.warning("catalog_cache_unavailable", error=type(error).__name__)
        self._rests_until = self._clock() + REST


_EVERYTHING: Final = "catalog:version:all"


def _of_chain(chain_id: ChainId) -> str:
    return f"catalog:version:{chain_id}"


def _of_collection(chain_id: ChainId, contract: Address) -> str:
    return f"catalog:version:{chain_id}:{contract}"
