"""What the wheel brings, and what the command line says of what it does not bring."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

from steadymint.cli import main

ROOT = Path(__file__).parents[2]


def _project(folder: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / folder / "pyproject.toml").read_text())


def test_the_wheel_brings_the_client_and_its_extra_what_the_client_needs() -> None:
    """The client is no dependency: nobody has its name at a registry but who takes it."""
    ours, client = _project("."), _project("clients/python")["project"]
    packages = {Path(path).name for path in ours["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert packages == main.OURS
    needed = {*client["dependencies"], *client["optional-dependencies"]["aiohttp"]}
    project = ours["project"]
    assert needed <= {*project["dependencies"], *project["optional-dependencies"]["embedded"]}
    asked = [*project["dependencies"], *project["optional-dependencies"]["embedded"]]
    assert not [one for one in asked if one.startswith("steadymint")]


def _missing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", fails)


def test_a_part_that_is_not_installed_is_told_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _missing("httpx", monkeypatch)
    with pytest.raises(typer.Exit):
        main._of_local_stack("steadymint.cli.demo")
    assert "httpx is missing" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["steadymint.cli.gone", "steadymint_client", "contracts.artifacts"])
def test_a_module_of_ours_that_is_missing_is_not_blamed_on_the_extra(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _missing(name, monkeypatch)
    with pytest.raises(ModuleNotFoundError, match=name):
        main._of_local_stack("steadymint.cli.demo")
