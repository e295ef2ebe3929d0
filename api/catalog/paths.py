"""The path parameters of the catalog."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from api.root import ServicesDep
from steadymint.catalog.contracts import contract_of
from steadymint.domain.errors import NotFoundError
from steadymint.domain.slugs import ContractField
from steadymint.domain.types import Address, AddressField, ChainIdField, TokenIdField

ChainIdPath = Annotated[ChainIdField, Path(alias="chainId", description="CAIP-2.")]
AccountPath = Annotated[AddressField, Path(alias="address", description="In any valid casing.")]
TokenIdPath = Annotated[TokenIdField, Path(alias="tokenId", description="Decimal, below 2^256.")]


async def _contract(
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: Annotated[
        ContractField,
        Path(description="The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug."),
    ],
) -> Address:
    found = await contract_of(services.pool, chain_id, contract)
    if found is None:
        raise NotFoundError("The catalog has no such collection")
    return found


ContractPath = Annotated[Address, Depends(_contract)]
"""The address of the collection that the path names by address or by slug."""
