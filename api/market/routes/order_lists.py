"""Lists of orders: of everything, a token, or an account; and one order with all that it takes to fill it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request, Response

from api.catalog.cached import found
from api.catalog.lists import ListsDep, Read, RowType
from api.catalog.paths import AccountPath, ChainIdPath, ContractPath, TokenIdPath
from api.contracts import contract_asked
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.etags import answer
from api.http.json_bodies import Router
from api.http.queries import NoQuery, each_once_but
from api.market.bodies.order_lists import LISTINGS_EXAMPLE, OFFERS_EXAMPLE, ORDERS_EXAMPLE, OrderPageView
from api.market.bodies.orders import ORDER_EXAMPLE, OrderView
from api.market.queries import LISTS, AccountOrdersQuery, OfCollection, OrdersQuery, TokenOrdersQuery
from api.market.views.orders import listed_view, order_view
from api.root import Services, ServicesDep
from steadymint.catalog.reads.query import Page, read_page
from steadymint.domain.types import Bytes32Field
from steadymint.market.orders import ListedOrder
from steadymint.market.reads.filters import OrderFilter
from steadymint.market.reads.offers import offers_for_token, offers_received
from steadymint.market.reads.orders import orders_by_age, orders_by_price
from steadymint.market.reads.pages import ByAge, ByPrice

router = Router(prefix="/v1", tags=["Market"], dependencies=[Depends(each_once_but(*LISTS))])

OrderHashPath = Annotated[Bytes32Field, Path(alias="orderHash", description="The hash of the order in Seaport.")]


@router.get(
    "/orders",
    summary="Orders, the newest first or by price",
    response_model=None,
    responses=answers(OrderPageView, ORDERS_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_orders(services: ServicesDep, lists: ListsDep, query: Annotated[OrdersQuery, Query()]) -> Response:
    """Listings and offers, whatever became of them. All filters must hold. A page may be shorter than `limit` although
    the list continues: it ends when `nextCursor` is null. Orders of hidden collections are left out, here and in all
    lists."""
    asked = query.asked(await contract_asked(services, query.chain_id, query.contract))
    if query.sort == "price":
        return await lists.of_everything(query, BY_PRICE, _by_price(services, asked))
    return await lists.of_everything(query, BY_AGE, _by_age(services, asked))


@router.get(
    "/orders/{chainId}/{orderHash}",
    summary="One order, ready to be filled",
    response_model=None,
    responses=answers(OrderView, ORDER_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_order(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    order_hash: OrderHashPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """With what its maker signed and the signature, so that anybody can fill it, here or straight on Seaport. The chain
    is part of its name, because the same components have the same hash on every chain."""
    return answer(request, order_view(found(await services.orders.shown(chain_id, order_hash), "order")))


@router.get(
    "/collections/{chainId}/{contract}/tokens/{tokenId}/orders",
    summary="What a token is for sale for, or could be sold for",
    response_model=None,
    responses=answers(OrderPageView, LISTINGS_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_token_orders(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    query: Annotated[TokenOrdersQuery, Query()],
) -> Response:
    """Active orders in currencies that compare with the chain's own, the best first. `GET /v1/orders` lists all that
    name the token, in any currency."""
    if query.side == "listing":
        read = _by_price(services, query.listings(chain_id, contract, token_id))
        return await lists.of_token(chain_id, contract, token_id, query, BY_PRICE, read)

    def offers(after: ByPrice | None, limit: int) -> Awaitable[Page[ListedOrder, ByPrice]]:
        page = offers_for_token(chain_id, contract, token_id, after=after, limit=limit)
        return read_page(services.pool, page.query, page.end, limit)

    return await lists.of_token(chain_id, contract, token_id, query, BY_PRICE, offers)


@router.get(
    "/accounts/{address}/orders",
    summary="Orders that an account has signed, newest first",
    response_model=None,
    responses=answers(OrderPageView, ORDERS_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_account_orders(
    services: ServicesDep, lists: ListsDep, account: AccountPath, query: Annotated[AccountOrdersQuery, Query()]
) -> Response:
    """Its listings and offers, whatever became of them."""
    asked = query.asked(account, await contract_asked(services, query.chain_id, query.contract))
    return await lists.of_everything(query, BY_AGE, _by_age(services, asked))


@router.get(
    "/accounts/{address}/offers-received",
    summary="Offers that an account could accept, newest first",
    response_model=None,
    responses=answers(OrderPageView, OFFERS_EXAMPLE, CACHED, MISSING, BAD_PAGE),
)
async def list_offers_received(
    services: ServicesDep, lists: ListsDep, account: AccountPath, query: Annotated[OfCollection, Query()]
) -> Response:
    """Active offers of others, in any currency: for a token that it holds, for any token of a collection of which it
    holds one, and for a set with one of its tokens. Of an account with more than 200 collections, those of which it
    holds most; name a collection to see the offers of another."""
    contract = await contract_asked(services, query.chain_id, query.contract)

    def read(after: ByAge | None, limit: int) -> Awaitable[Page[ListedOrder, ByAge]]:
        page = offers_received(account, chain_id=query.chain_id, contract=contract, after=after, limit=limit)
        return read_page(services.pool, page.query, page.end, limit)

    return await lists.of_everything(query, BY_AGE, read)


def _by_age(services: Services, asked: OrderFilter) -> Read[ByAge, ListedOrder]:
    def read(after: ByAge | None, limit: int) -> Awaitable[Page[ListedOrder, ByAge]]:
        page = orders_by_age(asked, after=after, limit=limit)
        return read_page(services.pool, page.query, page.end, limit)

    return read


def _by_price(services: Services, asked: OrderFilter) -> Read[ByPrice, ListedOrder]:
    def read(after: ByPrice | None, limit: int) -> Awaitable[Page[ListedOrder, ByPrice]]:
        page = orders_by_price(asked, after=after, limit=limit)
        return read_page(services.pool, page.query, page.end, limit)

    return read


def _age_of(row: ListedOrder) -> ByAge:
    return ByAge(row.created_at, row.id)


def _price_of(row: ListedOrder) -> ByPrice:
    return ByPrice(str(row.price_native), row.id)


BY_AGE: Final[RowType[ListedOrder, Any]] = RowType(ByAge, listed_view, _age_of)
BY_PRICE: Final[RowType[ListedOrder, Any]] = RowType(ByPrice, listed_view, _price_of)
