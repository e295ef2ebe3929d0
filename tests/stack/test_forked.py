"""Workers of a run are forks of one process, and behave as if each were a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.support.forking import LONGEST, PROGRAM

CODE = """
import os, sys
imported = "colorsys" in sys.modules
print(sys.stdin.readline().strip(), os.getcwd(), os.environ["ASKED"], imported, __name__, sys.argv)
sys.stdout.flush()
print("told", file=sys.stderr)
"""


def test_a_fork_is_as_a_python_of_its_own_that_has_imported_already(tmp_path: Path) -> None:
    path = Path(tempfile.mkdtemp()) / "socket"
    if len(os.fsencode(path)) > LONGEST:
        pytest.skip("no socket has so long a path")
    serving = subprocess.Popen([sys.executable, "-u", PROGRAM, "serve", str(path), "colorsys"], stdin=subprocess.PIPE)
    while not path.exists():
        time.sleep(0.01)
    for number in ("1", "2"):
        asked = subprocess.run(
            [sys.executable, PROGRAM, "ask", str(path), "-u", "-c", CODE],
            input=f"line {number}\n",
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "ASKED": number},
            check=True,
        )
        assert asked.stdout == f"line {number} {tmp_path} {number} True __main__ ['-c']\n"
        assert asked.stderr == "told\n"

    assert serving.stdin is not None
    serving.stdin.close()  # as the kernel does when the controller is killed
    assert serving.wait(30) == 0
    assert not path.parent.exists()
