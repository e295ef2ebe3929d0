"""Health, readiness and metrics of the process, for its operators. Do not expose them to the internet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, Literal

import structlog
from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import PlainTextResponse

from api.http.json import JsonModel
from api.http.json_bodies import Router
from api.operations.bodies.health import NOT_READY_EXAMPLE, READY_EXAMPLE, Dependency, Health, Readiness
from api.root import Services, ServicesDep

CHECK_TIMEOUT: Final = 1.0
"""Seconds for one dependency. Load balancers ask every few seconds and give up after two or three."""


INDISPENSABLE: Final = frozenset({"postgres"})
"""Without these the process is useless."""

router = Router(tags=["Operations"])


_log = structlog.get_logger(__name__)


@router.get("/healthz", summary="The process runs", response_model=Health)
async def healthz() -> JsonModel:
    """Answers as long as the event loop runs. No dependency is asked, so an outage elsewhere restarts no process."""
    return JsonModel(Health())


@router.get(
    "/readyz",
    summary="Every dependency by name",
    response_model=Readiness,
    responses={
        200: {"content": {"application/json": {"example": READY_EXAMPLE}}},
        503: {
            "model": Readiness,
            "description": "Postgres does not answer, without which nothing is served.",
            "content": {"application/json": {"example": NOT_READY_EXAMPLE}},
        },
    },
)
async def readyz(services: ServicesDep) -> JsonModel:
    """Each dependency is asked at once, for at most a second.

    503 only if Postgres does not answer, since without it this process serves nothing. Without one of the others it is
    `degraded`: most of what it serves does not need them, and the other processes lack them as well.
    """
    checks = _checks(services)
    found = await asyncio.gather(*(_check(name, ask) for name, ask in checks.items()))
    dependencies = dict(zip(checks, found, strict=True))
    silent = {name for name, dependency in dependencies.items() if dependency.status != "ok"}
    useless = bool(silent & INDISPENSABLE)
    status = "not_ready" if useless else "degraded" if silent else "ready"
    body = Readiness(status=status, dependencies=dependencies)
    return JsonModel(body, 503 if useless else 200, {"cache-control": "no-store"})


@router.get("/metrics", summary="Prometheus metrics", response_class=PlainTextResponse)
async def metrics() -> Response:
    """Counters and histograms of this process, in the Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _checks(services: Services) -> dict[str, Callable[[], Awaitable[object]]]:
    async def postgres() -> object:
        return await services.pool.fetchval("SELECT 1")

    async def redis() -> object:
        return await services.redis.execute_command("PING")

    async def mongo() -> object:
        return await services.mongo.admin.command("ping")

    async def temporal() -> object:
        return await services.temporal.service_client.check_health()

    return {"postgres": postgres, "redis": redis, "mongo": mongo, "temporal": temporal}


async def _check(name: str, ask: Callable[[], Awaitable[object]]) -> Dependency:
    """The state of one dependency. Only the class of an error is logged: its text may hold an address or a password."""
    started = time.perf_counter()
    status: Literal["ok", "timeout", "unavailable"] = "ok"
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await ask()
    except TimeoutError:
        status = "timeout"
    except Exception as error:
        status = "unavailable"
        _log.warning("dependency_unavailable", dependency=name, error=type(error).__name__)
    return Dependency(status=status, latency_ms=round((time.perf_counter() - started) * 1000, 2))
