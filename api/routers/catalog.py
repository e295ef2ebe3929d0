"""The public catalog: collections, their tokens, holders, traits, activity and counters, and what an account holds.

Every list takes `limit` and `cursor`; unknown or repeated query parameters are refused. Answers carry a weak ETag.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field, model_validator

from api.dependencies import Services, ServicesDep
from api.etags import answer
from api.pagination import PageQuery, Pager, PagesDep
from api.queries import NoQuery, each_once
from api.schemas import catalog as bodies
from api.schemas import catalog_examples as examples
from api.schemas import catalog_views as views
from api.schemas.problems import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from steadymint.catalog.reads import query as reads
from steadymint.catalog.reads.activity import Activity, Earlier, account_activity, collection_activity
from steadymint.catalog.reads.collections import (
    Collection,
    Newest,
    collection,
    collection_exists,
    collection_stats,
    collections,
)
from steadymint.catalog.reads.tokens import (
    AfterHeldToken,
    AfterHolding,
    AfterToken,
    HeldToken,
    Holding,
    Token,
    held_tokens,
    holdings,
    token,
    tokens,
)
from steadymint.catalog.reads.traits import AfterTrait, TraitValue, traits
from steadymint.domain.errors import NotFoundError
from steadymint.domain.flows import Standard
from steadymint.domain.types import Address, AddressField, ChainId, ChainIdField, TokenIdField

Row = TypeVar("Row")

router = APIRouter(prefix="/v1", tags=["Catalog"], dependencies=[Depends(each_once)])

ChainIdPath = Annotated[ChainIdField, Path(alias="chainId", description="CAIP-2.")]
ContractPath = Annotated[AddressField, Path(description="In any valid casing; a wrong EIP-55 checksum is refused.")]
AccountPath = Annotated[AddressField, Path(alias="address", description="In any valid casing.")]
TokenIdPath = Annotated[TokenIdField, Path(alias="tokenId", description="Decimal, below 2^256.")]


class CollectionsQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Collections of this chain.")
    creator: AddressField | None = Field(None, description="Collections created by this account.")
    owner: AddressField | None = Field(None, description="Collections whose contract this account owns now.")
    standard: Standard | None = None
    sort: Literal["newest"] = "newest"


class HoldersQuery(PageQuery):
    token_id: TokenIdField | None = Field(None, description="Holders of this token only.")


class AccountTokensQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Tokens on this chain.")
    contract: AddressField | None = Field(None, description="Tokens of this collection; needs `chainId`.")

    @model_validator(mode="after")
    def _contract_of_a_chain(self) -> AccountTokensQuery:
        if self.contract is not None and self.chain_id is None:
            raise ValueError("`contract` needs `chainId`: an address means nothing without its chain")
        return self


@router.get(
    "/collections",
    summary="Collections, newest first",
    response_model=None,
    responses=answers(bodies.CollectionPage, examples.page_of(examples.COLLECTION), CACHED, BAD_PAGE),
)
async def list_collections(
    request: Request, services: ServicesDep, pages: PagesDep, query: Annotated[CollectionsQuery, Query()]
) -> Response:
    """Hidden collections are left out, here and in everything below."""
    pager = pages.of(query)
    rows = await collections(
        after=pager.after(Newest),
        limit=pager.fetch,
        chain_id=query.chain_id,
        creator=query.creator,
        owner=query.owner,
        standard=query.standard,
    ).fetch(services.pool)
    return answer(request, pager.page(rows, views.collection_body, _newest))


@router.get(
    "/collections/{chainId}/{contract}",
    summary="One collection",
    response_model=None,
    responses=answers(bodies.CollectionBody, examples.COLLECTION, CACHED, MISSING, BAD_INPUT),
)
async def get_collection(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """What the contract says of itself as of the last indexed block, and what its owner says about it."""
    row = await collection(chain_id, contract).first(services.pool)
    return answer(request, views.collection_body(_found(row)))


@router.get(
    "/collections/{chainId}/{contract}/tokens",
    summary="Tokens of a collection, by token id",
    response_model=None,
    responses=answers(bodies.TokenPage, examples.page_of(examples.TOKEN), CACHED, MISSING, BAD_PAGE),
)
async def list_tokens(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Burned tokens are included and say so."""
    pager = pages.of(query)
    rows = tokens(chain_id, contract, after=pager.after(AfterToken), limit=pager.fetch)
    return await _of_collection(
        request, services, (chain_id, contract), pager, rows, views.token_body, lambda row: AfterToken(_id(row))
    )


