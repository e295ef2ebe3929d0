"""Whom the signed-in user's wallets let move what is theirs, and did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.approvals import (
    APPROVAL_HISTORY_EXAMPLE,
    APPROVAL_PAGE_EXAMPLE,
    ApprovalHistoryPage,
    ApprovalHistoryQuery,
    StandingApprovalPage,
)
from api.accounts.views.approvals import approval_body, change_body
from api.contracts import contract_asked
from api.http.answers import BAD_PAGE, MISSING, answers
from api.http.etags import PRIVATE, answer
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.problems import responses
from api.http.queries import each_once
from api.root import PagesDep, Services, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.stakes import Asked, stakes_of
from steadymint.domain.approvals import AskedApproval
from steadymint.domain.errors import RateLimitedError, UnauthorizedError
from steadymint.domain.sessions import Session
from steadymint.domain.slugs import address_in
from steadymint.domain.types import Address
from steadymint.identity.wallets.approvals import (
    AfterApproval,
    AfterChange,
    ChangeFilter,
    StandingApproval,
    approval_changes,
    approvals_of,
)
from steadymint.live.approval_checks import Version

CHECK_RATE: Final = 60
"""Pages a minute for which chains are asked on behalf of one user. Further ones are shown unconfirmed."""

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
    """Operators for all tokens of a collection, accounts that may move one token, and allowances of currencies, of all
    your wallets. Events have told of them, and the chain is asked whether they stand. What does not is left out, so a
    page may be short and the list goes on at its cursor. `revoke` is the body that takes one back."""
    pager = pages.of(query)
    rows = await approvals_of(services.pool, session.user_id, after=pager.after(AfterApproval), limit=pager.fetch)
    asked = [Asked(row.owner, row.chain_id, row.contract, row.operator, bool(row.token)) for row in rows]
    stakes, allowed = await stakes_of(services.pool, asked), await _allowed(services, session, rows)
    shown = list(zip(rows, stakes, allowed, strict=True))
    page = pager.page(shown, lambda one: None if one[2] == 0 else approval_body(*one), lambda one: one[0].place)
    page["items"] = [item for item in page["items"] if item is not None]
    return answer(request, page, cache=PRIVATE)


async def _allowed(services: Services, session: Session, rows: Sequence[StandingApproval]) -> Sequence[int | None]:
    """How much each operator may move now. None where the chain has not said it."""
    if not rows:
        return []
    try:
        await services.limiter.take_of_user("approvals", session.user_id, CHECK_RATE)
    except RateLimitedError:
        return [None] * len(rows)
    return await services.approval_checks.allowed([_version(row) for row in rows])


def _version(row: StandingApproval) -> Version:
    asked = AskedApproval(
        chain_id=row.chain_id,
        owner=row.owner,
        contract=row.contract,
        operator=row.operator,
        standard=row.standard,  # type: ignore[arg-type]
        token_id=row.token_id,
        block=row.block,
    )
    return Version(asked, row.tx_hash)


@router.get(
    "/approvals/history",
    summary="Who might move what is yours, and when",
    response_model=None,
    responses=answers(ApprovalHistoryPage, APPROVAL_HISTORY_EXAMPLE, responses(UnauthorizedError), MISSING, BAD_PAGE),
)
async def list_approval_history(
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    query: Annotated[ApprovalHistoryQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Every approval of your wallets and its end, as the chain has told them, newest first."""
    pager = pages.of(query)
    contract = await _contract(services, query)
    wanted = ChangeFilter(query.wallet, query.chain_id, contract, query.operator)
    rows = await approval_changes(
        services.pool, session.user_id, wanted, after=pager.after(AfterChange), limit=pager.fetch
    )
    return answer(request, pager.page(rows, change_body, lambda row: row.place), cache=PRIVATE)


async def _contract(services: Services, query: ApprovalHistoryQuery) -> Address | None:
    """Raises NotFoundError for a slug that no collection of the chain has."""
    if query.chain_id is None and query.contract is not None:
        return address_in(query.contract)
    return await contract_asked(services, query.chain_id, query.contract)
