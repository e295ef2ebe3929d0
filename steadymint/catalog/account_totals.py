"""What a user owns and trades: the sums over the accounts that the user has linked.

The rows that are summed are kept in the transactions that change them: `collection_owners` by the projection,
`account_stats` by triggers of listings and sales.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import asyncpg

from steadymint.catalog.reads.query import VISIBLE
from steadymint.domain.types import Address, ChainId

_THERE: Final = "(a.chain_id is null or {0}.chain_id = a.chain_id)"
_TOTALS: Final = f"""
with given as (
    select distinct * from unnest($1::text[], $2::text[]) a (account, chain_id)
), accounts as (
    select * from given a
    where a.chain_id is null
        or not exists (select from given every where every.account = a.account and every.chain_id is null)
)
select (
    select count(*) from accounts a join catalog_service.collections c
    on c.creator = a.account and {_THERE.format("c")} and {VISIBLE}
) as collections, (
    select coalesce(sum(o.quantity), 0) from accounts a
    join catalog_service.accounts n on n.address = catalog_service.raw_address(a.account)
    join catalog_service.holders o on o.owner = n.no
    join catalog_service.collections c on c.no = o.collection and {_THERE.format("c")} and {VISIBLE}
) as items, coalesce(sum(s.listings_count), 0) as listings, coalesce(sum(s.sales_count), 0) as sales,
    coalesce(sum(s.purchases_count), 0) as purchases, coalesce(sum(s.volume_sold), 0) as volume_sold,
    coalesce(sum(s.volume_purchased), 0) as volume_purchased
from accounts a join catalog_service.account_stats s on s.account = a.account and {_THERE.format("s")}"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """The sums. Volumes are in whole units of each chain's currency, added up over chains."""

    collections: int
    """Collections created, not held."""
    items: int
    """Units held of all tokens. A single ERC-1155 token may have 2^256-1 of them."""
    listings: int
    """Active listings."""
    sales: int
    purchases: int
    volume_sold: Decimal
    volume_purchased: Decimal


async def totals_of(pool: asyncpg.Pool, accounts: Collection[tuple[Address, ChainId | None]]) -> AccountTotals:
    """The sums over these accounts, each on its chain, or on all without one; zeros for unknown accounts. Hidden
    collections, and tokens of them, are not counted.

    The cost is proportional to the collections that they created or hold tokens of.
    """
    row = await pool.fetchrow(_TOTALS, [address for address, _ in accounts], [chain for _, chain in accounts])
    assert row is not None, "an aggregate has a row"
    return AccountTotals(
        collections=row["collections"],
        items=int(row["items"]),
        listings=int(row["listings"]),
        sales=int(row["sales"]),
        purchases=int(row["purchases"]),
        volume_sold=Decimal(row["volume_sold"]),
        volume_purchased=Decimal(row["volume_purchased"]),
    )
