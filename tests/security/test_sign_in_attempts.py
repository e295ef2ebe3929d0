"""Section R of the attack cases: an attempt counts for the peer that made it, and is on file without a secret."""

from __future__ import annotations

import hashlib
import time
from uuid import uuid4

import asyncpg
import httpx
import pytest

from steadymint.identity.login_events import LoginEvents
from steadymint.identity.service import SignInService
from tests.support.sign_in import Desk, Wallet, nonce_for, sign_in, verify


async def test_r21_only_the_peer_counts_unless_a_proxy_of_ours_speaks(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    visitor.headers["x-forwarded-for"] = "1.2.3.4"
    await sign_in(visitor, wallet)
    filed = "SELECT host(ip) FROM auth_service.login_events WHERE account_id = $1"
    assert await desk.pool.fetchval(filed, wallet.address.lower()) == visitor._transport.client[0]  # type: ignore[attr-defined]


async def test_r23_one_ipv6_network_is_one_peer(desk: Desk, wallet: Wallet) -> None:
    body = {"accountId": wallet.address, "chainId": "eip155:31337", "domain": "market.example"}
    network = f"2001:db8:{int(time.time()) % 65536:x}:{id(wallet) % 65536:x}"
    status = 201
    for index in range(1_000):
        async with desk.visitor(f"{network}::{index + 1:x}") as each:
            status = (await each.post("/v1/auth/nonce", json=body)).status_code
        if status != 201:
            break
    assert status == 429
    async with desk.visitor("2001:db8:ffff:ffff::1") as other:
        assert (await other.post("/v1/auth/nonce", json=body)).status_code == 201


async def test_r24_an_attempt_that_cannot_be_put_on_file_has_not_been_made(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> bool:
        raise asyncpg.InterfaceError("connection is closed")

    monkeypatch.setattr(LoginEvents, "file_failure", away)  # put back on the object it would hide the class's for good
    answer = await verify(visitor, wallet.address, "no message", "0x")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")


async def test_an_attempt_that_fails_with_the_database_does_not_count_against_its_peer(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise asyncpg.InterfaceError("connection is closed")

    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    monkeypatch.setattr(SignInService, "verify", away)
    monkeypatch.setattr(LoginEvents, "file_failure", away)
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 503
    peer = visitor._transport.client[0]  # type: ignore[attr-defined]
    assert not await desk.redis.exists(f"limit:verify:{peer}")


async def test_r24_a_success_that_cannot_be_put_on_file_opens_no_session(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    guard = f"login_events_{uuid4().hex}"
    await desk.pool.execute(
        f"ALTER TABLE auth_service.login_events ADD CONSTRAINT {guard}"
        f" CHECK (result <> 'success' OR account_id <> '{wallet.address.lower()}') NOT VALID"
    )
    try:
        answer = await verify(visitor, wallet.address, text, wallet.sign(text))
        assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    finally:
        await desk.pool.execute(f"ALTER TABLE auth_service.login_events DROP CONSTRAINT {guard}")
    assert await desk.sessions(wallet.address) == 0
    assert await desk.events(wallet.address) == ["failed"]


async def test_no_log_of_attempts_holds_a_secret(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message(nonce).text()
    signature = wallet.sign(text)
    tokens = (await verify(visitor, wallet.address, text, signature)).json()
    await verify(visitor, wallet.address, text, signature)
    rows = await desk.pool.fetch(
        "SELECT e::text FROM auth_service.login_events e WHERE account_id = $1", wallet.address.lower()
    )
    filed = "".join(row[0] for row in rows)
    assert hashlib.sha256(nonce.encode()).hexdigest() in filed
    for secret in (nonce, signature[2:], tokens["accessToken"], tokens["refreshToken"], "Sign in to"):
        assert secret not in filed
