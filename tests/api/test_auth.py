"""Signing in over HTTP, on real stores and a real Temporal."""

from __future__ import annotations

import httpx

from tests.support.sign_in import CHAIN, Desk, Wallet, bearer, sign_in


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
