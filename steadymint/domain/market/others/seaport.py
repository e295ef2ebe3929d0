"""Seaport 1.1 to 1.5. Their fills have the event of 1.6, and so do the matches of 1.2 and later.

Seaport 1.1 has no `OrdersMatched`. The fills of its `matchOrders` name no recipient, and stand right behind each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Final

from steadymint.domain.market.events import Fulfilled, Matched
from steadymint.domain.market.sales import Sale, sales_of
from steadymint.domain.types import ZERO_ADDRESS, Address

ROLE_1_1: Final = "seaport_1_1"
EARLIER_ROLES: Final = ("seaport_1_2", "seaport_1_3", "seaport_1_4", "seaport_1_5")
"""Roles of the contracts whose events are read like those of 1.6. Their orders are not ours."""


def sales_of_1_1(fills: Iterable[tuple[int, Fulfilled]], royalty_receivers: Collection[Address] = ()) -> list[Sale]:
    """The sales of one transaction on Seaport 1.1, from its fills with their log indices, in the order of their logs.

    What an order offers and no other one takes stays with its maker, so a sale without a seller or a buyer is none.
    """
    sales = sales_of(_with_matches(fills), royalty_receivers)
    return [sale for sale in sales if ZERO_ADDRESS not in (sale.seller, sale.buyer)]


def _with_matches(fills: Iterable[tuple[int, Fulfilled]]) -> Iterable[Fulfilled | Matched]:
    """The fills, with the event that is missing after those that were matched."""
    numbered = enumerate(fills)
    runs = groupby(numbered, key=lambda one: (one[1][1].recipient == ZERO_ADDRESS, one[1][0] - one[0]))
    for (is_match, _), run in runs:
        together = [fill for _, (_, fill) in run]
        yield from together
        if is_match:
            yield Matched(tuple(fill.order_hash for fill in together))
