"""A fake of a bad node: a proxy before the real one that hangs, errs or throttles when told to.

Anvil does none of that on demand. What passes through is anvil's own.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from steadymint.stack.ports import HOST, free_port


class Fault(StrEnum):
    NONE = "answers"
    SILENCE = "hangs"
    ERRORS = "answers 500"
    THROTTLE = "answers 429 with Retry-After"


class FaultyNode:
    """Counts, by method, what it `answered` and what it `refused` (or kept waiting)."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._http: aiohttp.ClientSession
        self._fault = Fault.NONE
        self._well = asyncio.Event()
        self._well.set()
        self.port = free_port()
        self.answered: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.error_text = "internal error"
        """What an error's body says."""

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def begin(self, fault: Fault) -> None:
        self._fault = fault
        self._well.clear()

    def recover(self) -> None:
        """What hung is answered now, as by a host that was frozen."""
        self._fault = Fault.NONE
        self._well.set()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        methods = _methods(body)
        fault = self._fault
        (self.answered if fault is Fault.NONE else self.refused).update(methods)
        if fault is Fault.ERRORS:
            return web.Response(status=500, text=self.error_text)
        if fault is Fault.THROTTLE:
            return web.Response(status=429, headers={"Retry-After": "1"}, text="too many requests")
        await self._well.wait()
        async with self._http.post(self._target, data=body, headers={"Content-Type": "application/json"}) as answer:
            return web.Response(status=answer.status, body=await answer.read(), content_type="application/json")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FaultyNode]:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_post("/{path:.*}", self.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        async with aiohttp.ClientSession() as self._http:
            await runner.setup()
            await web.TCPSite(runner, HOST, self.port).start()
            try:
                yield self
            finally:
                self.recover()
                await runner.cleanup()


def _methods(body: bytes) -> list[str]:
    request: Any = orjson.loads(body)
    calls = request if isinstance(request, list) else [request]
    return [call["method"] for call in calls]
