"""The kind `launch`: a fungible token of our factory, at an address that is known in advance."""

from __future__ import annotations

from typing import Final, Literal

from eth_abi.abi import encode
from eth_utils.crypto import keccak
from pydantic import Field

from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.media import MediaId
from steadymint.domain.texts import as_code
from steadymint.domain.types import ZERO_ADDRESS, Address, Bytes32, Uint256Field

INIT_TYPE: Final = "(address,address,string,string,uint8,uint256,uint256,bool,bool,string)"
"""`TokenInit` of the contracts: owner, recipient, name, symbol, decimals, supply, cap, burnable, permit, URI."""
MAX_DECIMALS: Final = 36
"""The contract refuses more."""


class LaunchTerms(Terms):
    """What is to be launched. Amounts are in the token's smallest unit."""

    name: str
    symbol: str
    decimals: int
    supply: Uint256Field
    """Minted at launch."""
    recipient: Address
    """Of the supply."""
    mint_once: bool
    """The token has no owner, and nobody ever mints more."""
    cap: Uint256Field = Field(default=0, validate_default=True)
    """The total supply is never above it; 0 = no cap."""
    burnable: bool
    permit: bool
    """EIP-2612."""
    description: str | None = None
    icon: MediaId | None = None
    contract_uri: str = ""

    def summary(self) -> str:
        return f"Launch the token {as_code(self.name[:60])}"

    def owner(self, creator: Address) -> Address:
        return ZERO_ADDRESS if self.mint_once else creator

    def facts(self, contract: Address, creator: Address) -> Facts:
        """What the factory must announce. `contract`: the address that `prepare` has predicted."""
        init = encode(
            [INIT_TYPE],
            [
                (
                    self.owner(creator),
                    self.recipient,
                    self.name,
                    self.symbol,
                    self.decimals,
                    self.supply,
                    self.cap,
                    self.burnable,
                    self.permit,
                    self.contract_uri,
                )
            ],
        )
        return facts(contract, creator, init)


class LaunchOrder(Order[Literal["launch"], LaunchTerms]):
    kind: Literal["launch"] = "launch"


def facts(contract: str, creator: str, init: bytes) -> Facts:
    """`init`: the ABI encoding of `TokenInit`, whose hash stands for all that the token is born with."""
    return {"contract": contract, "creator": creator, "init": Bytes32("0x" + keccak(init).hex())}
