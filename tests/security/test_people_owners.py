"""Who may ask which route about people: every route of the two subjects, for every kind of caller."""

from __future__ import annotations

from typing import Final

import httpx
import pytest

from api.accounts.routes import follows, me, users
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.standing import Standing
from tests.support.profiles import Member, member
from tests.support.sign_in import Desk

# The status for: nobody, a stranger, somebody whom the user has blocked, the user, a suspended user. The user, whom
# `{username}` names, has a public profile.
STATUSES: Final = """
    GET    /v1/me                           401 200 200 200 401
    PATCH  /v1/me                           401 200 200 200 401
    GET    /v1/me/blocks                    401 200 200 200 401
    GET    /v1/users                        200 200 200 200 401
    GET    /v1/users/{username}             200 200 404 200 401
    GET    /v1/users/{username}/followers   200 200 404 200 401
    GET    /v1/users/{username}/following   200 200 404 200 401
    PUT    /v1/users/{username}/follow      401 204 404 422 401
    DELETE /v1/users/{username}/follow      401 204 404 422 401
    PUT    /v1/users/{username}/block       401 204 404 422 401
    DELETE /v1/users/{username}/block       401 204 404 422 401
"""
TABLE: Final = {
    (method, path): list(map(int, statuses))
    for method, path, *statuses in map(str.split, STATUSES.strip().splitlines())
}


def test_no_route_is_left_out() -> None:
    served = {
        (method, route.path)
        for subject in (me, users, follows)
        for route in subject.router.routes
        for method in route.methods
    }
    assert set(TABLE) == served


@pytest.fixture
async def callers(desk: Desk, visitor: httpx.AsyncClient) -> list[Member | None]:
    """In the order of the table."""
    stranger, blocked, user, suspended = [await member(visitor) for _ in range(4)]
    assert await user.status("PUT", blocked, "/block") == 204
    standing = Standing(desk.pool, Revocation(Sessions(desk.pool, 3_600, 3_600, 3_600), desk.redis, 900))
    found = await standing.find(suspended.name)
    await standing.change(found.user_id, "suspended", reason="a test", operator="test")
    return [None, stranger, blocked, user, suspended]


async def test_every_route_answers_each_caller_as_the_table_says(
    visitor: httpx.AsyncClient, callers: list[Member | None]
) -> None:
    user = callers[3]
    assert user is not None
    found = {place: [await _status(visitor, caller, user, *place) for caller in callers] for place in TABLE}
    assert found == TABLE


async def _status(visitor: httpx.AsyncClient, caller: Member | None, user: Member, method: str, path: str) -> int:
    asked = path.replace("{username}", user.name)
    headers = {} if caller is None else {"authorization": f"Bearer {caller.tokens['accessToken']}"}
    params = {"prefix": user.name} if path == "/v1/users" else {}
    json = {"bio": "mine"} if method == "PATCH" else None
    return (await visitor.request(method, asked, headers=headers, params=params, json=json)).status_code
