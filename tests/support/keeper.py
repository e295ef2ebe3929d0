"""Holds one shared server for the length of the test run.

`python -m tests.support.keeper NAME` starts it, writes NAME.json once it answers, and stops it when told to or when
the owner of the run is gone, even by kill -9. If the keeper itself is killed, the kernel takes the server along.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from steadymint.stack.part import Part
from steadymint.stack.postgres import DISPOSABLE, Postgres
from steadymint.stack.temporal import Temporal
from tests.support import run

ROOT = Path(__file__).parents[2]


def build(name: str) -> Part:
    """The shared server called `name`, with its data below the run's directory."""
    data = run.directory() / name
    if name == "postgres":
        return Postgres(data, database="postgres", settings=DISPOSABLE)
    quick = {
        "system.namespaceCacheRefreshInterval": '"1s"',  # a namespace that a test registers is usable after that time
        "worker.perNamespaceWorkerCount": "0",  # no schedules in tests
        "frontend.rps": "100000",  # all tests are clients of this one
        "frontend.rps.namespaceReplicationInducingAPIs": "1000",
    }
    return Temporal(data, headless=True, dynamic_config=quick)


def shared(name: str) -> str:
    """The address of a server that all workers of this run share; the first who asks starts it.

    Raises:
        RuntimeError: it did not start; the message carries its log.
    """
    answer = run.directory() / f"{name}.json"
    with FileLock(run.directory() / f"{name}.lock"):
        if not answer.exists():
            _start_keeper(name, answer)
    return json.loads(answer.read_text())["url"]


def _start_keeper(name: str, answer: Path) -> None:
    log = run.directory() / f"{name}.keeper.log"
    with log.open("ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.support.keeper", name],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    while not answer.exists():
        if keeper.poll() is not None:
            raise RuntimeError(f"{name} did not start:\n{log.read_text()}")
        time.sleep(0.02)


async def keep(name: str) -> None:
    """Start, announce, wait for the end of the run, stop, clean up."""
    owner = int(os.environ[run.OWNER])
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    pid_file = run.directory() / f"{name}.keeper"
    pid_file.write_text(str(os.getpid()))
    part = build(name)
    try:
        await part.start()
        draft = run.directory() / f"{name}.draft"
        draft.write_text(json.dumps({"url": part.url, "pid": part.pid}))
        draft.rename(run.directory() / f"{name}.json")
        while not told.is_set() and _alive(owner):
            with suppress(TimeoutError):
                await asyncio.wait_for(told.wait(), 0.25)
    finally:
        await part.stop()
        shutil.rmtree(part.data_dir, ignore_errors=True)
        pid_file.unlink(missing_ok=True)
        if not _alive(owner) and not list(run.directory().glob("*.keeper")):
            shutil.rmtree(run.directory(), ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")  # a zombie is dead
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


if __name__ == "__main__":
    asyncio.run(keep(sys.argv[1]))
