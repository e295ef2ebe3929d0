"""Section N of the attack cases: the life of a nonce."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from dataclasses import replace

import httpx
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from steadymint.identity.sweeping import KEPT, SignInSweep
from tests.support.sign_in import CHAIN, DOMAIN, OTHER_CHAIN, OTHER_ORIGIN, Desk, Wallet, nonce_for, sign_in, verify


async def test_n01_a_message_signs_in_once(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    signature = wallet.sign(text)
    assert (await verify(visitor, wallet.address, text, signature)).status_code == 200
    for _ in range(2):
        again = await verify(visitor, wallet.address, text, signature)
        assert (again.status_code, again.json()["code"]) == (401, "invalid_nonce")
    assert await desk.sessions(wallet.address) == 1
    assert await desk.events(wallet.address) == ["success", "invalid_nonce", "invalid_nonce"]


@pytest.mark.parametrize("named", ["nothing", "accountId", "chainId"])
async def test_a_nonce_is_bound_to_what_was_named_and_then_to_who_signs_in(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, named: str
) -> None:
    """A wallet that connects and signs in one step asks before it knows its account and chain."""
    whole = {"accountId": wallet.address, "chainId": CHAIN}
    body = {"domain": DOMAIN} | {name: value for name, value in whole.items() if name == named}
    answer = await visitor.post("/v1/auth/nonce", json=body)
    assert answer.status_code == 201, answer.text
    nonce = answer.json()["nonce"]
    other = Wallet()
    for signer, message in ((other, other.message(nonce)), (wallet, wallet.message(nonce, chain_number=1337))):
        bound = named == ("accountId" if signer is other else "chainId")
        if bound:
            refused = await verify(visitor, signer.address, message.text(), signer.sign(message.text()))
            assert (refused.status_code, refused.json()["code"]) == (401, "invalid_nonce")
    text = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    row = await desk.pool.fetchrow("SELECT account_id, chain_id FROM auth_service.auth_nonces WHERE nonce = $1", nonce)
    assert tuple(row) == (wallet.address.lower(), CHAIN)
    again = other.message(nonce).text()
    assert (await verify(visitor, other.address, again, other.sign(again))).json()["code"] == "invalid_nonce"


async def test_switching_the_account_before_signing_is_no_dead_end(visitor: httpx.AsyncClient) -> None:
    nonce = (await visitor.post("/v1/auth/nonce", json={"domain": DOMAIN})).json()["nonce"]
    first, second = Wallet(), Wallet()
    text = first.message(nonce).text()
    assert (await verify(visitor, first.address, text, second.sign(text))).status_code == 401
    text = second.message(nonce).text()
    assert (await verify(visitor, second.address, text, second.sign(text))).status_code == 200


async def test_n01_a_replay_is_refused_when_its_nonce_has_been_swept(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    signature = wallet.sign(text)
    assert (await verify(visitor, wallet.address, text, signature)).status_code == 200
    await desk.pool.execute(
        "UPDATE auth_service.auth_nonces SET issued_at = issued_at - 2 * $2::interval,"
        " expires_at = expires_at - 2 * $2::interval WHERE account_id = $1",
        wallet.address.lower(),
        KEPT,
    )
    assert await SignInSweep(desk.pool, desk.settings.auth.session_max_age).run() >= 1
    again = await verify(visitor, wallet.address, text, signature)
    assert (again.status_code, again.json()["code"]) == (401, "invalid_nonce")
    assert await desk.sessions(wallet.address) == 1
    assert await desk.events(wallet.address) == ["success", "invalid_nonce"]


async def test_n02_fifty_requests_with_one_nonce_open_one_session(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    signature = wallet.sign(text)
    answers = await asyncio.gather(*(verify(visitor, wallet.address, text, signature) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 49}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 401} == {"invalid_nonce"}
    assert await desk.sessions(wallet.address) == 1
    assert Counter(await desk.events(wallet.address)) == {"success": 1, "invalid_nonce": 49}


async def test_n04_a_flushed_redis_lets_no_nonce_be_used_twice(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    await desk.redis.flushall()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    await desk.redis.flushall()
    again = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert (again.status_code, again.json()["code"]) == (401, "invalid_nonce")


async def test_n04_a_copy_that_outlives_its_row_grants_nothing(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    """Redis still says that the nonce is live, and the flow that has granted is gone from Temporal's reach."""
    nonce = await nonce_for(visitor, wallet.address)
    await desk.pool.execute("UPDATE auth_service.auth_nonces SET consumed_at = now() WHERE nonce = $1", nonce)
    text = wallet.message(nonce).text()
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_nonce")
    assert await desk.sessions(wallet.address) == 0


