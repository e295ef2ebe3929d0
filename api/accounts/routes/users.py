"""Users as others see them: one, and those whose name begins with a text."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from api.accounts.bodies.follows import USER_PAGE_EXAMPLE, UserPage
from api.accounts.bodies.users import USER_EXAMPLE, UserBody, UsersQuery
from api.accounts.views.users import user_body, user_card, with_viewer
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.etags import answer_to
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import PagesDep, ServicesDep
from api.sessions import OR_NOBODY, PossibleSessionDep
from steadymint.catalog.account_totals import totals_of
from steadymint.domain.errors import NotFoundError, UnauthorizedError
from steadymint.identity.users import profiles
from steadymint.identity.users.lists import users_by_prefix
from steadymint.identity.users.privacy import Member
from steadymint.identity.wallets.reads import wallets_of

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])

UsernamePath = Annotated[str, Path(max_length=64, description="In any casing.")]


@router.get(
    "/users",
    summary="Users by the beginning of their name",
    response_model=None,
    responses=answers(UserPage, USER_PAGE_EXAMPLE, CACHED, responses(UnauthorizedError), BAD_PAGE),
    openapi_extra=OR_NOBODY,
)
async def search_users(
    request: Request,
    services: ServicesDep,
    session: PossibleSessionDep,
    query: Annotated[UsersQuery, Query()],
    pages: PagesDep,
) -> Response:
    """In alphabetical order, digits and `_` before the letters. Name and picture only, for every level of privacy.
    With a token, users who have blocked you are left out."""
    pager, base = pages.of(query), services.settings.media.public_url.rstrip("/")
    viewer = session.user_id if session else None
    found = await users_by_prefix(services.pool, query.prefix, viewer=viewer, after=pager.after(str), limit=pager.fetch)
    page = pager.page(found.rows, lambda row: user_card(row[0], base), lambda row: row[1], resume=found.resume)
    return answer_to(request, page, signed_in=session is not None)


@router.get(
    "/users/{username}",
    summary="One user",
    response_model=None,
    responses=answers(UserBody, USER_EXAMPLE, CACHED, responses(UnauthorizedError), MISSING, BAD_INPUT),
    openapi_extra=OR_NOBODY,
)
async def get_user(
    request: Request,
    services: ServicesDep,
    session: PossibleSessionDep,
    username: UsernamePath,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Everyone sees name and picture. The user's `privacyLevel` says who sees the rest: everyone, nobody, or those
    with whom the user follows each other. A user who has blocked you is not found."""
    seen = await profiles.user_by_username(services.pool, username, session.user_id if session else None)
    if seen is None:
        raise NotFoundError
    address = totals = None
    if seen.visible & {Member.ADDRESS, Member.STATS}:
        wallets = await wallets_of(services.pool, seen.user.profile.user_id)
        address = next((wallet.address for wallet in wallets if wallet.is_primary), None)
        totals = await totals_of(services.pool, [wallet.account for wallet in wallets])
    body = user_body(seen, address, totals, services.settings.media.public_url.rstrip("/"))
    if session is not None and not seen.relation.is_self:
        body = with_viewer(body, seen.relation)
    return answer_to(request, body, signed_in=session is not None)
