"""`steadymint doctor --install` names in a sentence why nothing installs or starts."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from steadymint.cli import installation
from steadymint.stack.ports import free_port
from tests.stack.support import open_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of nothing but what the examination reads."""
    for name in ("scripts/python", "uv.lock", "steadymint/stack/unprivileged.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    return tmp_path


def synced(checkout: Path) -> None:
    """As after a complete installation."""
    for name in (".venv/.synced", ".steadymint/node/.installed"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()


def test_this_machine_is_fit() -> None:
    """Run as `make demo` runs it, by a bare interpreter."""
    found = subprocess.run([ROOT / "scripts" / "doctor"], capture_output=True, text=True)
    assert (found.returncode, found.stderr) == (0, "")
    assert [line.split() for line in found.stdout.splitlines()] == [[name, "ok"] for name, _ in installation.CHECKS]


def test_nothing_is_printed_in_brief_where_all_is_fit() -> None:
    assert subprocess.run([ROOT / "scripts" / "doctor", "--brief"], capture_output=True, text=True).stdout == ""


def test_an_interpreter_that_is_too_old_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = checkout / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{old.parent}:/nowhere")
    monkeypatch.delenv("PYTHON", raising=False)
    sentence = installation.interpreter()
    assert sentence is not None
    assert sentence.startswith("No Python from 3.11 to before 3.14 is on the PATH")


def test_another_processor_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert "riscv64" in str(installation.architecture())


def test_a_part_of_another_processor_is_named(checkout: Path) -> None:
    part = checkout / ".venv" / "bin" / "temporal"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(57))
    part.chmod(0o755)
    assert installation.architecture() == (
        f"{part} is for another processor than this one: run `make clean` and begin again."
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="makes a folder that belongs to somebody else")
def test_a_folder_of_another_user_is_named() -> None:
    """Asked as `nobody`, since root may write everywhere."""
    with open_folder() as folder:
        code = (
            "import os, pathlib; from steadymint.cli import installation; os.setgid(65534); os.setuid(65534);"
            f"installation.ROOT = pathlib.Path({str(folder)!r}); print(installation.folders())"
        )
        shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.strip() == f"The folder {folder} cannot be written by this user; it belongs to user 0."


def test_a_full_disk_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(installation.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**8))
    assert installation.space() == f"The disk is full: {checkout} has 0.1 GB left, and 2.5 GB are needed."
    synced(checkout)
    assert "0.5 GB are needed" in str(installation.space())


def test_a_port_that_another_program_has_is_named(checkout: Path) -> None:
    port = free_port()
    synced(checkout)
    (checkout / ".steadymint" / "ports.json").write_text(f'{{"api": {port}}}')
    assert installation.ports() is None
    with socket.create_server(("127.0.0.1", port)):
        assert installation.ports() == (
            f"Another program listens on a port of the stack: {port} (api). The next start takes others."
        )


def test_a_registry_that_cannot_be_reached_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{free_port()}/simple")
    assert "There is no network to the package registry: " in str(installation.network())
    synced(checkout)
    assert installation.network() is None, "what is installed needs no network"
