"""Section R of the attack cases: tokens, refresh, and the ends of sessions."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import jwt
import pytest

from api.accounts.routes.sign_in import REFRESH_RATE
from steadymint.identity.login_events import LoginEvents
from steadymint.identity.sessions.tokens import hash_of_refresh_token
from tests.support.sign_in import Desk, Wallet, bearer, nonce_for, sign_in, verify


async def refresh(visitor: httpx.AsyncClient, token: str) -> httpx.Response:
    return await visitor.post("/v1/auth/refresh", json={"refreshToken": token})


async def allowed(visitor: httpx.AsyncClient, tokens: dict[str, Any]) -> bool:
    answer = await visitor.get("/v1/auth/sessions", headers=bearer(tokens))
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def session_id_of(desk: Desk, wallet: Wallet) -> Any:
    return await desk.pool.fetchval(
        "SELECT session_id FROM auth_service.sessions WHERE address = $1 ORDER BY created_at DESC LIMIT 1",
        wallet.address.lower(),
    )


# -- refresh ----------------------------------------------------------------------------------------------------------


async def test_a_refresh_gives_a_new_pair_and_ends_the_old_token(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    first = await sign_in(visitor, wallet)
    second = (await refresh(visitor, first["refreshToken"])).json()
    assert second["refreshToken"] != first["refreshToken"]
    assert await allowed(visitor, second)
    third = await refresh(visitor, second["refreshToken"])
    assert third.status_code == 200
    stored = await desk.pool.fetch(
        "SELECT t::text FROM auth_service.refresh_tokens t UNION ALL SELECT s::text FROM auth_service.sessions s"
    )
    text = "".join(row[0] for row in stored)
    assert hash_of_refresh_token(first["refreshToken"]) in text
    assert first["refreshToken"] not in text


async def test_reuse_of_a_refresh_token_ends_its_whole_family(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    first = await sign_in(visitor, wallet)
    bystander = await sign_in(visitor, wallet)
    second = (await refresh(visitor, first["refreshToken"])).json()
    assert (await refresh(visitor, first["refreshToken"])).status_code == 401
    assert (await refresh(visitor, second["refreshToken"])).status_code == 401
    assert not await allowed(visitor, second)
    assert not await allowed(visitor, first)
    assert await allowed(visitor, bystander)
    assert await desk.events(wallet.address) == ["success", "success", "failed"], "a reuse is on file, once"


async def test_r02_fifty_refreshes_with_one_token_make_one_pair(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    tokens = await sign_in(visitor, wallet)
    answers = await asyncio.gather(*(refresh(visitor, tokens["refreshToken"]) for _ in range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 49}
    generations = await desk.pool.fetch(
        "SELECT t.generation FROM auth_service.refresh_tokens t JOIN auth_service.sessions s USING (session_id)"
        " WHERE s.address = $1 ORDER BY 1",
        wallet.address.lower(),
    )
    assert [row[0] for row in generations] == [0, 1]


async def test_a_session_refreshes_so_often_and_is_none_the_worse_for_trying_more(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet
) -> None:
    """Each success is a row that is kept for months."""
    token = (await sign_in(visitor, wallet))["refreshToken"]
    bystander = await sign_in(visitor, wallet)
    for _ in range(2 * REFRESH_RATE):
        answer = await refresh(visitor, token)
        if answer.status_code != 200:
            break
        token = answer.json()["refreshToken"]
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) >= 1
    assert (await refresh(visitor, bystander["refreshToken"])).status_code == 200
    await desk.redis.flushdb()  # as if the time had passed
    assert (await refresh(visitor, token)).status_code == 200


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


async def test_r03_no_refresh_after_logout(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    assert (await visitor.post("/v1/auth/logout", headers=bearer(tokens))).status_code == 204
    assert (await refresh(visitor, tokens["refreshToken"])).status_code == 401


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


@pytest.mark.parametrize(("seconds_left", "status"), [(5, 200), (-1, 401)])
async def test_r15_no_refresh_extends_the_absolute_end(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, seconds_left: int, status: int
) -> None:
    tokens = await sign_in(visitor, wallet)
    await desk.pool.execute(
        """
        WITH s AS (
            UPDATE auth_service.sessions SET created_at = now() - interval '90 days',
                absolute_expires_at = now() + make_interval(secs => $2),
                expires_at = now() + make_interval(secs => $2)
            WHERE address = $1 RETURNING session_id, expires_at
        )
        UPDATE auth_service.refresh_tokens t SET issued_at = now() - interval '1 day', expires_at = s.expires_at
        FROM s WHERE t.session_id = s.session_id
        """,
        wallet.address.lower(),
        seconds_left,
    )
    answer = await refresh(visitor, tokens["refreshToken"])
    assert answer.status_code == status
    ends = await desk.pool.fetchrow(
        "SELECT expires_at <= absolute_expires_at AS within, extract(epoch FROM absolute_expires_at) AS at"
        " FROM auth_service.sessions WHERE address = $1",
        wallet.address.lower(),
    )
    assert ends["within"]
    if status == 200:
        claims = jwt.decode(answer.json()["accessToken"], options={"verify_signature": False})
        assert claims["exp"] <= ends["at"]


@pytest.mark.parametrize("token", ["a", "a" * 43, "\u20ac" * 20, "' OR 1=1 --", "a\0b"])
async def test_an_unknown_refresh_token_is_refused(visitor: httpx.AsyncClient, token: str) -> None:
    assert (await refresh(visitor, token)).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refreshToken": None}, {"refreshToken": 1}, {"refreshToken": "a" * 100_000}])
async def test_a_refresh_without_a_token_is_refused(visitor: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await visitor.post("/v1/auth/refresh", json=body)).status_code == 422


# -- revocation -------------------------------------------------------------------------------------------------------


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


# -- access tokens ----------------------------------------------------------------------------------------------------


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def forged(claims: dict[str, Any], key: str, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token under our key with whatever header and claims; a claim that is set to None is left out."""
    head = {"alg": "HS256", "typ": "JWT", "kid": "new"} | (header or {})
    body = {name: value for name, value in (claims | changes).items() if value is not None}
    signed = f"{encoded(head)}.{encoded(body)}"
    mac = hmac.digest(key.encode(), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.fixture
async def genuine(desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet) -> tuple[dict[str, Any], str]:
    """The claims of a token that is good, and the key that made it."""
    tokens = await sign_in(visitor, wallet)
    key = desk.settings.auth.signing_keys["new"].get_secret_value()
    return jwt.decode(tokens["accessToken"], options={"verify_signature": False}), key


async def status_of(visitor: httpx.AsyncClient, token: str) -> int:
    return (await visitor.get("/v1/auth/sessions", headers={"authorization": f"Bearer {token}"})).status_code


async def test_a_token_made_like_ours_is_taken(visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str]) -> None:
    """Without this, the refusals below would prove nothing."""
    claims, key = genuine
    assert await status_of(visitor, forged(claims, key)) == 200


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "NoNe"},
        {"alg": "RS256"},
        {"alg": "HS512"},
        {"alg": None},
        {"kid": "../../dev/null"},
        {"kid": "unknown"},
        {"kid": None},
        {"kid": ["new"]},
        {"kid": {}},
        {"jku": "https://evil.example/keys"},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"x5u": "https://evil.example/cert"},
        {"crit": ["exp"]},
        {"b64": False},
        {"typ": "at+jwt"},
        {"typ": "dpop+jwt"},
        {"typ": "jwt"},
        {"typ": None},
    ],
    ids=str,
)
async def test_r05_a_header_has_no_say(
    visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str], header: dict[str, Any]
) -> None:
    claims, key = genuine
    token = forged(claims, key, header)
    assert await status_of(visitor, token) == 401
    assert await status_of(visitor, token.rpartition(".")[0] + ".") == 401
    assert await status_of(visitor, forged(claims, "", header)) == 401


