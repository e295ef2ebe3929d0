"""A registered chain: its facts, its contracts, and the names under which contracts are registered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId

DEFAULT_CONFIRMATIONS: Final = 12
"""Used if a chain's `features_json` names no number. Every reorg of Ethereum since the merge was far shallower."""
DEFAULT_BLOCK_TIME: Final = 12.0
FACTORY: Final = "factory"
"""The name under which our collection factories are registered."""
TOKEN_FACTORY: Final = "token_factory"  # noqa: S105 - a name
"""The name under which our factories of fungible tokens are registered. A chain without one launches no tokens."""
SEAPORT: Final = "seaport"
"""The contract that fills orders. A chain without it has no market."""
CONDUIT_CONTROLLER: Final = "conduit_controller"
"""The contract that knows the conduit of each key that an order may name."""
CONDUIT: Final = "conduit"
"""The contract that moves tokens for Seaport once it is approved. Orders that we build name the newest."""
WRAPPED_NATIVE: Final = "wrapped_native"
"""The chain's own currency as an ERC-20, in which offers are made."""
CURRENCY: Final = "currency"
"""The role in the index of another ERC-20 that the rules of the market name. Its movements are followed, so that offers
in it are checked again. No contract is registered under it."""


class ChainContract(msgspec.Struct, frozen=True):
    """A row of `chain_contracts`."""

    name: str
    address: Address
    start_block: int
    """No earlier block holds a log of this contract."""
    standard: str | None = None
    abi_sha256: str | None = None


class GasPolicy(msgspec.Struct, frozen=True):
    """The fees that we suggest, in gwei. None leaves the choice to the wallet."""

    max_fee_gwei: Decimal | None = None
    priority_fee_gwei: Decimal | None = None
    multiplier: Decimal = Decimal(1)


class Chain(msgspec.Struct, frozen=True):
    """One chain of the registry, without its endpoints (see `ChainRegistry.endpoints`)."""

    chain_id: ChainId
    number: int
    name: str
    native_symbol: str
    decimals: int
    version: int
    explorer_url: str | None = None
    genesis_hash: str | None = None
    features: dict[str, Any] = {}
    contracts: tuple[ChainContract, ...] = ()
    gas_policy: GasPolicy = GasPolicy()

    @property
    def confirmations(self) -> int:
        """N: we treat a block as final when it is N blocks deep, the block itself included."""
        return int(self.features.get("confirmations", DEFAULT_CONFIRMATIONS))

    @property
    def block_time_seconds(self) -> float:
        """The usual time between two blocks."""
        return float(self.features.get("block_time_seconds", DEFAULT_BLOCK_TIME))

    @property
    def history_check(self) -> float:
        """The share of history that is checked against a second source, from 0 to 1."""
        return float(self.features.get("history_check", 1.0))

    def named(self, name: str) -> tuple[ChainContract, ...]:
        """All contracts of that name, the newest first. Old factories stay in use beside a new one."""
        found = [contract for contract in self.contracts if contract.name == name]
        return tuple(sorted(found, key=lambda contract: contract.start_block, reverse=True))

    def contract(self, name: str) -> ChainContract:
        """The newest contract of that name. Raises NotFoundError."""
        found = self.named(name)
        if not found:
            raise NotFoundError(f"{self.chain_id} has no contract named {name!r}")
        return found[0]

    def contract_at(self, address: Address) -> ChainContract | None:
        """The registered contract at `address`, if any."""
        return next((contract for contract in self.contracts if contract.address == address), None)
