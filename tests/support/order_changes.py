"""Orders whose changes are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from steadymint.domain.types import Address
from tests.support.catalog_rows import account
from tests.support.market import INACTIVE, MARKETPLACE, listing, put
from tests.support.traits import Drop


@dataclass
class Orders:
    """A collection with two tokens, and listings of them."""

    pool: asyncpg.Pool
    drop: Drop

    @classmethod
    async def of(cls, pool: asyncpg.Pool, number: int = 1, **given: Any) -> Orders:
        await pool.execute(
            "insert into catalog_service.marketplaces (id, slug, name) values ($1, 'elsewhere', 'Elsewhere')"
            " on conflict do nothing",
            MARKETPLACE,
        )
        return cls(pool, await Drop.of(pool, 2, number=number, **given))

    @property
    def contract(self) -> Address:
        return self.drop.row["contract_address"]

    async def list(self, maker: int = 1, **given: Any) -> UUID:
        (order,) = await put(self.pool, "orders", [listing(self.drop, 0, 3, maker=account(maker), **given)])
        return order

    async def change(self, order: UUID, *, active: bool = False) -> None:
        """Make the order inactive, or active again."""
        await self.pool.execute(
            "update catalog_service.orders set reasons = $2 where id = $1", order, [] if active else INACTIVE
        )
