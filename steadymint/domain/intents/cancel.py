"""The kind `cancel`: a maker takes orders of the market back, some of them or all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from steadymint.domain.counting import counted
from steadymint.domain.intents.identity import Facts
from steadymint.domain.intents.order import Order, Terms
from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.types import Address, Bytes32

ALL_ORDERS: Final = "all"
"""In the facts, in place of hashes."""
MAX_ORDERS: Final = 50
"""As many as a sweep may buy."""
MAX_ITEMS: Final = 300
"""Of all orders. The flow's history holds each of them twice, and Temporal is to take less than 256 KiB at once."""


def items_of(orders: Iterable[OrderComponents]) -> int:
    """What the orders give and ask for, counted."""
    return sum(len(order.offer) + len(order.consideration) for order in orders)


class CancelTerms(Terms):
    """What is to be cancelled: these orders, or all by raising the maker's counter."""

    orders: tuple[OrderComponents, ...] = ()
    order_hashes: tuple[Bytes32, ...] = ()
    """Orders of the catalog in place of `orders`, which `prepare` fills in."""
    all_orders: bool = False

    def summary(self) -> str:
        if self.all_orders:
            return "Cancel all orders"
        return f"Cancel {counted(len(self.orders) + len(self.order_hashes), 'order')}"

    def hashes(self) -> tuple[Bytes32, ...]:
        """Of `orders`, in their order."""
        return tuple(Bytes32("0x" + order_hash(order).hex()) for order in self.orders)

    def facts(self, seaport: Address, maker: Address) -> Facts:
        """What Seaport must announce."""
        return facts_of_all(seaport, maker) if self.all_orders else facts_of_orders(seaport, maker, self.hashes())


class CancelOrder(Order[Literal["cancel"], CancelTerms]):
    kind: Literal["cancel"] = "cancel"


def facts_of_orders(seaport: str, maker: str, hashes: Iterable[Bytes32]) -> Facts:
    """Of some orders."""
    return {"contract": seaport, "maker": maker, "orders": sorted(hashes)}


def facts_of_all(seaport: str, maker: str) -> Facts:
    """Of all orders that the maker has signed so far. The new counter is not known before."""
    return {"contract": seaport, "maker": maker, "orders": ALL_ORDERS}
