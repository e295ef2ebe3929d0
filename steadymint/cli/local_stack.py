"""The files by which a running local stack is found: `stack.json` for people, `stack.env` for our commands."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class StackFiles:
    """Present while the stack answers, and only then."""

    home: Path

    @property
    def description(self) -> Path:
        return self.home / "stack.json"

    @property
    def environment(self) -> Path:
        return self.home / "stack.env"

    @property
    def pid(self) -> Path:
        return self.home / "stack.pid"

    def running(self) -> int | None:
        """The process id of the stack's supervisor, if it lives."""
        try:
            pid = int(self.pid.read_text())
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        return pid

    def describe(self) -> dict[str, Any]:
        """The content of `stack.json`. Raises FileNotFoundError."""
        return json.loads(self.description.read_text())

    def remove(self) -> None:
        for file in (self.description, self.environment, self.pid):
            with suppress(FileNotFoundError):
                file.unlink()


def join_local_stack(home: Path) -> None:
    """Take the settings of the stack that runs in `home`, where the environment does not have its own."""
    files = StackFiles(home)
    if "STEADYMINT_POSTGRES__DSN" in os.environ or files.running() is None or not files.environment.exists():
        return
    for line in files.environment.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
