"""The kind `purchase`: listings of the market are bought, those that can be filled, for a highest total."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from steadymint.domain.counting import counted
from steadymint.domain.intents.fills import ORDERS, FillOutcome
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.record import Record
from steadymint.domain.types import Address, Bytes32, Quantity, QuantityField


class PurchaseItem(Record):
    """Units of one listing."""

    order_hash: Bytes32
    quantity: QuantityField = Quantity(1)


class PurchaseTerms(Terms):
    """What is to be bought."""

    items: tuple[PurchaseItem, ...]
    max_total: str
    """The most that all of it may cost, in whole units of the listings' currency."""
    outcome: FillOutcome | None = None
    """Filled in by `prepare`."""

    def summary(self) -> str:
        return f"Buy {counted(len(self.items), 'order')} for {self.max_total} at most"

    def facts(self, seaport: Address, buyer: Address) -> Facts:
        """What Seaport must announce, about one of the orders at least. Raises ValueError before they are prepared."""
        if self.outcome is None:
            raise ValueError("a purchase that is not prepared states nothing")
        return facts(seaport, buyer, self.outcome.order_hashes)


class PurchaseOrder(Order[Literal["purchase"], PurchaseTerms]):
    kind: Literal["purchase"] = "purchase"


def facts(seaport: str, buyer: str, hashes: Iterable[Bytes32]) -> Facts:
    """`buyer` is whom the tokens go to."""
    return {"contract": seaport, "buyer": buyer, ORDERS: sorted(set(hashes))}
