"""The contract of a collection that is named by its slug."""

from __future__ import annotations

from typing import Final

import asyncpg

from steadymint.domain.errors import UnknownCollectionError
from steadymint.domain.slugs import ContractName, address_in
from steadymint.domain.types import Address, ChainId

_CONTRACT: Final = "SELECT contract_address FROM catalog_service.collections WHERE slug = $2 AND chain_id = $1"


async def contract_of(pool: asyncpg.Pool, chain_id: ChainId, name: ContractName) -> Address | None:
    """The address: the given one as it is, or that of the collection with the slug. None if the chain has no
    collection with it."""
    address = address_in(name)
    return address if address is not None else await pool.fetchval(_CONTRACT, chain_id, name)


async def named_contract(pool: asyncpg.Pool, chain_id: ChainId, name: ContractName) -> Address:
    """The same. Raises UnknownCollectionError for a slug that no collection of the chain has."""
    found = await contract_of(pool, chain_id, name)
    if found is None:
        raise UnknownCollectionError(f"No collection of {chain_id} has the slug {name}", chainId=chain_id)
    return found
