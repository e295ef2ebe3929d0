"""What was sold and ordered of collections before they were in the catalog, or while a rollback had taken them from it.

An import takes up what was sold before it. A collection of ours that is created again after a reorg takes up the orders
that had lost it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg

from steadymint.market.checking.causes import LATER

_SALES: Final = """
update catalog_service.sales s set collection_id = c.id from catalog_service.collections c
where c.id = any($1) and s.chain_id = c.chain_id and s.contract = c.contract_address and s.collection_id is null"""

_ORDERS: Final = """
update catalog_service.orders o set collection_id = c.id from catalog_service.collections c
where c.id = any($1) and o.chain_id = c.chain_id and o.contract = c.contract_address and o.collection_id is null"""

# The checker has found that nobody knew their collection.
_VALIDATIONS: Final = """
update catalog_service.order_validations v set taken_at = null from catalog_service.collections c
where c.id = any($1) and v.chain_id = c.chain_id and v.contract = c.contract_address and v.taken_at is not null
    and not exists (select from catalog_service.orders o where o.id = v.order_id)"""

# Of the history of an import no causes are kept.
_LISTINGS: Final = f"""
insert into catalog_service.order_causes as c (chain_id, cause, order_id, block)
select o.chain_id, 'order', o.id, $2 from catalog_service.collections k join catalog_service.orders o
    on o.chain_id = k.chain_id and o.gives = k.contract_address and o.status in ('active', 'inactive')
where k.id = any($1) order by o.id{LATER}"""  # noqa: S608 - no value in it


async def take_up(connection: asyncpg.Connection, collections: Collection[UUID]) -> None:
    """Give sales and orders their collections, and have orders that were validated on chain looked at again. In the
    caller's transaction."""
    for statement in (_SALES, _ORDERS, _VALIDATIONS):
        await connection.execute(statement, collections)


async def check_listings(connection: asyncpg.Connection, collection: UUID, block: int) -> None:
    """Have the open listings of the collection checked at the block or later."""
    await connection.execute(_LISTINGS, [collection], block)
