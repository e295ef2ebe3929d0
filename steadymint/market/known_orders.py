"""Orders of the catalog by their hash, for those who cancel or fill them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import asyncpg

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.types import Bytes32, ChainId

_BY_HASH: Final = """
select order_hash, components from catalog_service.orders where chain_id = $1 and order_hash = any($2)"""


class KnownOrders:
    """The orders of all chains, whatever their status."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def orders_by_hash(self, chain_id: ChainId, hashes: Sequence[Bytes32]) -> dict[Bytes32, OrderComponents]:
        """What was signed, by hash. A hash that is not known is left out."""
        rows = await self._pool.fetch(_BY_HASH, chain_id, list(hashes))
        return {Bytes32(row["order_hash"]): OrderComponents.model_validate(row["components"]) for row in rows}
