"""A program of npm beside a demo, in a process of its own, that is asked line by line."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Final, Self

from steadymint.demo.run import DemoFailedError
from steadymint.stack import node

LONGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of one answer; a bulk order has some ten thousand."""


class NodeProgram:
    """An async context manager: the process ends with it. Subclasses say which program."""

    sources: ClassVar[Path]
    """A project with a lock file, which npm installs before its first use."""
    file: ClassVar[str]
    called: ClassVar[str]

    def __init__(self, node_dir: Path) -> None:
        self._node_dir = node_dir
        self._numbers = count(1)
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        root = await asyncio.to_thread(node.install_project, self._node_dir, self.sources)
        pipe = asyncio.subprocess.PIPE
        program = (node.program(), str(root / self.file))
        self._process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, limit=LONGEST_LINE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        await self._process.wait()

    async def do(self, deed: str, **request: Any) -> Any:
        """The answer to one request, as the program lists them. Raises DemoFailedError."""
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None, "a pipe"
        assert answers is not None, "a pipe"
        number = next(self._numbers)
        requests.write(json.dumps({"id": number, "do": deed, **request}).encode() + b"\n")
        line = await answers.readline()
        if not line:
            raise DemoFailedError(f"the {self.called} ended at {deed!r}")
        answer = json.loads(line)
        if answer["id"] != number or "error" in answer:
            raise DemoFailedError(f"the {self.called} could not {deed}: {answer.get('error')}")
        return answer["answer"]
