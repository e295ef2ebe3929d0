"""The processes of ours that run as parts of the local stack."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import aiohttp

from steadymint.stack.part import Part
from steadymint.stack.ports import HOST


async def listens(port: int) -> bool:
    """True if a program takes connections on `port` of the loopback address. Raises OSError if none does."""
    _, writer = await asyncio.open_connection(HOST, port)
    writer.close()
    return True


async def answers_ok(url: str) -> bool:
    """Whether a GET of `url` answers 200."""
    return await _status(url) == 200


async def answers(url: str) -> bool:
    """Whether a GET of `url` is answered, whatever the answer is. A connection alone shows nothing: the kernel takes
    it for a process that hangs."""
    return await _status(url) > 0


async def _status(url: str) -> int:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session, session.get(url) as response:
        return response.status


class Application(Part):
    """`steadymint NAME`, with settings from the environment that the stack gives it."""

    spawns = 1  # a fault of our own code would come again

    def __init__(
        self,
        name: str,
        log_file: Path,
        variables: Callable[[], Mapping[str, str]],
        ready: Callable[[Application], Awaitable[bool]],
        url: str = "",
        command: tuple[str, ...] = (),
        port: int | None = None,
        alive: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        """`ready`: whether it serves; `alive`: whether it answers at all, where that is another question."""
        self.name = name
        super().__init__(Path.cwd(), log_file)  # a `.env` may be there
        self._variables = variables
        self._ready = ready
        self._alive = alive
        self._url = url
        self._command = command or (name,)
        self._port = port

    @property
    def listens_on(self) -> int | None:
        return self._port

    @property
    def url(self) -> str:
        return self._url

    def command(self) -> list[str]:
        return [sys.executable, "-m", "steadymint.cli", *self._command]

    def environment(self) -> dict[str, str]:
        return dict(os.environ) | dict(self._variables()) | {"PYTHONUNBUFFERED": "1"}

    async def probe(self) -> bool:
        return await self._ready(self)

    async def alive(self) -> bool:
        return await (self._ready(self) if self._alive is None else self._alive())
