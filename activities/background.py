"""The tasks that run beside the work of an activity: its heartbeats, and the clock that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from temporalio import activity


@asynccontextmanager
async def heartbeating(every: float, details: Callable[[], Any] | None = None) -> AsyncGenerator[None]:
    """Sends a heartbeat at once and then every so many seconds, with the value of `details` at that moment."""

    async def beat() -> None:
        while True:
            activity.heartbeat(*(() if details is None else (details(),)))
            await asyncio.sleep(every)

    async with beside(beat()):
        yield


@asynccontextmanager
async def stopping(stop: asyncio.Event, after: float) -> AsyncGenerator[None]:
    """Sets `stop` after so many seconds, and at once when the worker shuts down, so that a deploy does not wait for the
    whole stretch."""

    async def wait() -> None:
        try:
            async with asyncio.timeout(after):
                await activity.wait_for_worker_shutdown()
        except TimeoutError:
            pass
        stop.set()

    async with beside(wait()):
        yield


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Runs `work` for as long as the block runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
