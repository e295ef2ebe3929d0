"""A fake of a provider: an HTTP server before a chain that refuses, throttles and breaks off in the ways of providers.

No real node does that on demand. What passes is the chain's own answer: a made-up chain's, or a real node's.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web

from steadymint.stack.ports import HOST

Calls = Sequence[dict[str, Any]]
Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Closed:
    """The provider closes the connection instead of answering."""


class Silent:
    """The provider does not answer at all, and keeps the connection."""


CLOSED: Final = Closed()
SILENT: Final = Silent()
Refusal = web.Response | Closed | Silent
SILENCE: Final = 60.0
"""Seconds; a client that gives up ends them."""
Refuse = Callable[[Calls, bool], Refusal | None]
"""Decides on a request by its calls and whether they came as a batch; None lets it pass."""


def no_refusal(_calls: Calls, _batched: bool) -> None:
    return None


class FakeProvider:
    """Counts requests and calls. `limit` is in calls per second, in a sliding window; more are answered with HTTP 429
    and Retry-After, or as `throttle` says. The provider counts each call of a batch."""

    def __init__(self, answer: Answer, *, refuse: Refuse = no_refusal, limit: int | None = None) -> None:
        self.refuse = refuse
        self.limit = limit
        self.window = 1.0
        """Seconds for which `limit` counts."""
        self.throttle: Callable[[], web.Response] | None = None
        self.retry_after: str | None = "1"
        self.methods: Counter[str] = Counter()
        """Calls that were answered, by method."""
        self.requests: list[list[str]] = []
        """The methods of each HTTP request, in order, with those that were refused."""
        self.refused = 0
        self.throttled = 0
        self.url = ""
        self._answer = answer
        self._taken: deque[float] = deque()

    @property
    def answered(self) -> int:
        return self.methods.total()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = orjson.loads(await request.read())
        calls: Calls = body if isinstance(body, list) else [body]
        self.requests.append([call["method"] for call in calls])
        if not self._bears(len(calls)):
            self.throttled += 1
            if self.throttle is not None:
                return self.throttle()
            headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
            return web.Response(status=429, headers=headers, text="slow down")
        refusal = self.refuse(calls, isinstance(body, list))
        if refusal is not None:
            self.refused += 1
            if isinstance(refusal, Silent):
                await asyncio.sleep(SILENCE)
                return web.Response(status=504)
            return _closed(request) if isinstance(refusal, Closed) else refusal
        self.methods.update(call["method"] for call in calls)
        answers = [{"jsonrpc": "2.0", "id": call["id"], **await self._answer(call)} for call in calls]
        return web.json_response(answers if isinstance(body, list) else answers[0], dumps=_dumps)

    def _bears(self, calls: int) -> bool:
        if self.limit is None:
            return True
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - self.window:
            self._taken.popleft()
        if len(self._taken) + calls > self.limit:
            return False
        self._taken.extend([now] * calls)
        return True

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeProvider]:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_post("/{path:.*}", self.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        self.url = f"http://{HOST}:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()


def made_up(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
    """The answers of a made-up chain, such as `MadeChain.answer`."""

    async def given(call: dict[str, Any]) -> dict[str, Any]:
        return answer(call)

    return given


@asynccontextmanager
async def answers_of(url: str) -> AsyncIterator[Answer]:
    """The answers of a real node."""
    async with aiohttp.ClientSession() as http:

        async def given(call: dict[str, Any]) -> dict[str, Any]:
            async with http.post(url, data=_dumps(call), headers={"Content-Type": "application/json"}) as reply:
                return {key: value for key, value in orjson.loads(await reply.read()).items() if key != "id"}

        yield given


def error(code: int, message: str, status: int = 200) -> web.Response:
    """An error in JSON-RPC for the whole request."""
    body = {"jsonrpc": "2.0", "id": None, "error": {"code": code, "message": message}}
    return web.json_response(body, status=status)


def _closed(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
