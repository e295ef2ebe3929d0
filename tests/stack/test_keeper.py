"""A server that all test workers share ends with the run, however the run ends."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.stack.support import alive, until
from tests.support import run

ROOT = Path(__file__).parents[2]


async def test_a_shared_server_does_not_outlive_a_run_that_was_killed(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir()
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(600)")
    keeper = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.keeper", "postgres"),
        cwd=ROOT,
        env=os.environ | {run.DIRECTORY: str(directory), run.OWNER: str(owner.pid)},
    )
    await until(lambda: (directory / "postgres.json").exists() or keeper.returncode is not None, 60)
    known = json.loads((directory / "postgres.json").read_text())
    await (await asyncpg.connect(known["url"])).close()
    owner.kill()
    await asyncio.wait_for(keeper.wait(), 30)
    assert not alive(known["pid"])
    await owner.wait()
    assert not directory.exists()


@pytest.mark.parametrize("name", [run.DIRECTORY, run.OWNER])
def test_every_worker_knows_the_run(name: str) -> None:
    assert os.environ[name]
