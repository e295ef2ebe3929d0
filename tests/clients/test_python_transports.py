"""The connections that the Python client may be given: httpx's own and aiohttp's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager

import httpx
import pytest

from steadymint.stack.ports import HOST, free_port
from steadymint_client import AsyncSteadymint, UnreachableError
from steadymint_client.transports import aiohttp_transport

EVENT = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nid: 1\ndata: 1\n\n"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"

each_transport = pytest.mark.parametrize("transport", [httpx.AsyncHTTPTransport, aiohttp_transport])
Transport = Callable[[], httpx.AsyncBaseTransport]


@asynccontextmanager
async def answering(**answers: bytes) -> AsyncGenerator[str]:
    """A server that answers by the end of the path, and leaves connections open."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        writer.write(answers[target.rpartition("/")[2]])
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, HOST) as server:
        yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}"


@each_transport
async def test_an_api_that_is_not_there_is_an_error_of_the_package(transport: Transport) -> None:
    async with AsyncSteadymint(f"http://{HOST}:{free_port()}", transport=transport()) as steadymint:
        with pytest.raises(UnreachableError):
            await steadymint.call("POST", "/v1/orders", {})


@each_transport
async def test_an_answer_that_is_not_http_is_an_error_of_the_package(transport: Transport) -> None:
    async with answering(orders=b"nonsense\r\n\r\n") as url, AsyncSteadymint(url, transport=transport()) as steadymint:
        with pytest.raises(UnreachableError):
            await steadymint.call("POST", "/v1/orders", {})


async def test_streams_that_are_followed_hold_up_no_other_request() -> None:
    async with (
        answering(events=EVENT, me=NOTHING) as url,
        AsyncSteadymint(url, timeout=10, transport=aiohttp_transport()) as steadymint,
        AsyncExitStack() as followed,
    ):
        for _ in range(100):
            events = await followed.enter_async_context(aclosing(steadymint.http.stream("/v1/orders/events")))
            await anext(events)
        assert await steadymint.call("PUT", "/v1/me") is None
