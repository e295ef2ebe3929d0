"""The usernames behind addresses: one request for all addresses of a page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.names import NAMES_EXAMPLE, NamesBody, NamesQuery
from api.http import shown
from api.http.answers import BAD_INPUT, CACHED, answers
from api.http.etags import answer_to
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import each_once_but
from api.root import ServicesDep
from api.sessions import OR_NOBODY, PossibleSessionDep
from steadymint.domain.errors import UnauthorizedError
from steadymint.identity.users.naming import names_of

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once_but("address"))])


@router.get(
    "/usernames",
    summary="The names behind addresses",
    response_model=None,
    responses=answers(NamesBody, NAMES_EXAMPLE, CACHED, responses(UnauthorizedError), BAD_INPUT),
    openapi_extra=OR_NOBODY,
)
async def list_usernames(
    request: Request, services: ServicesDep, session: PossibleSessionDep, query: Annotated[NamesQuery, Query()]
) -> Response:
    """For a page that shows many accounts. An address is left out if nobody with a name shows it in their profile to
    you. A private profile shows none. A user who has blocked you shows you none."""
    viewer = session.user_id if session else None
    found = await names_of(services.pool, query.chain_id, query.address, viewer)
    body: NamesBody = {"items": [{"address": shown.address(one.address), "username": one.username} for one in found]}
    return answer_to(request, body, signed_in=session is not None)
