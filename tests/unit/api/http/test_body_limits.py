"""What is too large or too slow is refused before it is parsed; driven through ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Message, Scope

from api.http import body_limits
from api.http.body_limits import RequestLimits
from tests.support.serving import plain_http, serving
from tests.unit.api.http.conftest import MAX_BODY, application


@pytest.mark.parametrize("path", ["/echo", "/parsed"])
async def test_a_body_over_the_limit_is_413_whatever_its_declared_length(client: httpx.AsyncClient, path: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b" " * 256

    declared = await client.post(path, content=b" " * (MAX_BODY + 1))
    chunked = await client.post(path, content=chunks())
    lying = await client.post(path, content=chunks(), headers={"content-length": "4"})
    for answer in (declared, chunked, lying):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "too_large"


@pytest.mark.parametrize("size", [2**20, 10 * 2**20])
async def test_whoever_is_still_sending_a_body_over_the_limit_reads_why_it_is_refused(size: int) -> None:
    """Over a real socket: a connection closed too early is reset, and the reset overtakes the answer."""
    async with serving(application()) as url, plain_http(url) as client:
        for _ in range(10):
            assert (await client.get("/secret/x")).status_code == 200  # the connection is an old one
            answer = await client.post("/parsed", content=b" " * size)
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(("size", "seconds", "read"), [(MAX_BODY, 60.0, 8), (0, 0.05, None)], ids=["floods", "drips"])
async def test_a_refused_body_that_never_ends_is_not_read_for_ever(
    monkeypatch: pytest.MonkeyPatch, size: int, seconds: float, read: int | None
) -> None:
    """One that floods is read for so many bytes, one that drips for so long."""
    monkeypatch.setattr(body_limits, "LINGER", seconds)
    monkeypatch.setattr(body_limits, "LINGER_BYTES", 8 * MAX_BODY)
    sent: list[Message] = []
    received = 0

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass

    async def receive() -> Message:
        nonlocal received
        received += 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b" " * size, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": [(b"content-length", b"99999999")]}
    await RequestLimits(app, max_body=MAX_BODY)(scope, receive, send)
    assert sent[0]["status"] == 413
    assert sent[-1] == {"type": "http.response.body", "body": b""}
    assert read is None or received == read


async def test_a_body_at_the_limit_is_read_whole(client: httpx.AsyncClient) -> None:
    answer = await client.post("/echo", content=b" " * MAX_BODY)
    assert answer.json() == {"length": MAX_BODY}


async def test_too_many_or_too_long_headers_are_431(client: httpx.AsyncClient) -> None:
    many = await client.get("/secret/x", headers={f"x-{number}": "1" for number in range(body_limits.MAX_HEADERS)})
    long = await client.get("/secret/x", headers={"x-long": "a" * 20_000})
    assert (many.status_code, long.status_code) == (431, 431)
    assert many.json()["code"] == "headers_too_large"


async def test_a_body_that_never_ends_is_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limits, "BODY_TIMEOUT", 0.05)
    sent: list[Message] = []

    async def app(scope: Scope, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    await RequestLimits(app, max_body=MAX_BODY)({"type": "http", "headers": []}, receive, send)
    assert sent[0]["status"] == 408
