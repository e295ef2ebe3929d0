"""The chains on which collections can be created."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.catalog.bodies.chains import EXAMPLE, ChainPage
from api.catalog.views.chains import chain_body
from api.http.answers import BAD_PAGE, CACHED, answers
from api.http.etags import answer
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.queries import each_once
from api.root import PagesDep, ServicesDep
from steadymint.catalog.chains import AfterChain, PublicChain, chains

router = Router(prefix="/v1", tags=["Chains"], dependencies=[Depends(each_once)])


@router.get(
    "/chains",
    summary="Enabled chains, by number",
    response_model=None,
    responses=answers(ChainPage, EXAMPLE, CACHED, BAD_PAGE),
)
async def list_chains(
    request: Request, services: ServicesDep, pages: PagesDep, query: Annotated[PageQuery, Query()]
) -> Response:
    """Their currency, confirmations and our contracts on them."""
    pager = pages.of(query)
    rows = await chains(after=pager.after(AfterChain), limit=pager.fetch).fetch(services.pool)
    nodes = services.settings.api.development_nodes
    return answer(request, pager.page(rows, lambda row: chain_body(row, nodes), _after))


def _after(row: PublicChain) -> AfterChain:
    return AfterChain(row.chain_numeric)
