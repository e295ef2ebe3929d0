"""An application behind our middleware, with small limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request

from api.http import middleware, problems

MAX_BODY = 1024
READ_RATE = 1_000_000


def application() -> FastAPI:
    app = FastAPI()
    problems.install(app)
    middleware.install(app, max_body=MAX_BODY, cors_origins=["https://market.example"], read_rate=READ_RATE)

    @app.post("/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    @app.post("/parsed")
    async def parsed(body: dict[str, Any]) -> dict[str, int]:
        return {"members": len(body)}

    @app.get("/secret/{name}")
    async def secret(name: str) -> dict[str, str]:
        return {"name": name}

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("select * from sessions; postgresql://admin:hunter2@db")

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as found:
        yield found