async def test_a_token_is_taken_in_one_spelling_only(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    """The last character of a signature has two bits that decoders ignore."""
    token = (await sign_in(visitor, wallet))["accessToken"]
    assert await status_of(visitor, token) == 200
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(token[-1])
    for spelling in (*(token[:-1] + alphabet[last + bits] for bits in (1, 2, 3)), token + "=", token + "."):
        assert await status_of(visitor, spelling) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 1e10},
        {"exp": 10**30},
        {"exp": True},
        {"exp": [1]},
        {"exp": int(time.time()) + 86_400},
        {"exp": 1},
        {"iat": None},
        {"iat": "1"},
        {"iat": 10**30},
        {"sub": None},
        {"sub": 7},
        {"sub": "x"},
        {"sub": str(uuid4())},
        {"sid": None},
        {"sid": "x"},
        {"sid": str(uuid4())},
        {"iss": "evil"},
        {"aud": "another"},
        {"nbf": 10**11},
    ],
    ids=lambda claim: next(iter(claim)),
)
async def test_r06_claims_are_required_and_of_their_type(
    visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str], changes: dict[str, Any]
) -> None:
    claims, key = genuine
    assert await status_of(visitor, forged(claims, key, **changes)) == 401


async def test_r08_an_older_key_that_is_still_configured_is_taken_and_another_is_not(
    visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str]
) -> None:
    claims, _ = genuine
    assert await status_of(visitor, forged(claims, "o" * 40, {"kid": "old"})) == 200
    assert await status_of(visitor, forged(claims, "r" * 40, {"kid": "retired"})) == 401
    assert await status_of(visitor, forged(claims, "o" * 40, {"kid": "new"})) == 401


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "Bearer ")],
        [("authorization", "Bearer a.b.c")],
        [("authorization", "Basic dXNlcjpwYXNz")],
        [("authorization", "Bearer a"), ("authorization", "Bearer b")],
        [("authorization", "Bearer " + "a" * 10_000)],
        [("authorization", "Bearer " + "a" * 10_000_000)],
        [("cookie", f"c{index}=1") for index in range(200)],
        [("authorization", b"Bearer \xff\xfe")],
        [("authorization", "Bearer " + "." * 1_000)],
    ],
    ids=range(10),
)
async def test_r09_odd_credentials_are_refused(
    visitor: httpx.AsyncClient, headers: list[tuple[str, str | bytes]]
) -> None:
    request = visitor.build_request("GET", "/v1/auth/sessions", headers=headers)  # type: ignore[arg-type]
    assert (await visitor.send(request)).status_code in (401, 431)


async def test_r09_two_authorization_headers_are_refused_even_if_both_are_good(
    visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str]
) -> None:
    claims, key = genuine
    good = ("authorization", f"Bearer {forged(claims, key)}")
    request = visitor.build_request("GET", "/v1/auth/sessions", headers=[good, good])
    assert (await visitor.send(request)).status_code == 401


async def test_a_token_in_the_query_or_a_cookie_is_not_looked_at(
    visitor: httpx.AsyncClient, genuine: tuple[dict[str, Any], str]
) -> None:
    claims, key = genuine
    token = forged(claims, key)
    assert (await visitor.post("/v1/auth/logout", params={"access_token": token})).status_code == 401
    assert (await visitor.post("/v1/auth/logout", cookies={"accessToken": token})).status_code == 401


# -- the log of attempts ----------------------------------------------------------------------------------------------


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
