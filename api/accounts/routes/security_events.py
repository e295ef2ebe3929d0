"""What is recorded about the signed-in user for the sake of security."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.security_events import SECURITY_EVENT_PAGE_EXAMPLE, SecurityEventPage
from api.accounts.views.security_events import security_event
from api.http.answers import BAD_PAGE, answers
from api.http.etags import PRIVATE, answer
from api.http.json_bodies import Router
from api.http.pagination import PageQuery
from api.http.problems import responses
from api.http.queries import each_once
from api.root import PagesDep, ServicesDep
from api.sessions import SessionDep
from steadymint.audit.reading import After, events_of_user
from steadymint.domain import errors

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])


@router.get(
    "/me/security-events",
    summary="What is recorded about your account's security",
    response_model=None,
    responses=answers(SecurityEventPage, SECURITY_EVENT_PAGE_EXAMPLE, responses(errors.UnauthorizedError), BAD_PAGE),
)
async def list_security_events(
    request: Request, services: ServicesDep, session: SessionDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """Newest first: refused sign-ins, reused refresh tokens, changes of wallets, limits that were reached, what
    operators have done to the account. Each is kept for a limited time."""
    pager = pages.of(query)
    rows = await events_of_user(services.pool, session.user_id, after=pager.after(After), limit=pager.fetch)
    return answer(request, pager.page(rows, security_event, lambda row: (row.at, row.id)), cache=PRIVATE)