@router.get(
    "/collections/{chainId}/{contract}/tokens/{tokenId}",
    summary="One token",
    response_model=None,
    responses=answers(bodies.TokenBody, examples.TOKEN, CACHED, MISSING, BAD_INPUT),
)
async def get_token(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    token_id: TokenIdPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """The owner of an ERC-1155 token is null; ask `.../holders?tokenId=`."""
    row = await token(chain_id, contract, token_id).first(services.pool)
    return answer(request, views.token_body(_found(row)))


@router.get(
    "/collections/{chainId}/{contract}/traits",
    summary="Trait values of a collection",
    response_model=None,
    responses=answers(bodies.TraitPage, examples.page_of(examples.TRAIT), CACHED, MISSING, BAD_PAGE),
)
async def list_traits(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """One item for each value of each trait, by name and value. Empty until metadata has been read."""
    pager = pages.of(query)
    rows = traits(chain_id, contract, after=pager.after(AfterTrait), limit=pager.fetch)
    return await _of_collection(request, services, (chain_id, contract), pager, rows, views.trait_body, _after_trait)


@router.get(
    "/collections/{chainId}/{contract}/holders",
    summary="Who holds how much of which token",
    response_model=None,
    responses=answers(bodies.HolderPage, examples.page_of(examples.HOLDER), CACHED, MISSING, BAD_PAGE),
)
async def list_holders(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[HoldersQuery, Query()],
) -> Response:
    """One item for each token and account, of both standards, by token id and account."""
    pager = pages.of(query)
    after = pager.after(AfterHolding)
    rows = holdings(chain_id, contract, token_id=query.token_id, after=after, limit=pager.fetch)
    return await _of_collection(request, services, (chain_id, contract), pager, rows, views.holder_body, _after_holding)


@router.get(
    "/collections/{chainId}/{contract}/activity",
    summary="What happened in a collection, newest first",
    response_model=None,
    responses=answers(bodies.ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, MISSING, BAD_PAGE),
)
async def list_collection_activity(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Mints, transfers and burns, in the order of the chain."""
    pager = pages.of(query)
    rows = collection_activity(chain_id, contract, after=pager.after(Earlier), limit=pager.fetch)
    return await _of_collection(request, services, (chain_id, contract), pager, rows, views.activity_body, _earlier)


@router.get(
    "/collections/{chainId}/{contract}/stats",
    summary="Counters of a collection",
    response_model=None,
    responses=answers(bodies.StatsBody, examples.STATS, CACHED, MISSING, BAD_INPUT),
)
async def get_stats(
    request: Request,
    services: ServicesDep,
    chain_id: ChainIdPath,
    contract: ContractPath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Items and owners as of the last indexed block; prices and volumes as of the last sale."""
    row = await collection_stats(chain_id, contract).first(services.pool)
    return answer(request, views.stats_body(_found(row)))


@router.get(
    "/accounts/{address}/tokens",
    summary="What an account holds",
    response_model=None,
    responses=answers(bodies.HeldTokenPage, examples.page_of(examples.HELD_TOKEN), CACHED, BAD_PAGE),
)
async def list_account_tokens(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    account: AccountPath,
    query: Annotated[AccountTokensQuery, Query()],
) -> Response:
    """Tokens of both standards with quantities, by chain, contract and token id. Unknown accounts hold nothing."""
    pager = pages.of(query)
    rows = await held_tokens(
        account,
        after=pager.after(AfterHeldToken),
        limit=pager.fetch,
        chain_id=query.chain_id,
        contract=query.contract,
    ).fetch(services.pool)
    return answer(request, pager.page(rows, views.held_token_body, _after_held_token))


@router.get(
    "/accounts/{address}/activity",
    summary="What an account did or received, newest first",
    response_model=None,
    responses=answers(bodies.ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, BAD_PAGE),
)
async def list_account_activity(
    request: Request,
    services: ServicesDep,
    pages: PagesDep,
    account: AccountPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """What it sent, received, minted or burned, on every chain."""
    pager = pages.of(query)
    rows = await account_activity(account, after=pager.after(Earlier), limit=pager.fetch).fetch(services.pool)
    return answer(request, pager.page(rows, views.activity_body, _earlier))


async def _of_collection(
    request: Request,
    services: Services,
    named: tuple[ChainId, Address],
    pager: Pager,
    rows_of: reads.Query[Row],
    show: Callable[[Row], Any],
    position_of: Callable[[Row], Any],
) -> Response:
    """A page of a collection's list. Raises `NotFoundError` if there is no such collection, which only an empty page
    leaves open."""
    rows = await rows_of.fetch(services.pool)
    if not rows and not await collection_exists(services.pool, *named):
        raise NotFoundError
    return answer(request, pager.page(rows, show, position_of))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFoundError
    return row


def _id(row: Token) -> str:
    return str(row.token_number)


def _newest(row: Collection) -> Newest:
    return Newest(row.created_at, row.id)


def _after_holding(row: Holding) -> AfterHolding:
    return AfterHolding(str(row.token_id), row.owner)


def _after_held_token(row: HeldToken) -> AfterHeldToken:
    return AfterHeldToken(row.chain_id, row.contract_address, _id(row))


def _after_trait(row: TraitValue) -> AfterTrait:
    return AfterTrait(row.normalized_name, row.normalized_value)


def _earlier(row: Activity) -> Earlier:
    return Earlier(row.timestamp, row.block_number, row.log_index, row.batch_index, row.id)
