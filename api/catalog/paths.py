"""The path parameters of the catalog."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from api.contracts import contract_on
from api.root import ServicesDep
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
    return await contract_on(services, chain_id, contract)


ContractPath = Annotated[Address, Depends(_contract)]
"""The address of the collection that the path names by address or by slug."""
