"""The application behind a real socket, in this process."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from api.main import SERVER


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The base URL of the running application. Leaving stops it at once, open streams and all, as a deploy would."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, timeout_graceful_shutdown=1, **SERVER)
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve([listener]))
    try:
        while not server.started and not running.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        host, port = listener.getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await running
        listener.close()


def plain_http(url: str = "", **more: Any) -> httpx.AsyncClient:
    """A client of servers of the tests. It reads no certificates, which takes longer than most tests."""
    return httpx.AsyncClient(base_url=url, verify=False, **{"timeout": 20, **more})
