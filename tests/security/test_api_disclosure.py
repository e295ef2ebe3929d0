"""Neither logs nor errors give anything away: attack cases A12 and A13."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from tests.support.catalog_rows import CHAIN, contract
from tests.support.problems import problem_of
from tests.support.sign_in import Desk, Wallet, bearer, sign_in


async def test_what_is_logged_holds_no_secret_and_no_line_of_the_callers(
    visitor: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = await sign_in(visitor, Wallet())
    caplog.clear()
    with caplog.at_level(logging.DEBUG):
        await visitor.get("/v1/me?token=hunter2", headers=bearer(tokens) | {"user-agent": "a\x1b[2Jb"})
        await visitor.get("/v1/users/x%0d%0aforged%1b%5b31m")
    assert caplog.records
    for record in caplog.records:
        line = record.getMessage()
        assert tokens["accessToken"] not in line
        assert "hunter2" not in line
        assert "\x1b" not in line
        assert "\nforged" not in line


async def test_every_failure_is_a_problem_document_without_insides(desk: Desk) -> None:
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/nowhere", None),
        ("DELETE", "/v1/collections", None),
        ("GET", f"/v1/collections/{CHAIN}/{contract(9)}", None),
        ("GET", "/v1/collections?limit=x", None),
        ("GET", "/v1/me", None),
        ("PATCH", "/v1/me", {"bio": 1}),
        ("POST", "/v1/collections/prepare", {}),
        ("GET", "/v1/collections/", None),
        ("GET", "//evil.example/%2e%2e", None),
    ]
    async with desk.visitor() as visitor:
        for method, path, body in requests:
            answer = await visitor.request(method, path, json=body, headers={"host": "evil.example"})
            assert 400 <= answer.status_code < 500, (method, path)
            problem = problem_of(answer, answer.status_code)
            assert set(problem) >= {"type", "title", "status", "code", "detail"}
            for inside in ("Traceback", "SELECT", "asyncpg", "postgres", "pydantic", "evil.example"):
                assert inside not in answer.text, (method, path, inside)
