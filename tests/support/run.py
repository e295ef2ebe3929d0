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


def begin() -> None:
    """Called in the controller (or the only process) before workers start; they inherit the environment."""
    os.environ[DIRECTORY] = tempfile.mkdtemp(prefix="steadymint-tests-")
    os.environ[OWNER] = str(os.getpid())


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
