"""The path parameters of the catalog."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from steadymint.domain.types import AddressField, ChainIdField, TokenIdField

ChainIdPath = Annotated[ChainIdField, Path(alias="chainId", description="CAIP-2.")]
ContractPath = Annotated[AddressField, Path(description="In any valid casing; a wrong EIP-55 checksum is refused.")]
AccountPath = Annotated[AddressField, Path(alias="address", description="In any valid casing.")]
TokenIdPath = Annotated[TokenIdField, Path(alias="tokenId", description="Decimal, below 2^256.")]
