"""Programs from npm are there on a machine that has no npm."""

from __future__ import annotations

import subprocess

import pytest

from steadymint.stack import node


def test_npm_runs_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node.shutil, "which", lambda _: None)
    command, environment = node.npm()
    shown = subprocess.run(
        [*command, "exec", "--", "node", "--version"], env=environment, capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("v")
