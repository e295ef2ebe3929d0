"""What is between users: following, blocking, and their lists."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from api.accounts.bodies.follows import USER_PAGE_EXAMPLE, UserPage
from api.accounts.routes.users import UsernamePath
from api.accounts.views.users import user_card
from api.http.answers import BAD_PAGE, CACHED, MISSING, answers
from api.http.etags import answer_to
from api.http.json_bodies import Router
from api.http.pagination import PageQuery, Pages
from api.http.problems import responses
from api.http.queries import NoQuery, each_once
from api.root import PagesDep, Services, ServicesDep
from api.sessions import OR_NOBODY, PossibleSessionDep, SessionDep
from steadymint.domain import errors
from steadymint.domain.sessions import Session
from steadymint.domain.types import UserId
from steadymint.identity.users import lists, profiles, relations
from steadymint.identity.users.lists import AfterUser, Walk
from steadymint.identity.users.privacy import Member
from steadymint.identity.users.relations import Other

RELATION_RATE: Final = 60
"""Follows, blocks and their ends of one user a minute, together. A person makes a few; each writes rows that others
see."""

_CHANGED: Final = responses(
    errors.UnauthorizedError,
    errors.NotFoundError,
    errors.InvalidInputError,
    errors.RateLimitedError,
    errors.UpstreamUnavailableError,
)
_LISTED: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": answers(UserPage, USER_PAGE_EXAMPLE, CACHED, responses(errors.UnauthorizedError), MISSING, BAD_PAGE),
    "openapi_extra": OR_NOBODY,
}

router = Router(prefix="/v1", tags=["Users"], dependencies=[Depends(each_once)])


@router.put(
    "/users/{username}/follow",
    summary="Follow a user",
    status_code=204,
    responses=_CHANGED | responses(errors.ConflictError, errors.UsernameNeededError),
)
async def follow_user(
    services: ServicesDep, session: SessionDep, username: UsernamePath, _: Annotated[NoQuery, Query()]
) -> Response:
    """Needs a username of your own, since others see who follows them. Following twice is no error."""
    other = await _other(services, session, username)
    await relations.follow(services.pool, session.user_id, other.user_id)
    return Response(status_code=204)


@router.delete("/users/{username}/follow", summary="Follow a user no longer", status_code=204, responses=_CHANGED)
async def unfollow_user(
    services: ServicesDep, session: SessionDep, username: UsernamePath, _: Annotated[NoQuery, Query()]
) -> Response:
    """It is no error if you did not follow the user."""
    other = await _other(services, session, username)
    await relations.unfollow(services.pool, session.user_id, other.user_id)
    return Response(status_code=204)


@router.put("/users/{username}/block", summary="Block a user", status_code=204, responses=_CHANGED)
async def block_user(
    services: ServicesDep, session: SessionDep, username: UsernamePath, _: Annotated[NoQuery, Query()]
) -> Response:
    """From then on you are not found by the user, and neither of you follows the other. They are not told."""
    other = await _other(services, session, username)
    await relations.block(services.pool, session.user_id, other.user_id)
    return Response(status_code=204)


@router.delete("/users/{username}/block", summary="Unblock a user", status_code=204, responses=_CHANGED)
async def unblock_user(
    services: ServicesDep, session: SessionDep, username: UsernamePath, _: Annotated[NoQuery, Query()]
) -> Response:
    """Follows do not come back. It is no error if the user was not blocked."""
    other = await _other(services, session, username)
    await relations.unblock(services.pool, session.user_id, other.user_id)
    return Response(status_code=204)


@router.get("/users/{username}/followers", summary="Who follows a user", **_LISTED)
async def list_followers(
    request: Request,
    services: ServicesDep,
    session: PossibleSessionDep,
    username: UsernamePath,
    query: Annotated[PageQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Newest first. Not found if you may not see this of the user."""
    user_id = await _whose(services, session, username, Member.FOLLOWERS)
    return await _page(request, services, session, pages, query, lists.FOLLOWERS, user_id)


@router.get("/users/{username}/following", summary="Whom a user follows", **_LISTED)
async def list_following(
    request: Request,
    services: ServicesDep,
    session: PossibleSessionDep,
    username: UsernamePath,
    query: Annotated[PageQuery, Query()],
    pages: PagesDep,
) -> Response:
    """Newest first. Not found if you may not see this of the user."""
    user_id = await _whose(services, session, username, Member.FOLLOWING)
    return await _page(request, services, session, pages, query, lists.FOLLOWING, user_id)


@router.get(
    "/me/blocks",
    summary="Whom you have blocked",
    response_model=None,
    responses=answers(UserPage, USER_PAGE_EXAMPLE, responses(errors.UnauthorizedError), BAD_PAGE),
)
async def list_blocks(
    request: Request, services: ServicesDep, session: SessionDep, query: Annotated[PageQuery, Query()], pages: PagesDep
) -> Response:
    """Newest first."""
    return await _page(request, services, session, pages, query, lists.BLOCKED, session.user_id)


async def _other(services: Services, session: Session, username: str) -> Other:
    """The user whom the caller means. Counts against the caller's limit."""
    await services.limiter.take_of_user("relations", session.user_id, RELATION_RATE)
    return await relations.other_user(services.pool, session.user_id, username)


async def _whose(services: Services, session: Session | None, username: str, member: Member) -> UserId:
    """The user whose list is asked for. Raises NotFoundError if the caller may not see it."""
    seen = await profiles.user_by_username(services.pool, username, session.user_id if session else None)
    if seen is None or member not in seen.visible:
        raise errors.NotFoundError
    return seen.user.profile.user_id


async def _page(
    request: Request,
    services: Services,
    session: Session | None,
    pages: Pages,
    query: PageQuery,
    walk: Walk,
    user_id: UserId,
) -> Response:
    pager, base = pages.of(query), services.settings.media.public_url.rstrip("/")
    found = await lists.related_users(
        services.pool,
        walk,
        user_id,
        viewer=session.user_id if session else None,
        after=pager.after(AfterUser),
        limit=pager.fetch,
    )
    page = pager.page(found.rows, lambda row: user_card(row[0], base), lambda row: row[1], resume=found.resume)
    return answer_to(request, page, signed_in=session is not None)
