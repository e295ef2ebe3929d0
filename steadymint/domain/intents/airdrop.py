"""The kind `airdrop`: tokens of one of our collections, given to many in one transaction by its owner."""

from __future__ import annotations

from typing import Literal

from eth_abi.abi import encode
from eth_utils.crypto import keccak

from steadymint.domain.counting import counted
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.record import Record
from steadymint.domain.types import Address, Bytes32, QuantityField, Standard, TokenId, TokenIdField, show_address


class Gift(Record):
    """What one receiver gets."""

    to: Address
    quantity: QuantityField
    token_id: TokenIdField | None = None
    """ERC-1155 only; the ids of an ERC-721 are given by the chain."""


class AirdropTerms(Terms):
    """What is to be given, in the order of the transaction. A receiver may be named more than once."""

    contract: Address
    standard: Standard
    gifts: tuple[Gift, ...]

    def summary(self) -> str:
        return f"Airdrop {self.total()} of {show_address(self.contract)} to {counted(len(self.gifts), 'recipient')}"

    def collection(self) -> Address:
        return self.contract

    def total(self) -> int:
        """Tokens of an ERC-721, units over all ids of an ERC-1155."""
        return sum(gift.quantity for gift in self.gifts)

    def ids(self) -> tuple[TokenId, ...]:
        """ERC-1155: the ids that it names, each once, in order."""
        return tuple(sorted({gift.token_id for gift in self.gifts if gift.token_id is not None}))

    def facts(self, minter: Address) -> Facts:
        """What the collection must announce."""
        return facts(self.contract, minter, self._entries(), self.total())

    def _entries(self) -> Bytes32:
        """The hash of the lists that the contract is called with."""
        receivers, quantities = [gift.to for gift in self.gifts], [gift.quantity for gift in self.gifts]
        if self.standard is Standard.ERC721:
            lists = encode(["address[]", "uint256[]"], [receivers, quantities])
        else:
            ids = [gift.token_id for gift in self.gifts]
            lists = encode(["address[]", "uint256[]", "uint256[]"], [receivers, ids, quantities])
        return Bytes32("0x" + keccak(lists).hex())


class AirdropOrder(Order[Literal["airdrop"], AirdropTerms]):
    kind: Literal["airdrop"] = "airdrop"


def facts(contract: str, minter: str, entries: Bytes32, quantity: int) -> Facts:
    """`entries` stands for every receiver, id and quantity, and for their order."""
    return {"contract": contract, "minter": minter, "entries": entries, "quantity": str(quantity)}
