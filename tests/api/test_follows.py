"""What is between users: following, blocking, and what it does to what they see of each other."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest

from api.accounts.routes import follows
from tests.support.problems import problem_of
from tests.support.profiles import member
from tests.support.sign_in import Desk, Wallet, bearer, sign_in


async def test_friends_are_those_who_follow_each_other(visitor: httpx.AsyncClient) -> None:
    zoe = await member(visitor, bio="secret", preferences={"privacyLevel": "friends"})
    adam = await member(visitor)
    assert await adam.status("PUT", zoe, "/follow") == 204
    assert await adam.status("PUT", zoe, "/follow") == 204, "twice is once"
    seen = await adam.sees(zoe)
    assert ("bio" in seen, seen["viewer"]) == (False, {"follows": True, "followedBy": False, "blocked": False})
    assert await adam.status("GET", zoe, "/followers") == 404
    assert await zoe.status("PUT", adam, "/follow") == 204
    seen = await adam.sees(zoe)
    assert (seen["bio"], seen["stats"]["followers"], seen["stats"]["following"]) == ("secret", 1, 1)
    assert seen["viewer"] == {"follows": True, "followedBy": True, "blocked": False}
    assert await adam.names(f"/v1/users/{zoe.name}/followers") == [adam.name]
    assert await adam.status("DELETE", zoe, "/follow") == 204
    assert await adam.status("DELETE", zoe, "/follow") == 204, "twice is once"
    assert "bio" not in await adam.sees(zoe)


async def test_lists_are_newest_first_page_by_page_and_leave_out_who_is_not_active(
    desk: Desk, visitor: httpx.AsyncClient
) -> None:
    star, *fans = [await member(visitor) for _ in range(6)]
    for fan in fans:
        assert await fan.status("PUT", star, "/follow") == 204
        assert await star.status("PUT", fan, "/follow") == 204
    await desk.pool.execute(
        "UPDATE user_service.users SET status = 'banned' WHERE user_id = $1", uuid.UUID(fans[2].tokens["userId"])
    )
    expected = [fans[index].name for index in (4, 3, 1, 0)]
    for part in ("followers", "following"):
        path = f"/v1/users/{star.name}/{part}"
        assert await fans[0].names(path, limit=2) == expected
        cursor = (await visitor.get(path, params={"limit": 1})).json()["nextCursor"]
        elsewhere = await visitor.get(f"/v1/users/{fans[0].name}/{part}", params={"cursor": cursor})
        assert problem_of(elsewhere, 422)["code"] == "invalid_cursor"


async def test_who_is_blocked_finds_nothing_of_the_other_and_follows_end(visitor: httpx.AsyncClient) -> None:
    zoe, adam, third = await member(visitor), await member(visitor), await member(visitor)
    for one, other in ((adam, zoe), (zoe, adam), (zoe, third), (third, zoe)):
        assert await one.status("PUT", other, "/follow") == 204
    assert await zoe.status("PUT", adam, "/block") == 204
    assert await zoe.status("PUT", adam, "/block") == 204, "twice is once"
    for method, what in (
        ("GET", ""),
        ("GET", "/followers"),
        ("GET", "/following"),
        ("PUT", "/follow"),
        ("DELETE", "/follow"),
        ("PUT", "/block"),
        ("DELETE", "/block"),
    ):
        assert await adam.status(method, zoe, what) == 404, (method, what)
    for path in (f"/v1/users/{third.name}/followers", f"/v1/users/{third.name}/following"):
        assert await adam.names(path) == [], "the other is in no list either"
        assert await third.names(path) == [zoe.name]
    found = await adam.do("GET", "/v1/users", prefix=zoe.name)
    assert found.json()["items"] == []
    seen = await zoe.sees(adam)
    assert seen["viewer"] == {"follows": False, "followedBy": False, "blocked": True}
    assert (seen["stats"]["followers"], seen["stats"]["following"]) == (0, 0)
    assert await zoe.status("PUT", adam, "/follow") == 409
    assert await zoe.names("/v1/me/blocks") == [adam.name]
    assert await zoe.status("DELETE", adam, "/block") == 204
    assert await zoe.names("/v1/me/blocks") == []
    assert (await adam.sees(zoe))["viewer"]["follows"] is False, "follows do not come back"


async def test_a_block_and_a_follow_at_once_never_both_stand(desk: Desk, visitor: httpx.AsyncClient) -> None:
    for _ in range(5):
        zoe, adam = await member(visitor), await member(visitor)
        await asyncio.gather(
            zoe.status("PUT", adam, "/block"), adam.status("PUT", zoe, "/follow"), zoe.status("PUT", adam, "/follow")
        )
        left = await desk.pool.fetchval(
            "SELECT count(*) FROM user_service.user_follows WHERE follower_id = ANY($1)",
            [uuid.UUID(one.tokens["userId"]) for one in (zoe, adam)],
        )
        assert left == 0


async def test_nobody_follows_or_blocks_themselves_or_a_stranger_to_us(visitor: httpx.AsyncClient) -> None:
    zoe = await member(visitor)
    for what in ("/follow", "/block"):
        refused = problem_of(await zoe.do("PUT", f"/v1/users/{zoe.name}{what}"), 422)
        assert refused["fields"] == [{"field": "path.username", "reason": "is your own"}]
        assert (await zoe.do("PUT", f"/v1/users/nobody_at_all{what}")).status_code == 404
        assert (await visitor.put(f"/v1/users/{zoe.name}{what}")).status_code == 401


async def test_who_follows_has_a_name(visitor: httpx.AsyncClient) -> None:
    zoe, nameless = await member(visitor), await sign_in(visitor, Wallet())
    path = f"/v1/users/{zoe.name}/follow"
    assert problem_of(await visitor.put(path, headers=bearer(nameless)), 409)["code"] == "username_needed"


async def test_a_flood_of_follows_is_stopped(visitor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "RELATION_RATE", 2)
    zoe, adam = await member(visitor), await member(visitor)
    statuses = [await zoe.status("PUT", adam, "/follow") for _ in range(3)]
    assert statuses == [204, 204, 429]
