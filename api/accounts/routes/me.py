"""The signed-in user's own profile and preferences."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.me import ME_EXAMPLE, MeBody, MeChange
from api.accounts.views.me import me_body
from api.http.answers import BAD_INPUT, answers
from api.http.etags import PRIVATE, answer
from api.http.json_bodies import Router
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import Services, ServicesDep
from api.sessions import SessionDep
from steadymint.catalog.account_totals import totals_of
from steadymint.domain import errors
from steadymint.domain.types import UserId
from steadymint.identity.users import profiles
from steadymint.identity.wallets.reads import wallets_of

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])


@router.get(
    "/me",
    summary="The signed-in user",
    response_model=None,
    responses=answers(MeBody, ME_EXAMPLE, responses(errors.UnauthorizedError), BAD_INPUT),
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
    responses=answers(
        MeBody,
        ME_EXAMPLE,
        responses(
            errors.UnauthorizedError,
            errors.UsernameTakenError,
            errors.UsernameChangedRecentlyError,
            errors.InvalidInputError,
            errors.UnknownMediaError,
            errors.UpstreamUnavailableError,
        ),
    ),
)
async def patch_me(
    request: Request,
    services: ServicesDep,
    session: SessionDep,
    body: MeChange,
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Members that are left out stay, null clears one, unknown members are refused. All changes are made, or none."""
    if pictures := body.pictures():
        await services.media.assets.own_pictures(pictures, session.user_id)
    await profiles.change(
        services.pool,
        session.user_id,
        body.profile_changes(),
        body.preference_changes(),
        username=body.new_username(),
    )
    return await _me(request, services, session.user_id)


async def _me(request: Request, services: Services, user_id: UserId) -> Response:
    user = await profiles.user_by_id(services.pool, user_id)
    if user is None:  # the account was closed after the session began
        raise errors.UnauthorizedError
    wallets = await wallets_of(services.pool, user_id)
    # The catalog knows accounts, not users, so the counters of the user's wallets are added up.
    totals = await totals_of(services.pool, [wallet.account for wallet in wallets])
    base = services.settings.media.public_url.rstrip("/")
    return answer(request, me_body(user, wallets, totals, base), cache=PRIVATE)
