"""A part cannot outlive the process that started it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from steadymint.stack import launch
from tests.stack.support import NODE_DIR, alive, until

PARENT = """
import asyncio, json, sys
from pathlib import Path
from steadymint.stack.anvil import Anvil
from steadymint.stack.mongo import Mongo
from steadymint.stack.postgres import Postgres
from steadymint.stack.temporal import Temporal
from steadymint.stack.valkey import Valkey

async def main(home, node):
    parts = [Postgres(home / "postgres"), Valkey(home / "valkey"), Mongo(home / "mongo"),
             Temporal(home / "temporal", headless=True), Anvil(home / "anvil", node)]
    await asyncio.gather(*(part.start() for part in parts))
    print(json.dumps([part.pid for part in parts]), flush=True)
    await asyncio.sleep(600)

asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_no_part_outlives_its_parent(tmp_path: Path, end: signal.Signals) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), str(NODE_DIR), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    pids: list[int] = json.loads(await parent.stdout.readline())
    assert all(alive(pid) for pid in pids)
    parent.send_signal(end)
    await parent.wait()
    await until(lambda: not any(alive(pid) for pid in pids))


def run(*words: str) -> str:
    """The output of a program that the launcher becomes."""
    launcher = [sys.executable, "-S", "-E", launch.__file__, "--parent", str(os.getpid()), "--death-signal", "SIGKILL"]
    return subprocess.run([*launcher, *words], check=True, capture_output=True, text=True).stdout


def test_a_part_has_a_session_of_its_own() -> None:
    pid, session = run("--", sys.executable, "-c", "import os; print(os.getpid(), os.getsid(0))").split()
    assert pid == session


@pytest.mark.skipif(os.geteuid() != 0, reason="there are no privileges to drop")
def test_root_becomes_nobody_and_still_reaches_a_closed_directory(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "file").write_text("reached")
    script = f"import os; print(os.geteuid(), open({str(closed / 'file')!r}).read())"
    uid, text = run("--unprivileged", "--", sys.executable, "-c", script).split()
    assert int(uid) == launch.nobody()[0] != 0
    assert text == "reached"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run("--", "/no/such/program")
    assert failure.value.returncode == 127
    assert "/no/such/program" in failure.value.stderr
