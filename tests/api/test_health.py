"""Health, readiness and metrics."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import httpx
import pytest

from api.operations.routes import health as operations
from api.root import Services
from tests.support.sign_in import Desk


async def test_the_process_is_alive_whatever_its_dependencies_do(visitor: httpx.AsyncClient) -> None:
    answer = await visitor.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_readiness_names_every_dependency(visitor: httpx.AsyncClient, desk: Desk) -> None:
    answer = await visitor.get("/readyz")
    found = answer.json()["dependencies"]
    assert set(found) == {"postgres", "redis", "mongo", "temporal"}
    # The desk has no document store: readiness says so, by name. Whoever balances the load leaves the process in.
    assert {name: state["status"] == "ok" for name, state in found.items()} == {
        "postgres": True,
        "redis": True,
        "mongo": False,
        "temporal": True,
    }
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.headers["cache-control"] == "no-store"


class _Hanging:
    """A dependency that takes the call and never answers."""

    async def fetchval(self, *_: object) -> None:
        await asyncio.Event().wait()


class _Broken:
    async def fetchval(self, *_: object) -> None:
        raise ConnectionError("postgresql://admin:hunter2@db:5432 refused")


@pytest.mark.parametrize(("pool", "status"), [(_Hanging(), "timeout"), (_Broken(), "unavailable")])
async def test_a_dependency_that_hangs_or_fails_is_named_in_time_and_its_reason_kept_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, pool: Any, status: str
) -> None:
    monkeypatch.setattr(operations, "CHECK_TIMEOUT", 0.05)
    broken = replace(cast(Services, desk.app.state.services), pool=pool)
    monkeypatch.setattr(desk.app.state, "services", broken)
    async with desk.visitor() as visitor:
        answer = await visitor.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not_ready")
    assert answer.json()["dependencies"]["postgres"]["status"] == status
    assert "hunter2" not in answer.text


async def test_metrics_count_requests_by_route_and_never_by_path(visitor: httpx.AsyncClient) -> None:
    await visitor.get("/v1/users/somebody_in_particular")
    answer = await visitor.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'route="/v1/users/{username}"' in answer.text
    assert "somebody_in_particular" not in answer.text
