"""The kind `collection`: a collection of our factory, at an address that is known in advance."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.record import Record
from steadymint.domain.texts import as_code
from steadymint.domain.types import Address, QuantityField, Standard, WeiField


class MintRules(Record):
    """The public mint of a collection. Prices in wei for one token; the window is [start, end)."""

    price: WeiField = Field(default=0, validate_default=True)
    limit_per_wallet: int = 0
    """Tokens one wallet may mint; 0 = no limit."""
    start_at: datetime | None = None
    end_at: datetime | None = None
    allowlist_root: str | None = None
    """Root of an OpenZeppelin StandardMerkleTree over ["address"]."""


class CollectionTerms(Terms):
    """What is to be created."""

    standard: Standard
    name: str
    symbol: str
    description: str | None = None
    contract_uri: str = ""
    base_uri: str = ""
    max_supply: QuantityField = Field(default=0, validate_default=True)
    """ERC-721: tokens in all; ERC-1155: units of each token id. 0 = no limit."""
    royalty_bps: int = 0
    royalty_receiver: Address
    payout_address: Address
    mint: MintRules = MintRules()

    def summary(self) -> str:
        return f"Create {self.standard} {as_code(self.name[:60])}"


class CollectionOrder(Order[Literal["collection"], CollectionTerms]):
    kind: Literal["collection"] = "collection"


def facts(contract: str, creator: str) -> Facts:
    """`contract`: the address that `prepare` has predicted. Sender and chain are part of it, so that nothing else need
    be compared but who sent the transaction."""
    return {"contract": contract, "creator": creator}
