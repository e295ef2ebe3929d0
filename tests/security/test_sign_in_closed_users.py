"""Section R of the attack cases: a closed user and an unlinked wallet keep no session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import pytest

from tests.support.sign_in import Desk, Wallet, allowed, nonce_for, refresh, sign_in, verify


async def close_user(pool: asyncpg.Pool, tokens: dict[str, Any]) -> None:
    await pool.execute("UPDATE user_service.users SET status = 'suspended' WHERE user_id = $1", tokens["userId"])


async def unlink_wallet(pool: asyncpg.Pool, tokens: dict[str, Any]) -> None:
    await pool.execute(
        "UPDATE wallet_service.wallet_links SET unlinked_at = now(), is_primary = false WHERE user_id = $1",
        tokens["userId"],
    )


@pytest.mark.parametrize("end", [close_user, unlink_wallet], ids=lambda end: end.__name__)
async def test_r03_no_refresh_for_a_closed_user_or_an_unlinked_wallet(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, end: Callable[..., Any]
) -> None:
    tokens = await sign_in(visitor, wallet)
    await end(desk.pool, tokens)
    assert (await refresh(visitor, tokens["refreshToken"])).status_code == 401
    assert not await allowed(visitor, tokens)


async def test_a_closed_user_cannot_sign_in(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    await close_user(desk.pool, await sign_in(visitor, wallet))
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (403, "account_closed")
    assert await desk.sessions(wallet.address) == 1
    assert await desk.events(wallet.address) == ["success", "failed"]


async def test_a_wallet_that_was_unlinked_comes_back_as_a_new_user(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    before = await sign_in(visitor, wallet)
    await unlink_wallet(desk.pool, before)
    after = await sign_in(visitor, wallet)
    assert after["userId"] != before["userId"]
    assert (await sign_in(visitor, wallet))["userId"] == after["userId"]
