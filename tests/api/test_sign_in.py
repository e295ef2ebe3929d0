"""Signing in over HTTP, on real stores and a real Temporal."""

from __future__ import annotations

import httpx
import pytest

from tests.support.sign_in import CHAIN, Desk, Wallet, bearer, nonce_for, sign_in, verify


async def test_a_signed_message_gets_tokens_for_a_user_with_everything_that_belongs_to_one(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    assert tokens["address"] == wallet.address
    assert tokens["chainId"] == CHAIN
    row = await desk.pool.fetchrow(
        """
        SELECT u.status, w.is_primary, w.type, a.action, v.status AS verification, s.refresh_hash, e.result, n.used
        FROM user_service.users u
        JOIN user_service.profiles USING (user_id)
        JOIN user_service.user_preferences USING (user_id)
        JOIN user_service.user_stats USING (user_id)
        JOIN wallet_service.wallet_links w USING (user_id)
        JOIN wallet_service.wallet_activity a USING (wallet_id)
        JOIN wallet_service.wallet_verifications v USING (wallet_id)
        JOIN auth_service.sessions s USING (user_id)
        JOIN auth_service.login_events e USING (session_id)
        JOIN auth_service.auth_nonces n ON n.nonce_hash = s.nonce_hash
        WHERE u.user_id = $1
        """,
        tokens["userId"],
    )
    assert dict(row) | {"refresh_hash": None} == {
        "status": "active",
        "is_primary": True,
        "type": "eoa",
        "action": "linked",
        "verification": "verified",
        "refresh_hash": None,
        "result": "success",
        "used": True,
    }
    assert tokens["refreshToken"] not in row["refresh_hash"]
    listed = await visitor.get("/v1/auth/sessions", headers=bearer(tokens))
    assert [item["current"] for item in listed.json()["items"]] == [True]


@pytest.mark.parametrize("peer", ["a-local-socket", "fe80::1%eth0", "::ffff:192.0.2.7"])
async def test_a_peer_without_a_plain_address_signs_in_all_the_same(desk: Desk, wallet: Wallet, peer: str) -> None:
    async with desk.visitor(peer) as visitor:
        await sign_in(visitor, wallet)
    assert await desk.events(wallet.address) == ["success"]


@pytest.mark.parametrize(
    "agent", ["a\x1b[31mred", "x" * 10_000, "\u00e9", "\x7f\x80"], ids=["color", "long", "accent", "control"]
)
async def test_a12_a_user_agent_is_kept_without_what_could_forge_a_log(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, agent: str
) -> None:
    visitor.headers["user-agent"] = agent.encode("latin-1").decode("latin-1")
    tokens = await sign_in(visitor, wallet)
    kept = await desk.pool.fetchval("SELECT ua FROM auth_service.login_events WHERE user_id = $1", tokens["userId"])
    assert kept.isprintable()
    assert len(kept) <= 256 * 4


async def test_casing_of_the_account_in_the_request_does_not_matter(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    users = set()
    for account in (wallet.address, wallet.address.lower(), "0x" + wallet.address[2:].upper()):
        text = wallet.message(await nonce_for(visitor, account)).text()
        answer = await verify(visitor, account, text, wallet.sign(text))
        assert answer.status_code == 200
        assert answer.json()["address"] == wallet.address
        users.add(answer.json()["userId"])
    assert len(users) == 1


async def test_answers_with_tokens_are_not_stored(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert answer.headers["cache-control"] == "no-store"


async def test_the_contract_of_sign_in_is_described(visitor: httpx.AsyncClient) -> None:
    paths = (await visitor.get("/openapi.json")).json()["paths"]
    assert {path: sorted(paths[path]) for path in paths if path.startswith("/v1/auth")} == {
        "/v1/auth/nonce": ["post"],
        "/v1/auth/verify": ["post"],
        "/v1/auth/refresh": ["post"],
        "/v1/auth/logout": ["post"],
        "/v1/auth/sessions": ["get"],
        "/v1/auth/sessions/{sessionId}": ["delete"],
    }
    assert paths["/v1/auth/logout"]["post"]["security"]
    described = paths["/v1/auth/verify"]["post"]["responses"]["401"]["content"]["application/problem+json"]["examples"]
    assert {"invalid_message", "invalid_signature", "invalid_nonce", "expired_nonce"} <= described.keys()
