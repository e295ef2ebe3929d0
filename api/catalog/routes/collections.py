"""Collections as the public sees them: the list, one of them, its counters, traits, owners and activity."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.catalog import examples
from api.catalog.bodies.activity import ActivityPage
from api.catalog.bodies.collections import CollectionBody, CollectionPage, OwnerPage, StatsBody, TraitPage
from api.catalog.bodies.tokens import HolderPage
from api.catalog.cached import AnswersDep, found
from api.catalog.paths import ChainIdPath, ContractPath
from api.catalog.queries import LISTS, ActivityQuery, CollectionsQuery, HoldersQuery
from api.catalog.views.activity import activity_body
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.collections import collection_body, owner_body, stats_body, trait_body
from api.catalog.views.tokens import holder_body
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once_but
from api.root import PagesDep, ServicesDep
from steadymint.catalog.reads.activity import Activity, Earlier, collection_activity, read_feed
from steadymint.catalog.reads.collection_lists import (
    AfterCollection,
    CollectionSort,
    ListedCollection,
    list_collections,
)
from steadymint.catalog.reads.collections import collection, collection_exists, collection_stats
from steadymint.catalog.reads.holdings import AfterHolding, AfterOwner, Holding, Owner, holdings, owners
from steadymint.catalog.reads.traits import AfterTrait, TraitValue, traits
from steadymint.domain.errors import NotFoundError

router = Router(prefix="/v1", tags=["Catalog"], dependencies=[Depends(each_once_but(*LISTS))])


@router.get(
    "/collections",
    summary="Collections by age, volume, floor or size",
    operation_id="listCollections",
    response_model=None,
    responses=answers(CollectionPage, examples.page_of(examples.COLLECTION), CACHED, BAD_PAGE),
)
async def show_collections(
    services: ServicesDep, reply: AnswersDep, pages: PagesDep, query: Annotated[CollectionsQuery, Query()]
) -> Response:
    """Hidden collections are left out, here and in everything below."""
    pager, urls = pages.of(query), BrowserUrls.of(services.settings)
    sort: CollectionSort = "recent" if query.sort == "newest" else query.sort
    after = pager.after(AfterCollection)

    async def make() -> Any:
        page = await list_collections(
            services.pool, query.asked, sort=sort, descending=query.descending, after=after, limit=pager.fetch
        )
        return pager.page(page.rows, lambda row: collection_body(row, urls), _after_collection, resume=page.resume)

    return await reply.of_everything(make)


@router.get(
    "/collections/{chainId}/{contract}",
    summary="One collection",
    response_model=None,
    responses=answers(CollectionBody, examples.COLLECTION, CACHED, MISSING, BAD_INPUT),
)
async def get_collection(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """What the contract says of itself as of the last indexed block, and what its owner says about it."""

    async def make() -> Any:
        row = found(await collection(chain_id, contract).first(services.pool), "collection")
        return collection_body(row, BrowserUrls.of(services.settings))

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/collections/{chainId}/{contract}/stats",
    summary="Counters of a collection",
    response_model=None,
    responses=answers(StatsBody, examples.STATS, CACHED, MISSING, BAD_INPUT),
)
async def get_stats(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Items and owners as of the last indexed block; floor and volumes as of the last listing and sale."""

    async def make() -> Any:
        return stats_body(found(await collection_stats(chain_id, contract).first(services.pool), "collection"))

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/collections/{chainId}/{contract}/traits",
    summary="Trait values of a collection",
    response_model=None,
    responses=answers(TraitPage, examples.page_of(examples.TRAIT), CACHED, MISSING, BAD_PAGE),
)
async def list_traits(
    services: ServicesDep,
    reply: AnswersDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each value of each trait, by name and value. Empty until metadata has been read."""
    pager = pages.of(query)
    after = pager.after(AfterTrait)

    async def make() -> Any:
        rows = await traits(chain_id, contract, after=after, limit=pager.fetch).fetch(services.pool)
        if not rows and not await collection_exists(services.pool, chain_id, contract):
            raise NotFoundError("The catalog has no such collection")
        return pager.page(rows, trait_body, _after_trait)

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/collections/{chainId}/{contract}/owners",
    summary="Who holds how many of a collection, the largest first",
    response_model=None,
    responses=answers(OwnerPage, examples.page_of(examples.OWNER), CACHED, MISSING, BAD_PAGE),
)
async def list_owners(
    services: ServicesDep,
    reply: AnswersDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each account, all its tokens together, with its share of what exists."""
    pager = pages.of(query)
    after = pager.after(AfterOwner)

    async def make() -> Any:
        rows = await owners(chain_id, contract, after=after, limit=pager.fetch).fetch(services.pool)
        if not rows and not await collection_exists(services.pool, chain_id, contract):
            raise NotFoundError("The catalog has no such collection")
        return pager.page(rows, owner_body, _after_owner)

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/collections/{chainId}/{contract}/holders",
    summary="Who holds how much of which token",
    response_model=None,
    responses=answers(HolderPage, examples.page_of(examples.HOLDER), CACHED, MISSING, BAD_PAGE),
)
async def list_holders(
    services: ServicesDep,
    reply: AnswersDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[HoldersQuery, Query()],
) -> Response:
    """One item for each token and account, of both standards, by token id and account. `.../owners` adds them up."""
    pager = pages.of(query)
    after = pager.after(AfterHolding)

    async def make() -> Any:
        rows = await holdings(chain_id, contract, token_id=query.token_id, after=after, limit=pager.fetch).fetch(
            services.pool
        )
        if not rows and not await collection_exists(services.pool, chain_id, contract):
            raise NotFoundError("The catalog has no such collection")
        return pager.page(rows, holder_body, after_holding)

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/collections/{chainId}/{contract}/activity",
    summary="What happened in a collection, newest first",
    response_model=None,
    responses=answers(ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, MISSING, BAD_PAGE),
)
async def list_collection_activity(
    services: ServicesDep,
    reply: AnswersDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[ActivityQuery, Query()],
) -> Response:
    """Mints, transfers, burns, listings, offers and sales, in the order of the chain."""
    pager = pages.of(query)
    feed = collection_activity(chain_id, contract, query.asked, after=pager.after(Earlier), limit=pager.fetch)

    async def make() -> Any:
        page = await read_feed(services.pool, feed, pager.fetch)
        if not page.rows and not await collection_exists(services.pool, chain_id, contract):
            raise NotFoundError("The catalog has no such collection")
        return pager.page(page.rows, activity_body, earlier, resume=page.resume)

    return await reply.of_collection(chain_id, contract, make)


def _after_collection(row: ListedCollection) -> AfterCollection:
    return AfterCollection(row.k, str(row.id))


def _after_owner(row: Owner) -> AfterOwner:
    return AfterOwner(str(row.quantity), row.owner)


def after_holding(row: Holding) -> AfterHolding:
    return AfterHolding(str(row.token_id), row.owner)


def _after_trait(row: TraitValue) -> AfterTrait:
    return AfterTrait(row.normalized_name, row.normalized_value)


def earlier(row: Activity) -> Earlier:
    return Earlier(row.timestamp, row.block_number, row.log_index, row.batch_index, row.id)
