"""The test run: one directory and one owner process, shared by all xdist workers.

Servers that all workers share must outlive the worker that started them and must not outlive the run. Each is held by
a keeper process (`tests.support.keeper`) that watches the owner: the xdist controller, or pytest itself.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

DIRECTORY = "STEADYMINT_TEST_DIRECTORY"
OWNER = "STEADYMINT_TEST_OWNER"
PREFIX = "steadymint-tests-"


def begin() -> None:
    """Called in the controller (or the only process) before workers start; they inherit the environment."""
    _forget_dead_runs()
    os.environ[DIRECTORY] = tempfile.mkdtemp(prefix=PREFIX)
    os.environ[OWNER] = str(os.getpid())
    (directory() / "owner").write_text(str(os.getpid()))


def _forget_dead_runs() -> None:
    """Remove what a run left behind that was killed before it had keepers to do it."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/owner"):
        with suppress(OSError, ValueError):
            pid = int(left.read_text())
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                if not list(left.parent.glob("*.keeper")):
                    shutil.rmtree(left.parent, ignore_errors=True)


def directory() -> Path:
    """Where this run keeps its data, locks and logs."""
    return Path(os.environ[DIRECTORY])


def end() -> None:
    """Stop the keepers and remove the data; only the owner does."""
    if os.environ.get(OWNER) != str(os.getpid()):
        return
    pids = [int(file.read_text()) for file in directory().glob("*.keeper")]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 20
    while any(directory().glob("*.keeper")) and time.monotonic() < deadline:
        time.sleep(0.02)
    shutil.rmtree(directory(), ignore_errors=True)
