"""Free ports. They are remembered, so a part that starts again uses the same port."""

from __future__ import annotations

import json
import random
import socket
import tempfile
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

FIRST, LAST = 20_000, 32_000
"""Below the kernel's ephemeral range (32768 on Linux, 49152 elsewhere): a port from that range may be taken as the
source of some outgoing connection while its part restarts."""

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether nothing listens on `port` of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """`preferred` if it is free, else another free port. The port is reserved on this machine for a while, because a
    database takes seconds from choosing its port to listening on it."""
    if preferred is not None and is_free(preferred):
        return preferred
    dice = random.SystemRandom()
    for _ in range(1000):
        port = dice.randrange(FIRST, LAST)
        if is_free(port) and (lock := _locked(port)) is not None:
            _given[port] = lock
            if len(_given) > GIVEN:
                _given.pop(next(iter(_given))).release()
            return port
    raise OSError(f"no free port between {FIRST} and {LAST}")


GIVEN: Final = 64
"""The number of ports that stay reserved. The owner of an older one listens by now or never will."""
_given: dict[int, FileLock] = {}


def _locked(port: int) -> FileLock | None:
    """The lock of the port, which ends with its process; None if another process has it."""
    lock = FileLock(Path(tempfile.gettempdir()) / f"steadymint-port-{port}.lock", mode=0o666)
    try:
        lock.acquire(timeout=0)
    except (Timeout, PermissionError):
        return None
    return lock


class Ports:
    """The ports of one data directory, by part name.

    A port is reserved until `release`. Otherwise two stacks that start at once could both find 8545 free, and one would
    use the other's chain.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
        self._reserved: dict[int, FileLock] = {}

    def get(self, name: str, preferred: int | None = None) -> int:
        """The port of `name`: the remembered one if it is free, else `preferred`, else any."""
        port = free_port(self._known.get(name, preferred))
        others = {taken for other, taken in self._known.items() if other != name}
        while port in others or not self._reserve(port):
            port = free_port()
        self._known[name] = port
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._known, indent=2, sort_keys=True) + "\n")
        return port

    def release(self) -> None:
        """Let other stacks have the ports; they stay remembered."""
        for lock in self._reserved.values():
            lock.release()
        self._reserved.clear()

    def _reserve(self, port: int) -> bool:
        """Whether no other stack of this machine has the port."""
        if port in self._reserved:
            return True
        lock = _given.pop(port, None) or _locked(port)
        if lock is not None:
            self._reserved[port] = lock
        return lock is not None
