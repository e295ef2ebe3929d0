"""Which contracts are collections of the catalog, remembered for a short time: each order that comes in asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address, ChainId

LIFE: Final = 60.0
"""Seconds for which a collection is remembered. If it leaves the catalog meanwhile, the foreign key of `orders` refuses
an order about it; then it is looked up again."""
MOST: Final = 10_000
"""Collections that are remembered, some 3 MB."""

_FIND: Final = """
select contract_address, id from catalog_service.collections where chain_id = $1 and contract_address = any($2)"""

_Key = tuple[ChainId, Address]


class KnownCollections:
    """The collections of all chains. Share one per process. A contract that is none is asked about each time: it may be
    imported at any moment."""

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._known: dict[_Key, tuple[UUID, float]] = {}

    async def at(self, chain_id: ChainId, contracts: Iterable[Address]) -> dict[Address, UUID]:
        """The collections of the catalog at these addresses. Asks Postgres only about those that it does not
        remember."""
        now = self._clock()
        found: dict[Address, UUID] = {}
        unknown: list[Address] = []
        for contract in set(contracts):
            id_, until = self._known.get((chain_id, contract), (None, 0.0))
            if id_ is not None and now < until:
                found[contract] = id_
            else:
                unknown.append(contract)
        if unknown:
            rows = await self._pool.fetch(_FIND, chain_id, unknown)
            for row in rows:
                self._remember((chain_id, row["contract_address"]), row["id"], now + LIFE)
            found |= {row["contract_address"]: row["id"] for row in rows}
        return found

    def forget(self) -> None:
        """Look all of them up again."""
        self._known.clear()

    def _remember(self, key: _Key, id_: UUID, until: float) -> None:
        self._known.pop(key, None)
        if len(self._known) >= MOST:
            self._known.pop(next(iter(self._known)))  # the one that was looked up longest ago
        self._known[key] = (id_, until)
