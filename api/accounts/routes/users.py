"""Users: public profiles, and the signed-in user's own profile and preferences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from api.accounts.bodies.users import ME_EXAMPLE, USER_EXAMPLE, MeBody, MeChange, UserBody
from api.accounts.views.users import me_body, user_body
from api.http.answers import BAD_INPUT, CACHED, MISSING, answers
from api.http.etags import PRIVATE, answer
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import Services, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.account_totals import AccountTotals, totals_of
from steadymint.domain.errors import NotFoundError, UnauthorizedError, UsernameTakenError
from steadymint.domain.types import UserId
from steadymint.identity.users import profiles
from steadymint.identity.users.profiles import UserWallet

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])


@router.get(
    "/users/{username}",
    summary="One user",
    response_model=None,
    responses=answers(UserBody, USER_EXAMPLE, CACHED, MISSING, BAD_INPUT),
)
async def get_user(
    request: Request,
    services: ServicesDep,
    username: Annotated[str, Path(max_length=64, description="In any casing.")],
    _: Annotated[NoQuery, Query()],
) -> Response:
    """A public profile. If a profile is not public, only the name and the picture are shown."""
    user = await profiles.user_by_username(services.pool, username)
    if user is None:
        raise NotFoundError
    wallets = await profiles.wallets_of(services.pool, user.profile.user_id)
    address = next((wallet.address for wallet in wallets if wallet.is_primary), None)
    return answer(request, user_body(user, address, await _totals(services, wallets)))


@router.get(
    "/me",
    summary="The signed-in user",
    response_model=None,
    responses=answers(MeBody, ME_EXAMPLE, responses(UnauthorizedError), BAD_INPUT),
)
async def get_me(
    request: Request, services: ServicesDep, session: SessionDep, _: Annotated[NoQuery, Query()]
) -> Response:
    """Profile, preferences, counters and wallets."""
    return await _me(request, services, session.user_id)


@router.patch(
    "/me",
    summary="Change the signed-in user's profile and preferences",
    response_model=None,
    responses=answers(MeBody, ME_EXAMPLE, responses(UnauthorizedError, UsernameTakenError), BAD_INPUT),
)
async def patch_me(
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    body: MeChange,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Members that are left out stay, null clears one, unknown members are refused. All changes are made, or none."""
    await profiles.change(services.pool, session.user_id, body.profile_changes(), body.preference_changes())
    return await _me(request, services, session.user_id)


async def _me(request: Request, services: Services, user_id: UserId) -> Response:
    user = await profiles.user_by_id(services.pool, user_id)
    if user is None:  # the account was closed after the session began
        raise UnauthorizedError
    wallets = await profiles.wallets_of(services.pool, user_id)
    return answer(request, me_body(user, wallets, await _totals(services, wallets)), cache=PRIVATE)


async def _totals(services: Services, wallets: Sequence[UserWallet]) -> AccountTotals:
    """The counters of the user's wallets. The catalog knows accounts, not users, so they are added up here."""
    return await totals_of(services.pool, [(wallet.address, wallet.chain_id) for wallet in wallets])
