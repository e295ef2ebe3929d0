"""Fields that lead from one thing to another: what many rows of a page ask for is read by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import strawberry
from strawberry.dataloader import DataLoader

from api.catalog.bodies.activity import ActivityBody
from api.catalog.bodies.collections import CollectionBody
from api.catalog.bodies.tokens import TokenBody, TokenDetailBody
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.collections import collection_body
from api.graphql.context import CollectionKey, Info
from api.graphql.types import Types
from api.http.shown import address
from api.market.bodies.collection_market import SaleView
from api.market.bodies.order_lists import ListedOrderView
from api.market.bodies.orders import OrderView
from api.root import Services
from steadymint.catalog.reads.collections import collections_named
from steadymint.domain.types import Address, ChainId

COLLECTION: Final = "collection"
OF_A_COLLECTION: Final = (TokenBody, TokenDetailBody, ActivityBody, ListedOrderView, OrderView, SaleView)
"""Bodies with `chainId` and `contract`, whose types have the field `collection`."""


def relate(types: Types) -> None:
    """Tell the types of their relations, before they are made."""
    for body in OF_A_COLLECTION:
        types.relate(body, COLLECTION, lambda: _collection_field(types))


def collections_of(services: Services) -> DataLoader[CollectionKey, Any]:
    """Reads the collections that the fields of one turn ask for, all at once."""
    urls = BrowserUrls.of(services.settings)

    async def load(keys: Sequence[CollectionKey]) -> list[Any]:
        asked = [(ChainId(chain), Address(contract.lower())) for chain, contract in dict.fromkeys(keys)]
        rows = await collections_named(asked).fetch(services.pool)
        found: dict[CollectionKey, Any] = {
            (row.chain_id, address(row.contract_address)): collection_body(row, urls) for row in rows
        }
        return [found.get(key) for key in keys]

    return DataLoader(load, cache=False)  # a connection may last an hour, and the next operation asks anew


def _collection_field(types: Types) -> Any:
    async def collection(root: strawberry.Parent[Any], info: Info) -> Any:
        return await info.context.collections.load((root["chainId"], root["contract"])) if root["contract"] else None

    made = types.answer(CollectionBody)
    return strawberry.field(resolver=collection, graphql_type=made | None, description="Null if it is not shown.")
