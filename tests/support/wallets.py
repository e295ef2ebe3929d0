"""Linking wallets in tests of the API: a nonce, a proof, and what the user then has."""

from __future__ import annotations

from typing import Any

import httpx
from pydantic import TypeAdapter

from api.accounts.bodies.me import WalletBody
from api.accounts.bodies.wallets import WalletActivityPage, WalletPage, WalletVerificationPage
from tests.support.sign_in import CHAIN, DOMAIN, Wallet, bearer

Tokens = dict[str, Any]


async def link_nonce(client: httpx.AsyncClient, tokens: Tokens, wallet: Wallet, chain_id: str = CHAIN) -> str:
    body = {"accountId": wallet.address, "chainId": chain_id, "domain": DOMAIN}
    answer = await client.post("/v1/me/wallets/nonce", headers=bearer(tokens), json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["nonce"]


async def hand_in(
    client: httpx.AsyncClient, tokens: Tokens, wallet: Wallet, text: str, signature: str, **more: Any
) -> httpx.Response:
    body = {"accountId": wallet.address, "message": text, "signature": signature, **more}
    return await client.post("/v1/me/wallets", headers=bearer(tokens), json=body)


async def prove(client: httpx.AsyncClient, tokens: Tokens, wallet: Wallet, **more: Any) -> httpx.Response:
    """The answer to a proof by the wallet's key, with a fresh nonce."""
    text = wallet.message(await link_nonce(client, tokens, wallet)).text()
    return await hand_in(client, tokens, wallet, text, wallet.sign(text), **more)


async def link(client: httpx.AsyncClient, tokens: Tokens, wallet: Wallet, **more: Any) -> dict[str, Any]:
    answer = await prove(client, tokens, wallet, **more)
    assert answer.status_code == 201, answer.text
    TypeAdapter(WalletBody).validate_json(answer.content, strict=True)
    return answer.json()


async def do(
    client: httpx.AsyncClient, tokens: Tokens, method: str, wallet: Wallet, what: str = "", **more: Any
) -> int:
    """The status of a request about one wallet."""
    path = f"/v1/me/wallets/{wallet.address}{what}"
    return (await client.request(method, path, headers=bearer(tokens), **more)).status_code


_PAGES = {"": WalletPage, "activity": WalletActivityPage, "verifications": WalletVerificationPage}


async def listed(client: httpx.AsyncClient, tokens: Tokens, path: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """All of a list of `/v1/me/wallets`, page by page."""
    shape = TypeAdapter(_PAGES[path.rpartition("/")[2]])
    found: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": limit}
    while True:
        answer = await client.get(f"/v1/me/wallets{path}", headers=bearer(tokens), params=params)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        shape.validate_json(answer.content, strict=True)
        page = answer.json()
        found += page["items"]
        if page["nextCursor"] is None:
            return found
        params["cursor"] = page["nextCursor"]


async def deeds(client: httpx.AsyncClient, tokens: Tokens, wallet: Wallet) -> list[tuple[str, str]]:
    """What was done with the wallet and why, newest first."""
    lines = await listed(client, tokens, f"/{wallet.address}/activity")
    return [(line["action"], line["cause"]) for line in lines]