async def test_n05_with_redis_down_a_key_signs_in_and_a_used_nonce_stays_used(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise RedisConnectionError("away")

    redis = desk.app.state.services.redis
    monkeypatch.setattr(redis, "execute_command", away)
    monkeypatch.setattr(redis, "evalsha", away)
    text = wallet.message(await nonce_for(visitor, wallet.address)).text()
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 200
    assert (await verify(visitor, wallet.address, text, wallet.sign(text))).status_code == 401
    desk.app.state.services.limiter._rest_until = 0.0


async def test_n07_a_nonce_is_of_no_use_to_another_account(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    thief = Wallet()
    text = thief.message(nonce).text()
    answer = await verify(visitor, thief.address, text, thief.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_nonce")
    own = wallet.message(nonce).text()
    assert (await verify(visitor, wallet.address, own, wallet.sign(own))).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"chain_number": 1337}, id="another chain"),
        pytest.param({"domain": "localhost:3000", "uri": OTHER_ORIGIN}, id="another site that is allowed"),
        pytest.param({"domain": "market.example:8443", "uri": "https://market.example:8443/"}, id="another port"),
    ],
)
@pytest.mark.parametrize("flushed", [False, True], ids=["by the copy", "by the row"])
async def test_n08_a_nonce_is_bound_to_chain_and_site(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, change: dict[str, object], flushed: bool
) -> None:
    message = wallet.message(await nonce_for(visitor, wallet.address))
    if flushed:
        await desk.redis.flushall()
    text = replace(message, **change).text()  # type: ignore[arg-type]
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_nonce")
    own = message.text()
    assert (await verify(visitor, wallet.address, own, wallet.sign(own))).status_code == 200


async def test_a_nonce_of_another_chain_and_port_signs_in_there(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonce = await nonce_for(visitor, wallet.address, OTHER_CHAIN, "market.example:8443")
    text = wallet.message(
        nonce, domain="market.example:8443", uri="https://market.example:8443/", chain_number=1337
    ).text()
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert answer.status_code == 200
    assert answer.json()["chainId"] == OTHER_CHAIN


@pytest.mark.parametrize("hidden", ["request_id", "statement"])
async def test_n10_only_the_nonce_field_counts(visitor: httpx.AsyncClient, wallet: Wallet, hidden: str) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    text = wallet.message("f" * 32, **{hidden: nonce}).text()
    answer = await verify(visitor, wallet.address, text, wallet.sign(text))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_nonce")


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
    while not codes["rate_limited"] and codes.total() < 1_000:
        text = wallet.message(secrets.token_hex(4)).text()
        codes[(await verify(visitor, wallet.address, text, wallet.sign(text))).json()["code"]] += 1
    assert set(codes) == {"invalid_nonce", "rate_limited"}
    assert codes["invalid_nonce"] >= rate
    ip = visitor._transport.client[0]  # type: ignore[attr-defined]
    filed = await desk.pool.fetch("SELECT result, count(*) FROM auth_service.login_events WHERE ip = $1 GROUP BY 1", ip)
    assert {row["result"]: row["count"] for row in filed} == codes


async def test_n13_a_nonce_has_128_bits(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonces = {await nonce_for(visitor, wallet.address) for _ in range(5)}
    assert len(nonces) == 5
    assert all(len(bytes.fromhex(nonce)) >= 16 for nonce in nonces)


async def test_an_old_nonce_is_called_expired(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    nonce = await nonce_for(visitor, wallet.address)
    await desk.pool.execute(
        "UPDATE auth_service.auth_nonces SET issued_at = now() - interval '6 minutes', expires_at = now()"
        " WHERE nonce = $1",
        nonce,
    )
    text = wallet.message(nonce).text()
    for flushed in (False, True):  # found out where the session would be written, or before the flow starts
        if flushed:
            await desk.redis.flushall()
        answer = await verify(visitor, wallet.address, text, wallet.sign(text))
        assert (answer.status_code, answer.json()["code"]) == (401, "expired_nonce")
    assert await desk.events(wallet.address) == ["expired_nonce", "expired_nonce"]


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
