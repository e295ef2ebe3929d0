"""Spreads the compilation of the tests over the workers of a run.

Every xdist worker imports every test module, in the same order and at the same time, so on a fresh clone each rewrites
the assertions of all modules for itself: ten seconds of processor time a worker. Here each worker begins with another
part of the modules, and finds the other parts compiled.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    config = session.config
    worker: dict[str, str | int] | None = getattr(config, "workerinput", None)
    if worker is None or config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    modules = sorted(path.relative_to(ROOT).with_suffix("") for path in (ROOT / "tests").rglob("test_*.py"))
    first = len(modules) * int(str(worker["workerid"]).removeprefix("gw")) // int(worker["workercount"])
    for module in [*modules[first:], *modules[:first]]:
        with suppress(Exception, pytest.skip.Exception):  # the collection meets it again, and reports it
            importlib.import_module(".".join(module.parts))
