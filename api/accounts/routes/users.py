"""Users as everyone sees them: one, and those whose name begins with a text."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from api.accounts.bodies.users import USER_EXAMPLE, USER_PAGE_EXAMPLE, UserBody, UserPage, UsersQuery
from api.accounts.views.users import user_body, user_card
from api.http.answers import BAD_INPUT, BAD_PAGE, CACHED, MISSING, answers
from api.http.etags import answer
from api.http.json_bodies import Router
from api.http.queries import NoQuery, each_once
from api.root import PagesDep, ServicesDep
from steadymint.catalog.account_totals import totals_of
from steadymint.domain.errors import NotFoundError
from steadymint.identity.users import profiles
from steadymint.identity.users.lists import users_by_prefix

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])

UsernamePath = Annotated[str, Path(max_length=64, description="In any casing.")]


@router.get(
    "/users",
    summary="Users by the beginning of their name",
    response_model=None,
    responses=answers(UserPage, USER_PAGE_EXAMPLE, CACHED, BAD_PAGE),
)
async def search_users(
    request: Request, services: ServicesDep, query: Annotated[UsersQuery, Query()], pages: PagesDep
) -> Response:
    """In alphabetical order, `_` before the letters. Name and picture only, for every level of privacy."""
    pager, base = pages.of(query), services.settings.media.public_url.rstrip("/")
    rows = await users_by_prefix(services.pool, query.prefix, after=pager.after(str), limit=pager.fetch)
    return answer(request, pager.page(rows, lambda row: user_card(row, base), lambda row: row.username.lower()))


@router.get(
    "/users/{username}",
    summary="One user",
    response_model=None,
    responses=answers(UserBody, USER_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_user(
    request: Request, services: ServicesDep, username: UsernamePath, _: Annotated[NoQuery, Query()]
) -> Response:
    """A public profile. If a profile is not public, only the name and the picture are shown."""
    user = await profiles.user_by_username(services.pool, username)
    if user is None:
        raise NotFoundError
    wallets = await profiles.wallets_of(services.pool, user.profile.user_id)
    address = next((wallet.address for wallet in wallets if wallet.is_primary), None)
    totals = await totals_of(services.pool, [(wallet.address, wallet.chain_id) for wallet in wallets])
    return answer(request, user_body(user, address, totals, services.settings.media.public_url.rstrip("/")))
