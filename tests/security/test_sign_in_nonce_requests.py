"""Section N of the attack cases: asking for a nonce, and guessing one."""

from __future__ import annotations

import secrets
from collections import Counter

import httpx
import pytest

from tests.support.sign_in import CHAIN, OTHER_CHAIN, Desk, Wallet, nonce_for, sign_in, verify


async def test_n11_a_flood_of_nonces_is_stopped_and_ends_no_earlier_one(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    body = {"accountId": wallet.address, "chainId": CHAIN, "domain": "market.example"}
    async with desk.visitor() as flooder:
        for _ in range(1_000):
            answer = await flooder.post("/v1/auth/nonce", json=body)
            if answer.status_code == 429:
                break
            assert answer.status_code == 201
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) >= 1
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200


async def test_n13_guessing_is_refused_and_then_stopped(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    rate = desk.settings.auth.verify_rate
    codes: Counter[str] = Counter()
    while codes["rate_limited"] < 3 and codes.total() < 1_000:
        text = wallet.message(secrets.token_hex(4)).text()
        codes[(await verify(visitor, wallet.address, text, wallet.sign(text))).json()["code"]] += 1
    assert set(codes) == {"invalid_nonce", "rate_limited"}
    assert codes["invalid_nonce"] >= rate
    ip = visitor._transport.client[0]  # type: ignore[attr-defined]
    filed = await desk.pool.fetch("SELECT result, count(*) FROM auth_service.login_events WHERE ip = $1 GROUP BY 1", ip)
    assert {row["result"]: row["count"] for row in filed} == {**codes, "rate_limited": 1}, "a flood is one row a minute"


async def test_n13_a_nonce_has_128_bits(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonces = {await nonce_for(visitor, wallet.address) for _ in range(5)}
    assert len(nonces) == 5
    assert all(len(bytes.fromhex(nonce)) >= 16 for nonce in nonces)


async def test_n14_no_cookie_is_set_or_heeded(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    body = {"accountId": wallet.address, "chainId": CHAIN, "domain": "market.example"}
    asked = await visitor.post("/v1/auth/nonce", json=body)
    assert "set-cookie" not in asked.headers
    used = asked.json()["nonce"]
    text = wallet.message(used).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    visitor.cookies.set("nonce", used)
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 401


async def test_n16_an_unknown_or_disabled_chain_signs_nobody_in(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    body = {"accountId": wallet.address, "chainId": "eip155:999", "domain": "market.example"}
    answer = await visitor.post("/v1/auth/nonce", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_chain")
    nonce = await nonce_for(visitor, wallet.address, OTHER_CHAIN)
    enable = "UPDATE chain_registry_service.chains SET enabled = $2 WHERE caip2 = $1"
    await desk.pool.execute(enable, OTHER_CHAIN, False)
    try:
        text = wallet.message(nonce, chain_number=1337).text()
        asked = len(desk.contracts.asked)
        for signature in (wallet.sign(text), "0x" + "11" * 65):
            answer = await verify(visitor, wallet.address, text, signature)
            assert answer.status_code in (401, 422)
        assert len(desk.contracts.asked) == asked
        assert await desk.events(wallet.address) == ["invalid_message", "invalid_message"]
    finally:
        await desk.pool.execute(enable, OTHER_CHAIN, True)


async def test_n17_a_known_account_gets_the_answer_of_an_unknown_one(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    known = Wallet()
    await sign_in(visitor, known)
    answers = []
    for each in (known, wallet):
        body = {"accountId": each.address, "chainId": CHAIN, "domain": "market.example"}
        answers.append(await visitor.post("/v1/auth/nonce", json=body))
    first, second = answers
    assert first.status_code == second.status_code == 201
    assert first.json().keys() == second.json().keys()
    assert len(first.content) == len(second.content)
    assert first.headers.keys() == second.headers.keys()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("accountId", "0x123"),
        ("accountId", "0xF39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
        ("accountId", "\u0660x" + "1" * 40),
        ("chainId", "eip155:01"),
        ("chainId", "eip155:-1"),
        ("chainId", 1),
        ("chainId", "solana:mainnet"),
        ("chainId", "eip155:99999999999999999999"),
        ("domain", ""),
        ("domain", "market.example\0"),
        ("domain", "a" * 5_000),
        ("domain", ["market.example"]),
    ],
)
async def test_a_request_for_a_nonce_is_checked(
    visitor: httpx.AsyncClient, wallet: Wallet, member: str, value: object
) -> None:
    body = {"accountId": wallet.address, "chainId": CHAIN, "domain": "market.example"} | {member: value}
    answer = await visitor.post("/v1/auth/nonce", json=body)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("invalid_input", "domain_not_allowed")
