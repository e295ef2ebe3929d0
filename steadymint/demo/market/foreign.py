"""A client of Seaport that knows nothing of us: OpenSea's library for JavaScript, in a process of its own."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from steadymint.demo.run import DemoFailedError
from steadymint.stack import node

SOURCES: Final = Path(__file__).parent / "foreign"
LONGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of one answer; a bulk order has some ten thousand."""


class ForeignClient:
    """A key that trades through `@opensea/seaport-js`. An async context manager: the process ends with it.

    Orders are `{"parameters": ..., "signature": ...}`, as that library has them.
    """

    def __init__(self, node_dir: Path) -> None:
        self._node_dir = node_dir
        self._numbers = count(1)
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        root = await asyncio.to_thread(node.install_project, self._node_dir, SOURCES)
        pipe = asyncio.subprocess.PIPE
        program = (node.program(), str(root / "client.mjs"))
        self._process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, limit=LONGEST_LINE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        await self._process.wait()

    async def do(self, deed: str, **request: Any) -> Any:
        """The answer to one request (`foreign/client.mjs` lists them). Raises DemoFailedError."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None, "a pipe"
        assert answers is not None, "a pipe"
        number = next(self._numbers)
        requests.write(json.dumps({"id": number, "do": deed, **request}).encode() + b"\n")
        line = await answers.readline()
        if not line:
            raise DemoFailedError(f"the foreign client ended at {deed!r}")
        answer = json.loads(line)
        if answer["id"] != number or "error" in answer:
            raise DemoFailedError(f"the foreign client could not {deed}: {answer.get('error')}")
        return answer["answer"]
