"""Who may ask which route about people: every route of the subjects, for every kind of caller."""

from __future__ import annotations

from typing import Final

import httpx
import pytest

from api.accounts.routes import approvals, follows, me, users, wallets
from steadymint.identity.sessions.revocation import Revocation
from steadymint.identity.sessions.store import Sessions
from steadymint.identity.users.standing import Standing
from tests.support.profiles import Member, member
from tests.support.sign_in import DOMAIN, Desk

# The status for: nobody, a stranger, somebody whom the user has blocked, the user, a suspended user. The user, whom
# `{username}` and `{address}` name, has a public profile and one wallet. What is handed in to be linked is no proof.
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
    GET    /v1/me/wallets                   401 200 200 200 401
    GET    /v1/me/approvals                 401 200 200 200 401
    POST   /v1/me/wallets                   401 422 422 422 401
    POST   /v1/me/wallets/nonce             401 201 201 201 401
    PUT    /v1/me/wallets/{address}/primary 401 404 404 204 401
    PATCH  /v1/me/wallets/{address}         401 404 404 204 401
    DELETE /v1/me/wallets/{address}         401 404 404 409 401
    GET    /v1/me/wallets/{address}/activity        401 404 404 200 401
    GET    /v1/me/wallets/{address}/verifications   401 404 404 200 401
"""
TABLE: Final = {
    (method, path): list(map(int, statuses))
    for method, path, *statuses in map(str.split, STATUSES.strip().splitlines())
}


def test_no_route_is_left_out() -> None:
    served = {
        (method, route.path)
        for subject in (me, users, follows, wallets, approvals)
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
    asked = path.replace("{username}", user.name).replace("{address}", user.tokens["address"])
    headers = {} if caller is None else {"authorization": f"Bearer {caller.tokens['accessToken']}"}
    params = {"prefix": user.name} if path == "/v1/users" else {}
    return (
        await visitor.request(method, asked, headers=headers, params=params, json=BODIES.get((method, path)))
    ).status_code


BODIES: Final = {
    ("PATCH", "/v1/me"): {"bio": "mine"},
    ("PATCH", "/v1/me/wallets/{address}"): {"label": "mine"},
    ("POST", "/v1/me/wallets/nonce"): {"domain": DOMAIN},
    ("POST", "/v1/me/wallets"): {"accountId": "0x" + "a1" * 20, "message": "none", "signature": "0x"},
}
