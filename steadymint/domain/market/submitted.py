"""An order as somebody hands it in: its components, read once, and its signature."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.domain.market.components import OrderComponents
from steadymint.domain.market.hashing import order_hash
from steadymint.domain.market.sides import MarketOrder, read_order


@dataclass(frozen=True, slots=True)
class SubmittedOrder:
    """An order that the market understands. Whether it takes the order, `checks` says."""

    components: OrderComponents
    signature: bytes
    """Empty for an order that its maker validated on chain, and for one that is not signed yet."""
    read: MarketOrder
    hash: bytes
    """32 bytes."""

    @classmethod
    def of(cls, components: OrderComponents, signature: bytes = b"") -> SubmittedOrder:
        """Raises UnsupportedOrderError."""
        return cls(components, signature, read_order(components), order_hash(components))
