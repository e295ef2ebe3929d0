"""What a store raises becomes a problem that says whether it is worth trying again, and nothing of the store."""

from __future__ import annotations

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.http import problems


@pytest.mark.parametrize(
    "raised",
    [
        asyncpg.DeadlockDetectedError("deadlock detected: Process 7 waits for ShareLock"),
        asyncpg.SerializationError("could not serialize access"),
        asyncpg.AdminShutdownError("terminating connection"),
        ConnectionRefusedError("10.0.0.7:5432"),
    ],
    ids=lambda raised: type(raised).__name__,
)
async def test_what_passes_by_itself_is_a_503_to_be_tried_again(raised: Exception) -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    async def route() -> None:  # pyright: ignore[reportUnusedFunction]
        raise raised

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert str(raised) not in answer.text
