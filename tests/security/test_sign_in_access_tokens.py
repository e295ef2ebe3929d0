"""Section R of the attack cases: an access token is taken only as we made it, and from one place of a request."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from tests.support.sign_in import Desk, Wallet, sign_in


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
