"""Chain nodes that misbehave in one stated way, as real HTTP servers. Where a good node is wanted, anvil serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.support.local_chain import LocalChain

Answer = web.StreamResponse
Handler = Callable[[Any], Awaitable[Answer] | Answer]

CHAIN_NUMBER = 31337
SECRET = "a-key-that-nobody-may-read"


class FakeNode:
    """A JSON-RPC server that answers `eth_chainId` truly and everything else by `handler(request)`.

    `requests` holds every request seen after the chain's proof, `hits` counts all HTTP requests.
    """

    def __init__(self, handler: Handler, chain_number: int = CHAIN_NUMBER) -> None:
        self.handler = handler
        self.chain_number = chain_number
        self.requests: list[Any] = []
        self.hits = 0
        self.url = ""

    async def handle(self, request: web.Request) -> Answer:
        self.hits += 1
        body = await request.json()
        if isinstance(body, dict) and body["method"] == "eth_chainId":
            return result(hex(self.chain_number), body["id"])
        self.requests.append(body)
        answer = self.handler(body)
        return await answer if not isinstance(answer, Answer) else answer


def result(value: Any, id_: Any = 1) -> web.Response:
    return web.json_response({"jsonrpc": "2.0", "id": id_, "result": value})


def error(code: int, message: str, data: Any = None, id_: Any = 1, status: int = 200) -> web.Response:
    body = {"jsonrpc": "2.0", "id": id_, "error": {"code": code, "message": message, "data": data}}
    return web.json_response(body, status=status)


def echo(request: Any) -> web.Response:
    """Answers every call, alone or in a batch, with its own first parameter."""
    if isinstance(request, list):
        return web.json_response(
            [{"jsonrpc": "2.0", "id": r["id"], "result": r["params"][0]} for r in reversed(request)]
        )
    return result(request["params"][0] if request["params"] else "ok", request["id"])


async def hang(_: Any) -> web.Response:
    await asyncio.sleep(60)
    return result("late")


@asynccontextmanager
async def fake_node(handler: Handler, chain_number: int = CHAIN_NUMBER) -> AsyncIterator[FakeNode]:
    node = FakeNode(handler, chain_number)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_post("/{key}", node.handle)
    runner = web.AppRunner(app, handler_cancellation=True)  # a client that gave up frees a hanging answer
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port: int = runner.addresses[0][1]
    node.url = f"http://127.0.0.1:{port}/{SECRET}"
    try:
        yield node
    finally:
        await runner.cleanup()


@asynccontextmanager
async def proxy(chain: LocalChain, trouble: Callable[[Any], Any] | None = None) -> AsyncIterator[FakeNode]:
    """A node that passes everything on to anvil unless `trouble(request)` answers."""
    async with aiohttp.ClientSession() as session:

        async def handle(request: Any) -> web.StreamResponse:
            answer = trouble(request) if trouble is not None else None
            if answer is not None:
                return await answer if isinstance(answer, Awaitable) else answer
            async with session.post(chain.anvil.url, json=request) as response:
                return web.Response(body=await response.read(), content_type="application/json")

        async with fake_node(handle) as node:
            yield node
