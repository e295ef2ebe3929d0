"""Whom the signed-in user's wallets let move what is theirs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.approvals import APPROVAL_PAGE_EXAMPLE, StandingApprovalPage
from api.accounts.views.approvals import approval_body
from api.http.answers import BAD_PAGE, answers
from api.http.etags import PRIVATE, answer
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.problems import responses
from api.http.queries import each_once
from api.root import PagesDep, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.stakes import Asked, stakes_of
from steadymint.domain.errors import UnauthorizedError
from steadymint.identity.wallets.approvals import AfterApproval, approvals_of

router = Router(prefix="/v1/me", tags=["Wallets"], dependencies=[Depends(each_once)])


@router.get(
    "/approvals",
    summary="Who may move what is yours",
    response_model=None,
    responses=answers(StandingApprovalPage, APPROVAL_PAGE_EXAMPLE, responses(UnauthorizedError), BAD_PAGE),
)
async def list_approvals(
    request: Request, services: ServicesDep, session: SessionDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """Operators for all tokens of a collection, and allowances of currencies, of all your wallets, as events have told
    them. To revoke one, prepare an approval with `approved: false`, or an allowance with amount 0."""
    pager = pages.of(query)
    rows = await approvals_of(services.pool, session.user_id, after=pager.after(AfterApproval), limit=pager.fetch)
    stakes = await stakes_of(
        services.pool, [Asked(row.owner, row.chain_id, row.contract, row.operator) for row in rows]
    )
    shown = list(zip(rows, stakes, strict=True))
    page = pager.page(shown, lambda pair: approval_body(*pair), lambda pair: pair[0].place)
    return answer(request, page, cache=PRIVATE)
