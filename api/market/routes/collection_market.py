"""The market of a collection: its floor, the depth of its offers, its sales, and a chart of them."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Response

from api.catalog.cached import AnswersDep, found
from api.catalog.lists import ListsDep, RowType
from api.catalog.paths import ChainIdPath, ContractPath
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once
from api.market.bodies.collection_market import (
    CHART_EXAMPLE,
    DEPTH_EXAMPLE,
    FLOOR_EXAMPLE,
    SALES_EXAMPLE,
    ChartView,
    DepthPage,
    FloorView,
    SalePage,
)
from api.market.queries import ChartQuery
from api.market.views.collection_market import bar_view, level_view, sale_view
from api.market.views.orders import listed_view
from api.root import ServicesDep
from steadymint.catalog.reads.collections import collection_exists, collection_stats
from steadymint.catalog.reads.query import Page, read_page
from steadymint.domain.errors import NotFoundError
from steadymint.domain.market.sides import Side
from steadymint.market.reads.depth import Below, Level, depth
from steadymint.market.reads.filters import OrderFilter
from steadymint.market.reads.orders import orders_by_price
from steadymint.market.reads.sales import EarlierSale, SaleRow, chart, sales

router = Router(prefix="/v1/collections/{chainId}/{contract}", tags=["Market"], dependencies=[Depends(each_once)])


@router.get(
    "/floor",
    summary="The best prices of a collection",
    response_model=None,
    responses=answers(FloorView, FLOOR_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_floor(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The cheapest listing, and the highest offer for any token; of those in currencies that compare with the chain's
    own."""

    async def best(side: Side) -> dict[str, Any]:
        asked = OrderFilter(chain_id=chain_id, contract=contract, sides=(side,))
        order = await orders_by_price(asked, after=None, limit=1).query.first(services.pool)
        return {} if order is None else {"listing" if side is Side.LISTING else "offer": listed_view(order)}

    async def make() -> Any:
        stats = found(await collection_stats(chain_id, contract).first(services.pool), "collection")
        return {"listed": stats.listed_count} | await best(Side.LISTING) | await best(Side.COLLECTION_OFFER)

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/offers",
    summary="The depth of the offers for a collection",
    response_model=None,
    responses=answers(DepthPage, DEPTH_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_offers(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """What is offered for any token of the collection: one item for each price, the highest first, with how many units
    are wanted at it. In currencies that compare with the chain's own. `GET /v1/orders?side=offer` lists the offers one
    by one."""

    def read(after: Below | None, limit: int) -> Awaitable[Page[Level, Below]]:
        return depth(services.pool, chain_id, contract, after=after, limit=limit)

    return await lists.of_collection(chain_id, contract, query, LEVELS, read)


@router.get(
    "/sales",
    summary="Sales of a collection, newest first",
    response_model=None,
    responses=answers(SalePage, SALES_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_sales(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each token that was sold in a transaction, also on other markets. Prices are those of all units."""

    def read(after: EarlierSale | None, limit: int) -> Awaitable[Page[SaleRow, EarlierSale]]:
        return read_page(services.pool, sales(chain_id, contract, after=after, limit=limit), None, limit)

    return await lists.of_collection(chain_id, contract, query, SALES, read)


@router.get(
    "/chart",
    summary="Sales of a collection by hour, day or week",
    response_model=None,
    responses=answers(ChartView, CHART_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_chart(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[ChartQuery, Query()],
) -> Response:
    """A bar for each interval that had a sale. Volumes and prices leave out sales in currencies that do not compare,
    and those with an `exclusion`. Prices are taken from the newest 10,000 sales; a bar that begins before them has
    none."""
    since, until = query.stretch(datetime.now(UTC))

    async def make() -> Any:
        bars = await chart(chain_id, contract, query.interval, since, until).fetch(services.pool)
        if not bars and not await collection_exists(services.pool, chain_id, contract):
            raise NotFoundError("The catalog has no such collection")
        return {"interval": query.interval.value, "items": [bar_view(bar) for bar in bars]}

    return await reply.of_collection(chain_id, contract, make)


def _below(row: Level) -> Below:
    return Below(str(row.price_native))


def _earlier(row: SaleRow) -> EarlierSale:
    return EarlierSale(row.occurred_at, row.id)


LEVELS: Final = RowType(Below, level_view, _below)
SALES: Final = RowType(EarlierSale, sale_view, _earlier)
