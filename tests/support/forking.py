"""Has xdist start its workers as forks of one process that has imported the product (`forked.py`).

A Python of its own spends nine seconds of processor time on these imports, in each of six workers. Conftests, fixtures
and tests are still imported by the workers, because pytest rewrites their assertions.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

PATH: Final = "STEADYMINT_TEST_FORKED"
"""The variable that says where that process listens."""
LONGEST: Final = 100
"""Bytes of the path of a socket, of which some systems take 104. Below a longer folder for temporary files, workers are
no forks."""
PROGRAM: Final = str(Path(__file__).with_name("forked.py"))
IMPORTED: Final = (
    *("api.main", "workers.main", "steadymint.cli.main", "steadymint.demo.showcase", "migrations.metadata"),
    *("steadymint_client", "alembic.command", "moto.server", "playwright.async_api", "pytest", "hypothesis"),
)
"""What has most of the product and of the tests' libraries behind it."""

_running: list[subprocess.Popen[bytes]] = []
"""It ends when its input does, and so with us."""


def pytest_plugin_registered(plugin: object, manager: Any) -> None:
    """Begin as soon as it is known that there will be workers: the controller has its own fixtures to import."""
    if plugin is not sys.modules[__name__] or "PYTEST_XDIST_WORKER" in os.environ:
        return
    if getattr(manager.get_plugin("pytestconfig").known_args_namespace, "numprocesses", None):
        path = str(Path(tempfile.mkdtemp(prefix="steadymint-forked-")) / "socket")
        if len(os.fsencode(path)) > LONGEST:
            Path(path).parent.rmdir()
            return
        os.environ[PATH] = path
        command = [sys.executable, "-u", PROGRAM, "serve", path, *IMPORTED]
        _running.append(subprocess.Popen(command, stdin=subprocess.PIPE))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(specs: list[Any]) -> None:
    if PATH in os.environ:
        for spec in specs:
            spec.python = shlex.join([sys.executable, "-S", PROGRAM, "ask", os.environ[PATH]])
