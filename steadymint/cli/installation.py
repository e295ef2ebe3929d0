"""`steadymint doctor --install`: checks whether this machine can install and start the local stack.

It uses only the standard library, because the packages may be what is missing. It also runs on a Python that is too
old for the rest: `scripts/doctor` runs this file with any Python.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ((3, 11), (3, 14))
"""The first release, and the first that is too new: `requires-python` of pyproject.toml."""
MACHINES = {"x86_64", "amd64", "aarch64", "arm64"}
SYSTEMS = {"Linux", "Darwin"}
INSTALL_SPACE = 2_500_000_000
"""Bytes that an installation takes: 1.3 GB of packages, and the archives that they come in."""
RUN_SPACE = 500_000_000
"""Bytes that a demo and its databases take."""
FILES = 100_000
"""Twice the number of files that an installation adds."""
PATIENCE = 10
"""Seconds for the package registry to answer."""


def problems() -> list[tuple[str, str]]:
    """The checks that failed, as pairs of the check's name and a sentence."""
    found: list[tuple[str, str]] = []
    for name, examine in CHECKS:
        sentence = examine()
        if sentence:
            found.append((name, sentence))
    return found


def interpreter() -> str | None:
    """Check that `scripts/python` finds a supported Python. Each check returns None, or a sentence if it failed."""
    try:
        result = subprocess.run([str(ROOT / "scripts" / "python")], capture_output=True)
    except OSError as error:
        return f"scripts/python cannot be run: {error.strerror}."
    if result.returncode == 0:
        return None
    first, too_new = (".".join(map(str, version)) for version in SUPPORTED)
    return (
        f"No Python from {first} to before {too_new} is on the PATH; `{sys.executable}` is"
        f" {platform.python_version()}. Install one, or set PYTHON to it."
    )


def architecture() -> str | None:
    """Check that the parts exist for this system and processor."""
    system, machine = platform.system(), platform.machine()
    if system not in SYSTEMS or machine.lower() not in MACHINES:
        return f"The parts exist for Linux and macOS on x86-64 and ARM64; this machine is {system} {machine}."
    if system == "Linux" and platform.libc_ver()[0] != "glibc":
        return "The parts need the GNU C library, and this system has another (Alpine has musl)."
    return _foreign_part()


def _foreign_part() -> str | None:
    """Check that no part was installed for another machine, such as in a folder that two machines share."""
    for part in (ROOT / ".venv" / "bin" / "python", ROOT / ".venv" / "bin" / "temporal"):
        try:
            if part.exists():
                subprocess.run([str(part), "--version"], capture_output=True, timeout=30)
        except OSError as error:
            if error.errno == errno.ENOEXEC:
                return f"{part} is for another processor than this one: run `make clean` and begin again."
            return f"{part} cannot be run: {error.strerror}. Run `make clean` and begin again."
        except subprocess.TimeoutExpired:
            continue
    return None


def folders() -> str | None:
    """Check that this user may write in the folders of the parts and their data, and run programs from there."""
    for folder in (ROOT, ROOT / ".steadymint", ROOT / ".venv", Path(tempfile.gettempdir())):
        if folder.exists() and not os.access(str(folder), os.W_OK | os.X_OK):
            owner = folder.stat().st_uid
            return f"The folder {folder} cannot be written by this user; it belongs to user {owner}."
        if folder.exists() and folder != Path(tempfile.gettempdir()) and _no_programs(folder):
            return f"The folder {folder} is on a file system from which no programs may be run (noexec)."
    if os.geteuid() == 0:
        return _place_for_nobody()
    return None


def _no_programs(folder: Path) -> bool:
    return bool(os.statvfs(str(folder)).f_flag & getattr(os, "ST_NOEXEC", 0))


def _place_for_nobody() -> str | None:
    """Check that root's PostgreSQL, which runs as `nobody`, has a folder. The module is loaded by its path, because a
    Python that is too old cannot load the package."""
    spec = importlib.util.spec_from_file_location("_unprivileged", str(ROOT / "steadymint/stack/unprivileged.py"))
    if spec is None or spec.loader is None or sys.version_info < SUPPORTED[0]:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        module.base()
    except module.UnreachableError as error:
        return f"{error}."
    return None


def space() -> str | None:
    """Check that the disk has room for the packages and for the data of the parts."""
    needed = RUN_SPACE if (ROOT / ".venv" / ".synced").exists() else INSTALL_SPACE
    for folder, wanted in ((ROOT, needed), (Path(tempfile.gettempdir()), RUN_SPACE)):
        free = shutil.disk_usage(str(folder)).free
        if free < wanted:
            return f"The disk is full: {folder} has {free / 1e9:.1f} GB left, and {wanted / 1e9:.1f} GB are needed."
        system = os.statvfs(str(folder))
        if system.f_files and system.f_favail < FILES:  # some file systems do not count
            return f"The disk is full: {folder} can hold only {system.f_favail} more files."
    shared = Path("/dev/shm")
    if platform.system() == "Linux" and not (shared.is_dir() and os.access(str(shared), os.W_OK)):
        return "PostgreSQL needs shared memory, and /dev/shm cannot be written."
    return None


def ports() -> str | None:
    """Check that a program can listen on the loopback address, and that the stack's ports are free."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", 0))
        except OSError as error:
            return f"Nothing can listen on 127.0.0.1: {error.strerror}."
    remembered = ROOT / ".steadymint" / "ports.json"
    running = (ROOT / ".steadymint" / "stack.json").exists()
    if running or not remembered.exists():
        return None
    taken = [
        f"{number} ({name})"
        for name, number in sorted(json.loads(remembered.read_text()).items())
        if not _is_free(number)
    ]
    if taken:
        return f"Another program listens on a port of the stack: {', '.join(taken)}. The next start takes others."
    return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def network() -> str | None:
    """Check that the package registry answers. It is not asked if everything is installed."""
    if (ROOT / ".venv" / ".synced").exists() and (ROOT / ".steadymint" / "node" / ".installed").exists():
        return None
    registry = _registry()
    if registry is None:
        return None
    try:
        urllib.request.urlopen(registry, timeout=PATIENCE).close()
    except urllib.error.HTTPError:
        return None  # it answers
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        return f"There is no network to the package registry: {reason}."
    return None


def _registry() -> str | None:
    """The URL of the package registry, from the environment or else from the lock file."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name]
    found = re.search(r'registry = "(https://[^"]+)"', (ROOT / "uv.lock").read_text())
    return found.group(1) + "/uv/" if found else None


CHECKS = (
    ("interpreter", interpreter),
    ("architecture", architecture),
    ("folders", folders),
    ("disk", space),
    ("ports", ports),
    ("network", network),
)


def report(*, brief: bool = False) -> int:
    """Print a line for each check, or with `brief` only for those that failed. Returns the exit code."""
    found = dict(problems())
    for name, _ in CHECKS:
        if name in found:
            sys.stdout.write(f"{name:<13} FAILED  {found[name]}\n")
        elif not brief:
            sys.stdout.write(f"{name:<13} ok\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(report(brief="--brief" in sys.argv[1:]))
