"""The files that describe a running local stack: `stack.json` for people, `stack.env` for our commands."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from steadymint.stack.secrets import write_privately


@dataclass(frozen=True, slots=True)
class StackFiles:
    """The files of one stack. `description` and `environment` exist only while the stack answers."""

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
        """The process id of the stack's supervisor while it lives.

        The lock decides, because the file of the process id is still there after a kill -9.
        """
        try:
            with (self.home / "stack.lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            with suppress(FileNotFoundError, ValueError):
                return int(self.pid.read_text())
        return None

    def describe(self) -> dict[str, Any]:
        """The content of `stack.json`. Raises FileNotFoundError."""
        return json.loads(self.description.read_text())

    def begin(self) -> None:
        """Note that this process starts a stack, and remove the files of an earlier one."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.withdraw()
        write_privately(self.pid, str(os.getpid()))

    def publish(self, description: dict[str, Any], environment: dict[str, str]) -> None:
        """Write the files, once everything answers."""
        write_privately(self.environment, "".join(f"{name}={value}\n" for name, value in environment.items()))
        write_privately(self.description, json.dumps(description, indent=2) + "\n")

    def withdraw(self) -> None:
        """Remove the files, because the stack stops answering."""
        self.description.unlink(missing_ok=True)
        self.environment.unlink(missing_ok=True)


def join_local_stack(home: Path) -> None:
    """Use the settings of the stack that runs in `home`. A variable of the environment takes precedence."""
    files = StackFiles(home)
    if "STEADYMINT_POSTGRES__DSN" in os.environ or files.running() is None or not files.environment.exists():
        return
    for line in files.environment.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)
