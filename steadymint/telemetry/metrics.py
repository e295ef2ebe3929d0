"""How a worker is asked what it has counted: `GET /metrics` for Prometheus, `GET /healthz` for whoever restarts it.

Each module defines the metrics of what it does; docs/operations.md lists them. They count in the process that they run
in. The API serves its own by a route.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from steadymint.settings import WorkerSettings


@asynccontextmanager
async def serve_metrics(settings: WorkerSettings) -> AsyncGenerator[None]:
    """Serves both for as long as the block runs, where a port is configured. Raises OSError if the port is taken.

    From the worker's own event loop, so that an answer means that the loop turns.
    """
    if settings.metrics_port is None:
        yield
        return
    app = web.Application()
    app.add_routes([web.get("/metrics", _metrics), web.get("/healthz", _health)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.metrics_host, settings.metrics_port).start()
        yield
    finally:
        await runner.cleanup()


def sdk_runtime(settings: WorkerSettings) -> Runtime | None:
    """A runtime that serves the Temporal SDK's own metrics, where a port is configured for them."""
    if settings.sdk_metrics_port is None:
        return None
    address = f"{settings.metrics_host}:{settings.sdk_metrics_port}"
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
