"""What a storefront finds on a stack that was filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steadymint.demo.client import ApiClient
from steadymint.demo.run import DemoRun
from steadymint.demo.showcase.filling import Filled

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


async def census(demo: DemoRun, client: ApiClient, filled: Filled) -> Census:
    """Counts what the catalog says now. Raises ProblemError."""
    shown = [
        await client.call("GET", f"/v1/collections/{demo.chain_id}/{contract}/stats") for contract in filled.contracts
    ]
    owners = {
        owner["owner"]
        for contract in filled.contracts
        for owner in await demo.pages(client, f"/v1/collections/{demo.chain_id}/{contract}/owners", PAGE)
    }
    coin = await client.call("GET", f"/v1/tokens-fungible/{demo.chain_id}/{filled.coin}")
    return Census(
        collections=len(shown),
        tokens=sum(one["items"] for one in shown),
        owners=len(owners),
        listings=await _open_orders(demo, client, filled.contracts, "listing"),
        offers=await _open_orders(demo, client, filled.contracts, "offer"),
        sales=sum(one["sales"] for one in shown),
        holders=coin["holders"],
    )


async def _open_orders(demo: DemoRun, client: ApiClient, contracts: Sequence[str], side: str) -> int:
    asked = {"chainId": demo.chain_id, "side": side, "status": "active"}
    return sum([len(await demo.pages(client, "/v1/orders", PAGE, contract=one, **asked)) for one in contracts])
