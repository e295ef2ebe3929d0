"""The kind `sale`: an offer of the market is accepted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from steadymint.domain.counting import counted
from steadymint.domain.intents.fills import ORDERS, FillOutcome
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.types import Address, Bytes32, Quantity, QuantityField, TokenIdField


class SaleTerms(Terms):
    """What is to be sold."""

    order_hash: Bytes32
    """Of the offer."""
    token_id: TokenIdField | None = None
    """The token that is given. None for the one that the offer names."""
    quantity: QuantityField = Quantity(1)
    min_total: str | None = None
    """The least that it must bring after fees, in whole units of the offer's currency."""
    outcome: FillOutcome | None = None
    """Filled in by `prepare`."""

    def summary(self) -> str:
        what = counted(self.quantity, "unit") if self.token_id is None else f"token {self.token_id}"
        return f"Accept an offer with {what}"

    def facts(self, seaport: Address, seller: Address) -> Facts:
        """What Seaport must announce."""
        return facts(seaport, seller, (self.order_hash,))


class SaleOrder(Order[Literal["sale"], SaleTerms]):
    kind: Literal["sale"] = "sale"


def facts(seaport: str, seller: str, hashes: Iterable[Bytes32]) -> Facts:
    """`seller` is who fills the offer."""
    return {"contract": seaport, "seller": seller, ORDERS: sorted(set(hashes))}
