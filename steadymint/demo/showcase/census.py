"""What a storefront finds on a stack that was filled."""

from __future__ import annotations

from dataclasses import dataclass

from steadymint.demo.run import DemoRun
from steadymint.demo.showcase.filling import Filled
from steadymint_client import AsyncSteadymint

PAGE = 100


@dataclass(frozen=True, slots=True)
class Census:
    """Counts, by the catalog, of the collections of the showcase and of its fungible token."""

    collections: int
    tokens: int
    owners: int
    """Accounts that hold at least one token of any of the collections."""
    listings: int
    """Open ones; `offers` too."""
    offers: int
    sales: int
    holders: int
    """Of the fungible token."""


async def census(demo: DemoRun, client: AsyncSteadymint, filled: Filled) -> Census:
    """Counts what the catalog says now. Raises SteadymintError."""
    api, chain_id = client.api, demo.chain_id
    shown = [await api.get_stats(chain_id, contract) for contract in filled.contracts]
    owners = {
        owner.owner
        for contract in filled.contracts
        async for owner in client.items(api.list_owners, chain_id, contract, limit=PAGE)
    }
    orders = [
        order
        for contract in filled.contracts
        async for order in client.items(
            api.list_orders, chain_id=chain_id, contract=contract, status=["active"], limit=PAGE
        )
    ]
    coin = await api.get_fungible_token(chain_id, filled.coin)
    listings = sum(order.side == "listing" for order in orders)
    return Census(
        collections=len(shown),
        tokens=sum(one.items for one in shown),
        owners=len(owners),
        listings=listings,
        offers=len(orders) - listings,
        sales=sum(one.sales for one in shown),
        holders=coin.holders,
    )
