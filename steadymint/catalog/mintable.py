"""Reads the catalog's facts of contracts that preparing needs."""

from __future__ import annotations

import asyncpg

from steadymint.catalog.reads.fungibles import fungible_exists
from steadymint.domain.collections import Mintable
from steadymint.domain.types import Address, ChainId, Standard

_MINTABLE = """
select standard, mint_price, base_uri, total_minted from catalog_service.collections
where chain_id = $1 and contract_address = $2 and source = 'factory'"""


class MintableCollections:
    """The collections in which a mint can be prepared: those of our factories."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def mintable(self, chain_id: ChainId, contract: Address) -> Mintable | None:
        """The facts of a collection; None if our factory has made no such collection."""
        row = await self._pool.fetchrow(_MINTABLE, chain_id, contract)
        if row is None:
            return None
        return Mintable(
            standard=Standard(row["standard"]),
            price=int(row["mint_price"] or 0),
            base_uri=row["base_uri"] or "",
            next_id=int(row["total_minted"]) + 1,  # ids of our ERC-721 contract run from 1
        )

    async def has_launched(self, chain_id: ChainId, contract: Address) -> bool:
        """Whether a token factory of ours has launched this fungible token."""
        return await fungible_exists(self._pool, chain_id, contract)
