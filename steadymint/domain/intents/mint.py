"""The kind `mint`: tokens of one of our collections, under its public mint rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from steadymint.domain.counting import counted
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.record import Record
from steadymint.domain.types import Address, QuantityField, Standard, TokenId, TokenIdField, show_address


class MintItem(Record):
    """Units of one token id."""

    token_id: TokenIdField
    quantity: QuantityField


class MintTerms(Terms):
    """What is to be minted. ERC-721: `quantity`; ERC-1155: `items`."""

    contract: Address
    standard: Standard
    to: Address
    quantity: int | None = None
    items: tuple[MintItem, ...] = ()
    proof: tuple[str, ...] = ()

    def summary(self) -> str:
        what = str(self.quantity) if self.quantity else counted(len(self.items), "id")
        return f"Mint {what} of {show_address(self.contract)}"

    def collection(self) -> Address:
        return self.contract

    def total(self) -> int:
        """Tokens of an ERC-721 mint, units over all ids of an ERC-1155 mint: what the price is multiplied by."""
        return self.quantity if self.quantity is not None else sum(item.quantity for item in self.items)

    def ids(self) -> tuple[TokenId, ...]:
        """ERC-1155: the ids that it names."""
        return tuple(item.token_id for item in self.items)

    def facts(self, minter: Address) -> Facts:
        """What the collection must announce."""
        if self.quantity is not None:
            return facts_of_erc721(self.contract, minter, self.to, self.quantity)
        return facts_of_erc1155(self.contract, minter, self.to, {item.token_id: item.quantity for item in self.items})


class MintOrder(Order[Literal["mint"], MintTerms]):
    kind: Literal["mint"] = "mint"


def facts_of_erc721(contract: str, minter: str, recipient: str, quantity: int) -> Facts:
    """Only the chain gives the ids, so only their number is compared."""
    return {"contract": contract, "minter": minter, "recipient": recipient, "quantity": str(quantity)}


def facts_of_erc1155(contract: str, minter: str, recipient: str, quantities: Mapping[int, int]) -> Facts:
    """`quantities`: token id -> units, summed."""
    by_id = {str(token_id): str(units) for token_id, units in quantities.items()}
    return {"contract": contract, "minter": minter, "recipient": recipient, "quantities": by_id}
