"""Search over the names of collections and tokens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response
from pydantic import BeforeValidator, Field

from api.catalog import examples
from api.catalog.bodies.search import SearchBody
from api.catalog.cached import AnswersDep
from api.catalog.queries import Switch, Words
from api.catalog.views.browser_urls import BrowserUrls
from api.catalog.views.collections import collection_body
from api.catalog.views.search import found_token_body
from api.http.answers import BAD_INPUT, CACHED, answers
from api.http.json_bodies import Router
from api.http.pagination import plain_decimal
from api.http.queries import NoQuery, each_once
from api.root import ServicesDep
from steadymint.catalog.reads.search import FOUND, found_collections, search_tokens

router = Router(prefix="/v1", tags=["Catalog"], dependencies=[Depends(each_once)])


class SearchQuery(NoQuery):
    q: Words = Field(description="Words of a name. The last may be the beginning of one.", examples=["first li"])
    kind: Literal["all", "collections", "tokens"] = Field("all", description="What to look for.")
    include_spam: Switch = Field(False, description="Also find tokens that an operator has marked as spam.")
    limit: Annotated[int, BeforeValidator(plain_decimal)] = Field(
        10, ge=1, le=FOUND, description=f"Most of each kind, 1 to {FOUND}."
    )


@router.get(
    "/search",
    summary="Find collections and tokens by name",
    response_model=None,
    responses=answers(SearchBody, examples.SEARCH, CACHED, BAD_INPUT),
)
async def search(services: ServicesDep, reply: AnswersDep, query: Annotated[SearchQuery, Query()]) -> Response:
    """All words must be in the name, in any order; case and accents do not matter. Collections with exactly this name
    come first, then verified ones, then by volume. There are no pages: ask for more words, or list a collection's
    tokens with `q`."""
    urls = BrowserUrls.of(services.settings)

    async def make() -> Any:
        collections = (
            await found_collections(query.q, query.limit).fetch(services.pool) if query.kind != "tokens" else []
        )
        tokens = (
            await search_tokens(services.pool, query.q, spam=query.include_spam, limit=query.limit)
            if query.kind != "collections"
            else []
        )
        return {
            "collections": [collection_body(row, urls) for row in collections],
            "tokens": [found_token_body(row, urls) for row in tokens],
        }

    return await reply.of_everything(make)
