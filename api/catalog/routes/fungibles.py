"""Fungible tokens that were launched here: the list, one token, its holders and its transactions."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Response
from pydantic import Field, model_validator

from api.catalog import examples
from api.catalog.bodies.fungibles import FungibleBody, FungibleHolderPage, FungiblePage, FungibleTransactionPage
from api.catalog.cached import AnswersDep, found
from api.catalog.lists import ListsDep, RowType
from api.catalog.paths import ChainIdPath
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.fungibles import fungible_body, holder_body, transaction_body
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once
from api.root import ServicesDep
from steadymint.catalog.reads.fungibles import (
    AfterFungible,
    AfterFungibleHolder,
    BeforePlace,
    Fungible,
    FungibleHolder,
    FungibleTransaction,
    TransactionType,
    fungible,
    fungible_holders,
    fungible_transactions,
    fungibles,
)
from steadymint.catalog.reads.query import Page, read_page
from steadymint.domain.types import AddressField, ChainIdField

router = Router(prefix="/v1/tokens-fungible", tags=["Catalog"], dependencies=[Depends(each_once)])

FungiblePath = Annotated[AddressField, Path(alias="contract", description="In any valid casing.")]


class FungiblesQuery(PageQuery):
    chain_id: ChainIdField | None = Field(None, description="Tokens on this chain.")
    creator: AddressField | None = Field(None, description="Tokens that this account launched.")


class TransactionsQuery(PageQuery):
    account: AddressField | None = Field(None, description="Only what came from or went to this account.")
    type: TransactionType | None = Field(None, description="Only this type. Not beside `account`.")

    @model_validator(mode="after")
    def _one_filter(self) -> TransactionsQuery:
        if self.account is not None and self.type is not None:
            raise ValueError("give either account or type")
        return self


@router.get(
    "",
    summary="Fungible tokens, the newest first",
    operation_id="listFungibleTokens",
    response_model=None,
    responses=answers(FungiblePage, examples.page_of(examples.FUNGIBLE), CACHED, BAD_PAGE),
)
async def list_fungibles(services: ServicesDep, lists: ListsDep, query: Annotated[FungiblesQuery, Query()]) -> Response:
    """Tokens whose launch is confirmed. One that is on its way is an intent of the kind `launch`."""
    show = partial(fungible_body, urls=BrowserUrls.of(services.settings))

    def read(after: AfterFungible | None, limit: int) -> Awaitable[Page[Fungible, AfterFungible]]:
        rows = fungibles(chain_id=query.chain_id, creator=query.creator, after=after, limit=limit)
        return read_page(services.pool, rows, None, limit)

    return await lists.of_everything(query, RowType(AfterFungible, show, _after_fungible), read)


@router.get(
    "/{chainId}/{contract}",
    summary="One fungible token",
    operation_id="getFungibleToken",
    response_model=None,
    responses=answers(FungibleBody, examples.FUNGIBLE, CACHED, MISSING, BAD_INPUT),
)
async def get_fungible(
    services: ServicesDep,
    reply: AnswersDep,
    chain_id: ChainIdPath,
    contract: FungiblePath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """What it can do, how much of it there is, and how many hold it, at the last indexed block."""

    async def make() -> Any:
        row = found(await fungible(chain_id, contract).first(services.pool), "fungible token")
        return fungible_body(row, BrowserUrls.of(services.settings))

    return await reply.of_collection(chain_id, contract, make)


@router.get(
    "/{chainId}/{contract}/holders",
    summary="Holders of a fungible token, the largest first",
    operation_id="listFungibleHolders",
    response_model=None,
    responses=answers(FungibleHolderPage, examples.page_of(examples.FUNGIBLE_HOLDER), CACHED, MISSING, BAD_PAGE),
)
async def list_fungible_holders(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: FungiblePath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """The balances that the contract says at the last indexed block; equal ones by address."""

    def read(after: AfterFungibleHolder | None, limit: int) -> Awaitable[Page[FungibleHolder, AfterFungibleHolder]]:
        rows = fungible_holders(chain_id, contract, after=after, limit=limit)
        return read_page(services.pool, rows, None, limit)

    return await lists.of_fungible(chain_id, contract, query, HOLDERS, read)


@router.get(
    "/{chainId}/{contract}/transactions",
    summary="What happened to a fungible token, newest first",
    operation_id="listFungibleTransactions",
    response_model=None,
    responses=answers(
        FungibleTransactionPage, examples.page_of(examples.FUNGIBLE_TRANSACTION), CACHED, MISSING, BAD_PAGE
    ),
)
async def list_fungible_transactions(
    services: ServicesDep,
    lists: ListsDep,
    chain_id: ChainIdPath,
    contract: FungiblePath,
    query: Annotated[TransactionsQuery, Query()],
) -> Response:
    """Its launch, and each mint, transfer and burn, in the order of the chain. A transfer of nothing is left out:
    anybody can make one in anybody's name."""

    def read(before: BeforePlace | None, limit: int) -> Awaitable[Page[FungibleTransaction, BeforePlace]]:
        rows = fungible_transactions(
            chain_id, contract, account=query.account, kind=query.type, before=before, limit=limit
        )
        return read_page(services.pool, rows, None, limit)

    return await lists.of_fungible(chain_id, contract, query, TRANSACTIONS, read)


def _after_fungible(row: Fungible) -> AfterFungible:
    return AfterFungible(row.created_at, str(row.id))


def _after_holder(row: FungibleHolder) -> AfterFungibleHolder:
    return AfterFungibleHolder(str(row.balance), row.address)


def _before(row: FungibleTransaction) -> BeforePlace:
    return BeforePlace(row.place)


HOLDERS: Final = RowType(AfterFungibleHolder, holder_body, _after_holder)
TRANSACTIONS: Final = RowType(BeforePlace, transaction_body, _before)
