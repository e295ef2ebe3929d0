"""Tokens of a collection: the list by any filter and order, and one token with its holders and history."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any

import structlog
from fastapi import Depends, Query, Response
from pymongo.errors import PyMongoError

from api.catalog import examples
from api.catalog.bodies.activity import ActivityPage
from api.catalog.bodies.tokens import HolderPage, TokenDetailBody, TokenPage
from api.catalog.cached import AnswersDep, found
from api.catalog.lists import ACTIVITY, HOLDINGS, ListsDep, RowType
from api.catalog.paths import ChainIdPath, ContractPath, TokenIdPath
from api.catalog.queries import LISTS, ActivityQuery, TokensQuery
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.tokens import token_body, token_detail_body
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once_but
from api.root import Services, ServicesDep
from steadymint.catalog.reads.activity import MOVEMENTS, Activity, ActivityFilter, Earlier, read_feed, token_activity
from steadymint.catalog.reads.holdings import AfterHolding, Holding, holdings
from steadymint.catalog.reads.query import Page, read_page
from steadymint.catalog.reads.token_scope import Start
from steadymint.catalog.reads.tokens import ListedToken, list_tokens, token
from steadymint.documents import METADATA_DOCS, collection_of

router = Router(
    prefix="/v1/collections/{chainId}/{contract}/tokens",
    tags=["Catalog"],
    dependencies=[Depends(each_once_but(*LISTS))],
)
_log = structlog.get_logger(__name__)


@router.get(
    "",
    summary="Tokens of a collection, filtered and sorted",
    operation_id="listTokens",
    response_model=None,
    responses=answers(TokenPage, examples.page_of(examples.TOKEN), CACHED, MISSING, BAD_PAGE),
)
async def show_tokens(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[TokensQuery, Query()],
) -> Response:
    """By token id by default. Burned tokens are included, and marked. For example
    `?trait=Background:Red&trait=Background:Blue&traitRange=Power:10..50&listed=true&sort=price`
    lists the red and the blue tokens of that power that are for sale, cheapest first. A page may be shorter than
    `limit` although the list continues: it ends when `nextCursor` is null."""
    show = partial(token_body, urls=BrowserUrls.of(services.settings))

    def read(start: Start | None, limit: int) -> Awaitable[Page[ListedToken, Start]]:
        return list_tokens(
            services.pool,
            chain_id,
            contract,
            query.asked,
            sort=query.sort,
            descending=query.descending,
            start=start,
            limit=limit,
        )

    return await lists.of_collection(chain_id, contract, query, RowType(Start, show, _start), read)


@router.get(
    "/{tokenId}",
    summary="One token",
    response_model=None,
    responses=answers(TokenDetailBody, examples.TOKEN_DETAIL, CACHED, MISSING, BAD_INPUT),
)
async def get_token(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """A token with its description, attributes, ranks and cheapest listing. The owner of an ERC-1155 token is null;
    `.../holders` lists its holders."""

    async def make() -> Any:
        row = found(await token(chain_id, contract, token_id).first(services.pool), "token")
        document = await _document(services, row.metadata_doc)
        return token_detail_body(row, document, BrowserUrls.of(services.settings))

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/{tokenId}/holders",
    summary="Holders of one token",
    response_model=None,
    responses=answers(HolderPage, examples.page_of(examples.HOLDER), CACHED, MISSING, BAD_PAGE),
)
async def list_token_holders(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """By account. One item for ERC-721, any number for ERC-1155."""

    def read(after: AfterHolding | None, limit: int) -> Awaitable[Page[Holding, AfterHolding]]:
        rows = holdings(chain_id, contract, token_id=token_id, after=after, limit=limit)
        return read_page(services.pool, rows, None, limit)

    return await lists.of_token(chain_id, contract, token_id, query, HOLDINGS, read)


@router.get(
    "/{tokenId}/transfers",
    summary="Transfers of one token, newest first",
    response_model=None,
    responses=answers(ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, MISSING, BAD_PAGE),
)
async def list_transfers(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Its mint, its transfers and its burn."""

    def read(after: Earlier | None, limit: int) -> Awaitable[Page[Activity, Earlier]]:
        feed = token_activity(chain_id, contract, token_id, ActivityFilter(MOVEMENTS), after=after, limit=limit)
        return read_feed(services.pool, feed, limit)

    return await lists.of_token(chain_id, contract, token_id, query, ACTIVITY, read)


@router.get(
    "/{tokenId}/activity",
    summary="What happened to one token, newest first",
    response_model=None,
    responses=answers(ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, MISSING, BAD_PAGE),
)
async def list_token_activity(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    query: Annotated[ActivityQuery, Query()],
) -> Response:
    """Its transfers, listings, offers and sales."""

    def read(after: Earlier | None, limit: int) -> Awaitable[Page[Activity, Earlier]]:
        feed = token_activity(chain_id, contract, token_id, query.asked, after=after, limit=limit)
        return read_feed(services.pool, feed, limit)

    return await lists.of_token(chain_id, contract, token_id, query, ACTIVITY, read)


async def _document(services: Services, name: str | None) -> dict[str, Any] | None:
    """The normalised metadata document; None if it cannot be read. Then only the row is shown."""
    if name is None:
        return None
    try:
        kept = await collection_of(services.mongo, METADATA_DOCS).find_one({"_id": name}, {"normalized_json": 1})
    except PyMongoError as error:
        _log.warning("metadata_document_unavailable", error=type(error).__name__)
        return None
    document = (kept or {}).get("normalized_json")
    return document if isinstance(document, dict) else None


def _start(row: ListedToken) -> Start:
    return Start(row.k, row.tie)
