"""Collections: the list, and one collection with its counters, traits, owners and activity."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Response

from api.catalog import examples
from api.catalog.bodies.activity import ActivityPage
from api.catalog.bodies.collections import CollectionBody, CollectionPage, OwnerPage, StatsBody, TraitPage
from api.catalog.bodies.tokens import HolderPage
from api.catalog.cached import AnswersDep, found
from api.catalog.lists import ACTIVITY, HOLDINGS, ListsDep, RowType
from api.catalog.paths import ChainIdPath, ContractPath
from api.catalog.queries import LISTS, ActivityQuery, CollectionsQuery, HoldersQuery
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.collections import collection_body, owner_body, stats_body, trait_body
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once_but
from api.root import ServicesDep
from steadymint.catalog.reads.activity import Activity, Earlier, collection_activity, read_feed
from steadymint.catalog.reads.collection_lists import (
    AfterCollection,
    CollectionSort,
    ListedCollection,
    list_collections,
)
from steadymint.catalog.reads.collections import collection, collection_stats
from steadymint.catalog.reads.holdings import AfterHolding, AfterOwner, Holding, Owner, holdings, owners
from steadymint.catalog.reads.query import Page, read_page
from steadymint.catalog.reads.traits import AfterTrait, TraitValue, traits

router = Router(prefix="/v1", tags=["Catalog"], dependencies=[Depends(each_once_but(*LISTS))])


@router.get(
    "/collections",
    summary="Collections by age, volume, floor or size",
    operation_id="listCollections",
    response_model=None,
    responses=answers(CollectionPage, examples.page_of(examples.COLLECTION), CACHED, BAD_PAGE),
)
async def show_collections(
    services: ServicesDep, lists: ListsDep, query: Annotated[CollectionsQuery, Query()]
) -> Response:
    """Hidden collections are left out, here and in all routes below."""
    show = partial(collection_body, urls=BrowserUrls.of(services.settings))
    sort: CollectionSort = "recent" if query.sort == "newest" else query.sort

    def read(after: AfterCollection | None, limit: int) -> Awaitable[Page[ListedCollection, AfterCollection]]:
        return list_collections(
            services.pool, query.asked, sort=sort, descending=query.descending, after=after, limit=limit
        )

    return await lists.of_everything(query, RowType(AfterCollection, show, _after_collection), read)


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
    """The state of the contract at the last indexed block, and its metadata."""

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
    """Items and owners at the last indexed block; floor and volumes at the last listing and sale."""

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
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each value of each trait, by name and value. Empty until metadata has been read."""

    def read(after: AfterTrait | None, limit: int) -> Awaitable[Page[TraitValue, AfterTrait]]:
        return read_page(services.pool, traits(chain_id, contract, after=after, limit=limit), None, limit)

    return await lists.of_collection(chain_id, contract, query, TRAITS, read)


@router.get(
    "/collections/{chainId}/{contract}/owners",
    summary="Owners of a collection, the largest first",
    response_model=None,
    responses=answers(OwnerPage, examples.page_of(examples.OWNER), CACHED, MISSING, BAD_PAGE),
)
async def list_owners(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each account, with the number of its tokens and its share of the supply."""

    def read(after: AfterOwner | None, limit: int) -> Awaitable[Page[Owner, AfterOwner]]:
        return read_page(services.pool, owners(chain_id, contract, after=after, limit=limit), None, limit)

    return await lists.of_collection(chain_id, contract, query, OWNERS, read)


@router.get(
    "/collections/{chainId}/{contract}/holders",
    summary="Holders of the tokens of a collection",
    response_model=None,
    responses=answers(HolderPage, examples.page_of(examples.HOLDER), CACHED, MISSING, BAD_PAGE),
)
async def list_holders(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[HoldersQuery, Query()],
) -> Response:
    """One item for each token and account, by token id and account. `.../owners` adds them up."""

    def read(after: AfterHolding | None, limit: int) -> Awaitable[Page[Holding, AfterHolding]]:
        rows = holdings(chain_id, contract, token_id=query.token_id, after=after, limit=limit)
        return read_page(services.pool, rows, None, limit)

    return await lists.of_collection(chain_id, contract, query, HOLDINGS, read)


@router.get(
    "/collections/{chainId}/{contract}/activity",
    summary="What happened in a collection, newest first",
    response_model=None,
    responses=answers(ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, MISSING, BAD_PAGE),
)
async def list_collection_activity(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[ActivityQuery, Query()],
) -> Response:
    """Mints, transfers, burns, listings, offers and sales, in the order of the chain."""

    def read(after: Earlier | None, limit: int) -> Awaitable[Page[Activity, Earlier]]:
        feed = collection_activity(chain_id, contract, query.asked, after=after, limit=limit)
        return read_feed(services.pool, feed, limit)

    return await lists.of_collection(chain_id, contract, query, ACTIVITY, read)


def _after_collection(row: ListedCollection) -> AfterCollection:
    return AfterCollection(row.k, str(row.id))


def _after_owner(row: Owner) -> AfterOwner:
    return AfterOwner(str(row.quantity), row.owner)


def _after_trait(row: TraitValue) -> AfterTrait:
    return AfterTrait(row.normalized_name, row.normalized_value)


TRAITS: Final = RowType(AfterTrait, trait_body, _after_trait)
OWNERS: Final = RowType(AfterOwner, owner_body, _after_owner)
