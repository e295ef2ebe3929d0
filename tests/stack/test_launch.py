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
import asyncio, json, signal, sys
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

signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the shell of the test run left
asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
"""


DEAF = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
os.execv(sys.argv[1], sys.argv[1:])
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
def test_root_becomes_nobody_and_keeps_no_right_of_root() -> None:
    shown = run("--unprivileged", "--", "/bin/sh", "-c", "id -u; id -g; id -G; grep CapEff /proc/self/status")
    uid, gid, groups, _, capabilities = shown.split()
    assert (int(uid), int(gid)) == launch.nobody()
    assert groups == gid
    assert int(capabilities, 16) == 0


def test_a_part_hears_the_signals_that_its_parents_shell_ignored() -> None:
    launcher = [sys.executable, launch.__file__, "--parent", str(os.getpid()), "--death-signal", "SIGKILL", "--"]
    shown = subprocess.check_output(
        [sys.executable, "-c", DEAF, *launcher, "/bin/grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"], text=True
    )
    blocked, ignored = (int(line.split()[1], 16) for line in shown.splitlines())
    assert blocked == 0
    assert not ignored & (1 << (signal.SIGINT - 1))


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run("--", "/no/such/program")
    assert failure.value.returncode == 127
    assert "/no/such/program" in failure.value.stderr
