"""Accounts: what they hold and what they did. An unknown account holds nothing."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Response

from api.catalog import examples
from api.catalog.bodies.accounts import AccountBody, HeldCollectionPage, HeldTokenPage
from api.catalog.bodies.activity import ActivityPage
from api.catalog.cached import AnswersDep
from api.catalog.lists import ACTIVITY, ListsDep, RowType
from api.catalog.paths import AccountPath
from api.catalog.queries import LISTS, AccountTokensQuery, ActivityQuery
from api.catalog.views.accounts import held_collection_body, held_token_body, market_body
from api.catalog.views.browser_urls import BrowserUrls
from api.contracts import contract_asked
from api.http import shown
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import NoQuery, each_once_but
from api.root import ServicesDep
from steadymint.catalog.reads.activity import Activity, Earlier, account_activity, read_feed
from steadymint.catalog.reads.held import (
    AfterHeldCollection,
    AfterHeldToken,
    HeldCollection,
    HeldToken,
    held_collections,
    held_tokens,
    last_held,
    last_held_collection,
    market_totals,
    portfolio,
)
from steadymint.catalog.reads.query import Page, read_page

SHOWN_COLLECTIONS = 12
"""Collections in the answer about an account. `.../collections` lists all of them."""

router = Router(prefix="/v1/accounts/{address}", tags=["Catalog"], dependencies=[Depends(each_once_but(*LISTS))])


@router.get(
    "",
    summary="An account's portfolio",
    response_model=None,
    responses=answers(AccountBody, examples.ACCOUNT, CACHED, BAD_INPUT),
)
async def get_account(
    services: ServicesDep, reply: AnswersDep, account: AccountPath, _: Annotated[NoQuery, Query()]
) -> Response:
    """Totals over all chains, the collections of which it holds most, and its market activity by chain."""
    urls = BrowserUrls.of(services.settings)

    async def make() -> AccountBody:
        held = await held_collections(account, after=None, limit=SHOWN_COLLECTIONS).fetch(services.pool)
        totals = await portfolio(account).first(services.pool)
        market = await market_totals(account).fetch(services.pool)
        assert totals is not None, "an aggregate has a row"
        return {
            "address": shown.address(account),
            "collectionCount": totals.collections,
            "items": str(totals.items),
            "collections": [held_collection_body(row, urls) for row in held],
            "market": [market_body(row) for row in market],
        }

    return await reply.of_everything(make)


@router.get(
    "/collections",
    summary="Collections of which an account holds tokens",
    response_model=None,
    responses=answers(HeldCollectionPage, examples.page_of(examples.HELD_COLLECTION), CACHED, BAD_PAGE),
)
async def list_account_collections(
    services: ServicesDep,
    lists: ListsDep,
    account: AccountPath,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """The collections of which it holds most come first."""
    show = partial(held_collection_body, urls=BrowserUrls.of(services.settings))

    def read(after: AfterHeldCollection | None, limit: int) -> Awaitable[Page[HeldCollection, AfterHeldCollection]]:
        rows, end = held_collections(account, after=after, limit=limit), last_held_collection(account, after)
        return read_page(services.pool, rows, end, limit)

    return await lists.of_everything(query, RowType(AfterHeldCollection, show, _after_held_collection), read)


@router.get(
    "/tokens",
    summary="What an account holds",
    response_model=None,
    responses=answers(HeldTokenPage, examples.page_of(examples.HELD_TOKEN), CACHED, MISSING, BAD_PAGE),
)
async def list_account_tokens(
    services: ServicesDep,
    lists: ListsDep,
    account: AccountPath,
    query: Annotated[AccountTokensQuery, Query()],
) -> Response:
    """Tokens of both standards with quantities, by chain, collection and token id. An unknown account holds none."""
    show = partial(held_token_body, urls=BrowserUrls.of(services.settings))
    chain_id = query.chain_id
    contract = await contract_asked(services, chain_id, query.contract)

    def read(after: AfterHeldToken | None, limit: int) -> Awaitable[Page[HeldToken, AfterHeldToken]]:
        token_id = query.token_id
        rows = held_tokens(
            account,
            after=after,
            limit=limit,
            chain_id=chain_id,
            contract=contract,
            token_id=token_id,
            spam=query.include_spam,
        )
        end = last_held(account, after=after, chain_id=chain_id, contract=contract, token_id=token_id)
        return read_page(services.pool, rows, end, limit)

    return await lists.of_everything(query, RowType(AfterHeldToken, show, _after_held_token), read)


@router.get(
    "/activity",
    summary="What an account did or received, newest first",
    response_model=None,
    responses=answers(ActivityPage, examples.page_of(examples.ACTIVITY), CACHED, BAD_PAGE),
)
async def list_account_activity(
    services: ServicesDep,
    lists: ListsDep,
    account: AccountPath,
    query: Annotated[ActivityQuery, Query()],
) -> Response:
    """What it sent, received, minted, burned, listed, bid on or sold, on every chain."""

    def read(after: Earlier | None, limit: int) -> Awaitable[Page[Activity, Earlier]]:
        return read_feed(services.pool, account_activity(account, query.asked, after=after, limit=limit), limit)

    return await lists.of_everything(query, ACTIVITY, read)


def _after_held_token(row: HeldToken) -> AfterHeldToken:
    return AfterHeldToken(row.chain_id, row.contract_address, str(row.token_number))


def _after_held_collection(row: HeldCollection) -> AfterHeldCollection:
    return AfterHeldCollection(str(row.quantity), str(row.collection_id))
