"""What the catalog knows of a collection that matters to whoever mints there."""

from __future__ import annotations

import asyncpg

from steadymint.domain.collections import Mintable
from steadymint.domain.types import Address, ChainId, Standard

_MINTABLE = """
select standard, mint_price, base_uri, total_minted from catalog_service.collections
where chain_id = $1 and contract_address = $2 and source = 'factory'"""


class MintableCollections:
    """Only collections of our factories can be minted here."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def mintable(self, chain_id: ChainId, contract: Address) -> Mintable | None:
        """None if there is no such collection of our factory."""
        row = await self._pool.fetchrow(_MINTABLE, chain_id, contract)
        if row is None:
            return None
        return Mintable(
            standard=Standard(row["standard"]),
            price=int(row["mint_price"] or 0),
            base_uri=row["base_uri"] or "",
            next_id=int(row["total_minted"]) + 1,  # ids of our ERC-721 contract run from 1
        )
