"""Section R of the attack cases: a session is seen and ended by its owner only, and its end holds at once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tests.support.sign_in import Desk, Wallet, allowed, bearer, sign_in


async def session_id_of(desk: Desk, wallet: Wallet) -> Any:
    return await desk.pool.fetchval(
        "SELECT session_id FROM auth_service.sessions WHERE address = $1 ORDER BY created_at DESC LIMIT 1",
        wallet.address.lower(),
    )


@pytest.mark.parametrize("flushed", [False, True])
async def test_a_logout_holds_at_once_and_after_a_flush(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, flushed: bool
) -> None:
    tokens = await sign_in(visitor, wallet)
    other = await sign_in(visitor, wallet)
    session_id = jwt.decode(tokens["accessToken"], options={"verify_signature": False})["sid"]
    assert (await visitor.post("/v1/auth/logout", headers=bearer(tokens))).status_code == 204
    assert await desk.redis.exists(f"session:blacklist:{session_id}")
    if flushed:
        await desk.redis.flushall()
    assert not await allowed(visitor, tokens)
    assert await allowed(visitor, other)


async def test_what_redis_blacklists_is_refused(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    await desk.redis.set(f"session:blacklist:{await session_id_of(desk, wallet)}", "1", ex=60)
    assert not await allowed(visitor, tokens)


async def test_r12_a_session_is_seen_and_ended_by_its_owner_only(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    mine = await sign_in(visitor, wallet)
    stranger = await sign_in(visitor, Wallet())
    session_id = await session_id_of(desk, wallet)
    listed = (await visitor.get("/v1/auth/sessions", headers=bearer(stranger))).json()["items"]
    assert str(session_id) not in [item["sessionId"] for item in listed]
    for target in (session_id, uuid4()):
        answer = await visitor.delete(f"/v1/auth/sessions/{target}", headers=bearer(stranger))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await allowed(visitor, mine)
    assert (await visitor.delete(f"/v1/auth/sessions/{session_id}", headers=bearer(mine))).status_code == 204
    assert not await allowed(visitor, mine)


async def test_sessions_are_listed_newest_first_in_pages(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = [await sign_in(visitor, wallet) for _ in range(5)][-1]
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await visitor.get("/v1/auth/sessions", headers=bearer(tokens), params=params)).json()
        found += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert len({item["sessionId"] for item in found}) == 5
    assert [item["createdAt"] for item in found] == sorted((item["createdAt"] for item in found), reverse=True)
    assert [item["current"] for item in found] == [True, False, False, False, False]
