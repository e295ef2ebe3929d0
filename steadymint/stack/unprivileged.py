"""Folders that an unprivileged user may enter, for the one part that must not run as root.

PostgreSQL refuses to run as root, so root starts it as `nobody`. But `nobody` cannot enter root's home, a folder of
`mktemp -d`, or a folder that was made under a umask of 077. So the programs and the data of root's PostgreSQL are in a
folder of the system, wherever the checkout is.

Each entry of that folder names its origin: the path that it replaces. An entry whose origin is gone is removed by
the next `sweep`, so `make clean` removes the origins and sweeps. Every function here is for root.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import Final

BASES: Final = ("/var/lib/steadymint", "/var/tmp/steadymint-root")
"""The first usable one is used. A container may have a read-only /var/lib."""
ORIGIN: Final = "origin"
"""The file in an entry that names the path that it replaces."""
CONTENT: Final = "content"


class UnreachableError(Exception):
    """There is no folder that an unprivileged user may enter and run programs from."""


def entry(origin: Path) -> Path:
    """The folder that replaces `origin`, which must exist. The folder is made if it does not exist.

    Raises UnreachableError.
    """
    folder = base() / hashlib.sha256(os.fsencode(origin)).hexdigest()[:16]
    if not folder.exists():
        # The origin is written before the folder gets its name, because a sweep removes entries without an origin.
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=base()))
        (draft / ORIGIN).write_bytes(os.fsencode(origin))
        (draft / CONTENT).mkdir()
        for path in (draft, draft / CONTENT):
            path.chmod(0o755)
        try:
            draft.rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(draft)
    return folder / CONTENT


def copy_of(programs: Path, *libraries: Path, below: Path) -> Path:
    """A copy of the folder `programs` that an unprivileged user may run. Libraries keep their place relative to
    `below`.

    It is made once. If a package manager replaces `programs`, the new ones are copied. Raises UnreachableError.
    """
    target = entry(programs) / str(programs.stat().st_mtime_ns)
    copied = target / programs.relative_to(below)
    if target.exists():
        return copied
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
    for source in (programs, *libraries):
        shutil.copytree(source, draft / source.relative_to(below), symlinks=True)
    _open_to_all(draft)
    try:
        draft.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(draft)
    return copied


def sweep() -> list[Path]:
    """Remove the entries whose origin is gone. Returns the origins."""
    gone: list[Path] = []
    for parent in map(Path, BASES):
        if not _is_ours(parent):
            continue
        for folder in parent.iterdir():
            try:
                origin = Path(os.fsdecode((folder / ORIGIN).read_bytes()))
            except OSError:  # a draft, being made or left by a killed process
                continue
            if not origin.exists():
                shutil.rmtree(folder, ignore_errors=True)
                gone.append(origin)
    return gone


def _open_to_all(folder: Path) -> None:
    """Let anybody read the files below, and run those that their owner may run, whatever the umask was."""
    for directory, _, files in os.walk(folder):
        Path(directory).chmod(0o755)
        for name in files:
            file = Path(directory, name)
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & stat.S_IXUSR else 0o644)


@functools.cache
def base() -> Path:
    """The folder of the entries. It is made if it does not exist. Raises UnreachableError."""
    for folder in map(Path, BASES):
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            if _is_ours(folder):
                folder.chmod(0o755)  # the umask may have closed it
                if _can_be_used(folder):
                    return folder
        except OSError:
            continue
    raise UnreachableError(f"PostgreSQL must not run as root, and nobody else may run programs in {' or '.join(BASES)}")


def _is_ours(folder: Path) -> bool:
    """Whether root made the folder. In /var/tmp anybody may make a folder, or a link, of that name."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022


def _can_be_used(folder: Path) -> bool:
    entered = all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))
    return entered and not os.statvfs(folder).f_flag & os.ST_NOEXEC


if __name__ == "__main__":  # `make clean` ends with it, so it uses only the standard library
    for removed in sweep() if os.geteuid() == 0 else []:
        sys.stdout.write(f"removed what stood in for {removed}\n")
