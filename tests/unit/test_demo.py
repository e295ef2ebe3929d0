"""The demos say how far they are for as long as they run, with and without a terminal."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from steadymint.cli import demo as cli
from steadymint.demo import run as demo_run
from steadymint.demo.run import DemoRun

DESCRIBED: dict[str, Any] = {
    "apiUrl": "http://127.0.0.1:1",
    "temporalUiUrl": "http://127.0.0.1:2",
    "signInDomain": "localhost:3000",
    "chains": [{"chainId": "eip155:31337", "rpcUrl": "http://127.0.0.1:3"}],
    "devAccounts": [],
}


async def test_what_takes_its_time_is_told_again_and_again_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_run, "TELL_EVERY", 0.01)
    told: list[tuple[str, str, str]] = []
    enough = asyncio.Event()

    def tell(*line: str) -> None:
        told.append((line[0], line[1], line[2]))
        if len(told) == 3:
            enough.set()

    async with DemoRun(DESCRIBED, tell) as demo:
        async with demo.going_on("Pictures", "uploaded", lambda: f"{len(told)} of 9"):
            await enough.wait()
        after = len(told)
        await asyncio.sleep(0.05)
    assert told[:3] == [("Pictures", "uploaded", f"{number} of 9") for number in range(3)]
    assert len(told) == after


@pytest.mark.parametrize("runs", [True, False])
def test_a_gallery_fills_the_stack_that_runs_and_starts_one_only_where_none_does(
    runs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[str] = []

    async def on_running(described: dict[str, Any], _: cli.DemoJob) -> int:
        filled.append(described["apiUrl"])
        return 0

    async def on_own(home: Path, *_: Any) -> int:
        filled.append(home.name)
        return 0

    monkeypatch.setattr(cli, "HOME", tmp_path)
    monkeypatch.setattr(cli.StackFiles, "running", lambda _: 7 if runs else None)
    monkeypatch.setattr(cli, "_on_running_stack", on_running)
    monkeypatch.setattr(cli, "_on_own_stack", on_own)
    (tmp_path / "stack.json").write_text(json.dumps(DESCRIBED))
    said = CliRunner().invoke(cli.app, ["gallery"])
    assert said.exit_code == 0, said.output
    assert filled == ([DESCRIBED["apiUrl"]] if runs else ["demo"])
