"""A sign-in request holds a signed text, and its body is read with care: attack cases S34 and S35."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from steadymint.identity.messages.message import SignInMessage
from tests.support.sign_in import Desk, Wallet, nonce_for


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(lambda m, s: {"message": {"domain": m.domain, "nonce": m.nonce}, "signature": s}, id="S34"),
        pytest.param(lambda m, s: {"message": [m.text()], "signature": s}, id="list"),
        pytest.param(lambda m, s: {"message": None, "signature": s}, id="null"),
        pytest.param(lambda m, s: {"message": m.text()}, id="no signature"),
        pytest.param(lambda m, s: {"message": m.text(), "signature": s, "admin": True}, id="extra member"),
        pytest.param(lambda m, s: {"message": m.text(), "signature": 7}, id="number"),
    ],
)
async def test_s34_only_the_signed_text_is_taken(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, body: Callable[[SignInMessage, str], dict[str, Any]]
) -> None:
    message = wallet.message(await nonce_for(visitor, wallet.address))
    sent = {"accountId": wallet.address} | body(message, wallet.sign(message.text()))
    answer = await visitor.post("/v1/auth/verify", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_message")
    assert await desk.sessions(wallet.address) == 0
    assert await _filed_from(desk, visitor) == ["invalid_message"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b'{"accountId": "0x' + b"11" * 20 + b'", "message": "\\ud800", "signature": "0x"}', id="S35"),
        pytest.param(b'{"accountId": "\\ud800", "message": "a", "signature": "0x"}', id="surrogate account"),
        pytest.param(b'{"accountId": "0x' + b"11" * 20 + b'", "message": "\xff", "signature": "0x"}', id="not UTF-8"),
        pytest.param(b"{", id="not JSON"),
        pytest.param(b"[" * 20_000, id="deep"),
        pytest.param(b"", id="empty"),
        pytest.param(b'{"\\u0000": 1}', id="NUL in a name"),
        pytest.param(b'{"\\ud800": 1}', id="surrogate in a name"),
        pytest.param(b'{"\\u202e\\u001b[31m": 1}', id="a name that turns a page"),
        pytest.param(b'{"' + b"x" * 200_000 + b'": 1}', id="endless name"),
    ],
)
async def test_s35_a_body_that_is_no_text_is_refused(desk: Desk, visitor: httpx.AsyncClient, raw: bytes) -> None:
    answer = await visitor.post("/v1/auth/verify", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 401, 422), answer.text[:200]
    assert answer.json()["code"] == "invalid_message"
    assert await _filed_from(desk, visitor) == ["invalid_message"]
    filed = await desk.pool.fetchval("SELECT error_message FROM auth_service.login_events ORDER BY ts DESC LIMIT 1")
    assert len(filed) <= 500
    assert filed.isprintable()


async def _filed_from(desk: Desk, visitor: httpx.AsyncClient) -> list[str]:
    """What is on file for the address that a visitor comes from."""
    ip = visitor._transport.client[0]  # type: ignore[attr-defined]
    rows = await desk.pool.fetch("SELECT result FROM auth_service.login_events WHERE ip = $1", ip)
    return [row["result"] for row in rows]
