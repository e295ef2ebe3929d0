"""The contract that a request names by address or by slug."""

from __future__ import annotations

from api.root import Services
from steadymint.catalog.contracts import contract_of
from steadymint.domain.errors import NotFoundError
from steadymint.domain.slugs import ContractName
from steadymint.domain.types import Address, ChainId


async def contract_on(services: Services, chain_id: ChainId, name: ContractName) -> Address:
    """Raises NotFoundError for a slug that no collection of the chain has."""
    found = await contract_of(services.pool, chain_id, name)
    if found is None:
        raise NotFoundError("The catalog has no such collection")
    return found


async def contract_asked(services: Services, chain_id: ChainId | None, name: ContractName | None) -> Address | None:
    """Of a query that need not name one; None unless it names both. Raises NotFoundError."""
    return None if chain_id is None or name is None else await contract_on(services, chain_id, name)
