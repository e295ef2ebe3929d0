"""What a worker tells those who run it: `GET /metrics` for Prometheus, `GET /healthz` for whoever restarts it.

The indexer, the RPC client and the metadata fetcher count in the process that they run in, and that is never the API's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

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


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})
