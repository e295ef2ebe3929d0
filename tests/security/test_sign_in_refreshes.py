"""Section R of the attack cases: a refresh token gives one new pair, and none after the end of its session."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import asyncpg
import httpx
import jwt
import pytest

from api.accounts.routes.sign_in import REFRESH_RATE
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.identity.service import SignInService
from steadymint.identity.sessions.tokens import hash_of_refresh_token
from tests.support.sign_in import Desk, Wallet, allowed, bearer, refresh, sign_in


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


@pytest.mark.parametrize("outage", [UpstreamUnavailableError(), asyncpg.InterfaceError("connection is closed")])
async def test_an_outage_counts_for_nobodys_failed_refreshes(
    desk: Desk, visitor: httpx.AsyncClient, wallet: Wallet, monkeypatch: pytest.MonkeyPatch, outage: Exception
) -> None:
    token = (await sign_in(visitor, wallet))["refreshToken"]

    async def away(*_: object) -> None:
        raise outage

    with monkeypatch.context() as during:
        during.setattr(SignInService, "refresh", away)
        for _ in range(2 * desk.settings.auth.verify_rate):
            assert (await refresh(visitor, token)).status_code == 503
    assert (await refresh(visitor, token)).status_code == 200


async def test_r03_no_refresh_after_logout(visitor: httpx.AsyncClient, wallet: Wallet) -> None:
    tokens = await sign_in(visitor, wallet)
    assert (await visitor.post("/v1/auth/logout", headers=bearer(tokens))).status_code == 204
    assert (await refresh(visitor, tokens["refreshToken"])).status_code == 401


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
