"""Root's PostgreSQL lies where `nobody` may enter, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from steadymint.stack import launch, unprivileged
from steadymint.stack.unprivileged import CONTENT, ORIGIN, UnreachableError
from tests.stack.support import open_folder

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to leave its own folders")


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A base of this test's own, below folders that anybody may enter."""
    with open_folder() as folder:
        monkeypatch.setattr(unprivileged, "BASES", (str(folder / "base"),))
        unprivileged.base.cache_clear()
        yield folder / "base"
        unprivileged.base.cache_clear()


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder of mode 0700 under a umask of 077, as in root's home."""
    before = os.umask(0o077)
    folder = tmp_path / "closed"
    folder.mkdir()
    yield folder
    os.umask(before)


def as_nobody(*words: str) -> subprocess.CompletedProcess[str]:
    uid, gid = launch.nobody()
    return subprocess.run(words, user=uid, group=gid, extra_groups=[], cwd="/", capture_output=True, text=True)


def test_nobody_runs_a_copy_of_a_program_that_is_closed_to_it(base: Path, closed: Path) -> None:
    (closed / "wheel" / "bin").mkdir(parents=True)
    (closed / "libraries").mkdir()
    (closed / "libraries" / "words").write_text("reached")
    program = closed / "wheel" / "bin" / "program"
    program.write_text('#!/bin/sh\ncat "${0%/*}/../../libraries/words"\n')
    program.chmod(0o700)
    with pytest.raises(PermissionError):
        as_nobody(str(program))
    copied = unprivileged.copy_of(closed / "wheel", closed / "libraries", below=closed)
    assert as_nobody(str(copied / "bin" / "program")).stdout == "reached"
    assert unprivileged.copy_of(closed / "wheel", closed / "libraries", below=closed) == copied


def test_a_newer_program_is_copied_again(base: Path, closed: Path) -> None:
    (closed / "wheel").mkdir()
    first = unprivileged.copy_of(closed / "wheel", below=closed)
    (closed / "wheel" / "newer").touch()
    os.utime(closed / "wheel", ns=(1, 1))
    second = unprivileged.copy_of(closed / "wheel", below=closed)
    assert second != first
    assert (second / "newer").exists()


def test_what_stood_in_for_a_folder_goes_with_it(base: Path, closed: Path) -> None:
    kept, removed = closed / "kept", closed / "removed"
    for origin in (kept, removed):
        origin.mkdir()
        (unprivileged.entry(origin) / "data").touch()
    removed.rmdir()
    assert unprivileged.sweep() == [removed]
    assert [Path(folder.joinpath(ORIGIN).read_text()) for folder in base.iterdir()] == [kept]
    assert (unprivileged.entry(kept) / "data").exists()


def test_a_folder_that_another_user_made_is_not_taken(base: Path, closed: Path) -> None:
    base.mkdir()
    os.chown(base, *launch.nobody())
    with pytest.raises(UnreachableError):
        unprivileged.entry(closed)
    base.rmdir()
    base.symlink_to(closed)
    with pytest.raises(UnreachableError):
        unprivileged.entry(closed)


def test_a_sweep_leaves_alone_what_is_being_made(base: Path, closed: Path) -> None:
    unprivileged.entry(closed)
    draft = base / ".draft-1" / CONTENT
    draft.mkdir(parents=True)
    assert unprivileged.sweep() == []
    assert draft.exists()
