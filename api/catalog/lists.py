"""The lists of the catalog: one page is read, kept in the read cache, and answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

import asyncpg
from fastapi import Depends, Response

from api.catalog.cached import AnswersDep, CachedAnswers
from api.catalog.views.activity import activity_body
from api.catalog.views.tokens import holder_body
from api.http.pagination import PageQuery, Pages
from api.root import PagesDep, ServicesDep
from steadymint.catalog.reads.activity import Activity, Earlier
from steadymint.catalog.reads.collections import collection_exists
from steadymint.catalog.reads.fungibles import fungible_exists
from steadymint.catalog.reads.holdings import AfterHolding, Holding
from steadymint.catalog.reads.query import Page
from steadymint.catalog.reads.tokens import token_exists
from steadymint.domain.errors import NotFoundError
from steadymint.domain.types import Address, ChainId, TokenId

Row = TypeVar("Row")
Position = TypeVar("Position")

Read = Callable[[Position | None, int], Awaitable[Page[Row, Position]]]
"""Reads at most so many rows behind a position; None is the start of the list."""


@dataclass(frozen=True, slots=True)
class RowType(Generic[Row, Position]):
    """The rows of a list: how one is shown, and the position from which the list continues behind it."""

    position: type[Position]
    show: Callable[[Row], Any]
    position_of: Callable[[Row], Position]


class Lists:
    """What a list route asks for: given the type of the rows and how they are read, the response with one page.

    A list inside a collection or about a token raises NotFoundError if the page is empty because there is none.
    """

    def __init__(self, pool: asyncpg.Pool, answers: CachedAnswers, pages: Pages) -> None:
        self._pool = pool
        self._answers = answers
        self._pages = pages

    async def of_everything(
        self, query: PageQuery, rows: RowType[Row, Position], read: Read[Position, Row]
    ) -> Response:
        """A list over more than one collection."""
        return await self._answers.of_everything(self._page(query, rows, read))

    async def of_collection(
        self,
        chain_id: ChainId,
        contract: Address,
        query: PageQuery,
        rows: RowType[Row, Position],
        read: Read[Position, Row],
    ) -> Response:
        """A list inside one collection."""
        make = self._page(query, rows, read, lambda: collection_exists(self._pool, chain_id, contract), "collection")
        return await self._answers.of_collection(chain_id, contract, make)

    async def of_token(
        self,
        chain_id: ChainId,
        contract: Address,
        token_id: TokenId,
        query: PageQuery,
        rows: RowType[Row, Position],
        read: Read[Position, Row],
    ) -> Response:
        """A list about one token."""
        make = self._page(query, rows, read, lambda: token_exists(self._pool, chain_id, contract, token_id), "token")
        return await self._answers.of_collection(chain_id, contract, make)

    async def of_fungible(
        self,
        chain_id: ChainId,
        contract: Address,
        query: PageQuery,
        rows: RowType[Row, Position],
        read: Read[Position, Row],
    ) -> Response:
        """A list about one fungible token."""
        make = self._page(query, rows, read, lambda: fungible_exists(self._pool, chain_id, contract), "fungible token")
        return await self._answers.of_collection(chain_id, contract, make)

    def _page(
        self,
        query: PageQuery,
        rows: RowType[Row, Position],
        read: Read[Position, Row],
        exists: Callable[[], Awaitable[bool]] | None = None,
        subject: str = "",
    ) -> Callable[[], Awaitable[Any]]:
        """The function that makes the body. The cursor is checked at once, before the cache is asked."""
        pager = self._pages.of(query)
        after = pager.after(rows.position)

        async def make() -> Any:
            page = await read(after, pager.fetch)
            if not page.rows and exists is not None and not await exists():
                raise NotFoundError(f"The catalog has no such {subject}")
            return pager.page(page.rows, rows.show, rows.position_of, resume=page.resume)

        return make


async def _lists(services: ServicesDep, answers: AnswersDep, pages: PagesDep) -> Lists:
    return Lists(services.pool, answers, pages)


ListsDep = Annotated[Lists, Depends(_lists)]


def _after_holding(row: Holding) -> AfterHolding:
    return AfterHolding(str(row.token_id), row.owner)


def _earlier(row: Activity) -> Earlier:
    return Earlier(row.timestamp, row.block_number, row.log_index, row.batch_index, row.id)


HOLDINGS: Final = RowType(AfterHolding, holder_body, _after_holding)
ACTIVITY: Final = RowType(Earlier, activity_body, _earlier)
