"""Section N of the attack cases: a nonce signs in once, and only whom and where it was asked for."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import httpx
import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from steadymint.identity import copies
from steadymint.identity.sweeping import KEPT, SignInSweep
from tests.support.sign_in import CHAIN, DOMAIN, OTHER_CHAIN, OTHER_ORIGIN, Desk, Wallet, nonce_for, verify


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
    monkeypatch.setattr(copies, "REST", 0.0)
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
