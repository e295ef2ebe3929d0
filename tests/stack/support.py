"""Looks at processes from outside."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NODE_DIR = Path(__file__).parents[2] / ".steadymint" / "node"


def alive(pid: int) -> bool:
    """Whether a process runs. A zombie does not: it only waits for a parent that a container may not have."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter; those of pytest belong to their owner alone."""
    with tempfile.TemporaryDirectory(prefix="steadymint-open-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


def processes_below(directory: Path) -> list[str]:
    """The command lines of the running processes that name `directory`."""
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(str(directory) in word for word in words):
            found.append(" ".join(words))
    return found


async def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for a condition; an AssertionError says that it did not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come"
        await asyncio.sleep(0.05)
