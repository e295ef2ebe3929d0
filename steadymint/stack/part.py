"""A part of the stack: one real process that starts, answers and stops. Tests can kill or pause it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

import psutil

from steadymint.stack import launch
from steadymint.stack.secrets import load_password
from steadymint.telemetry.logs import redact

POLL = 0.05
"""Seconds between two looks at a process. Parts answer within a few hundred milliseconds, and looks are not free."""


class PartFailedError(Exception):
    """A part did not start, or did not stop. The message holds the last lines of its log."""


class Part(ABC):
    """One process with its data directory, its log file and a port that stays the same over restarts.

    A part never outlives the process that started it (see `launch`). The thread that calls `start` must live as long as
    the part is needed, as the main thread does.
    """

    name: str = "part"
    stop_signal: signal.Signals = signal.SIGTERM
    """The signal that asks the process to end in order."""
    death_signal: signal.Signals = signal.SIGKILL
    """The signal that the process gets when its parent is gone."""
    unprivileged: bool = False
    """Whether the process must not run as root."""
    start_timeout: float = 60.0
    """Seconds until the part must answer. The limit is generous, because a busy machine with two cores starts all parts
    at once."""
    spawns: int = 5
    """The number of starts if the process exits before it answers. After a kill -9 of PostgreSQL its children need a
    moment to release the shared memory, and a port may be in use as long."""

    def __init__(self, data_dir: Path, log_file: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.log_file = (log_file or data_dir.parent / "logs" / f"{self.name}.log").absolute()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def working_directory(self) -> Path:
        """The working directory of the process."""
        return self.data_dir

    @property
    def listens_on(self) -> int | None:
        """The port on which this process must answer; None if it has no port."""
        return None

    @cached_property
    def password(self) -> str:
        """The server's password for its clients. It is stored beside the data, so the next start uses the same one."""
        return load_password(self.data_dir.with_name(f"{self.data_dir.name}.password"))

    @property
    @abstractmethod
    def url(self) -> str:
        """The URL for clients."""

    def described(self) -> str:
        """The address that is shown to people, without a password."""
        return redact(self.url)

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    async def probe(self) -> bool:
        """Whether the part answers. An exception counts as no."""

    async def alive(self) -> bool:
        """Whether the running part still answers, whatever the others do. An exception counts as no."""
        return await self.probe()

    async def prepare(self) -> None:
        """Prepare what the process needs before it starts. It is idempotent."""
        return

    def environment(self) -> dict[str, str]:
        """The environment of the process; the parent's by default."""
        return dict(os.environ)

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def running(self) -> bool:
        return self.pid is not None

    @property
    def exit_code(self) -> int | None:
        """The exit status of the last process, negative for a signal; None while it runs or before it ran."""
        return self._process.poll() if self._process else None

    async def start(self) -> None:
        """Start and wait until it answers.

        Raises:
            PartFailedError: it exited or did not answer in time.
        """
        if self.running:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        await self.prepare()
        deadline = time.monotonic() + self.start_timeout
        for spawn in range(1, self.spawns + 1):
            self._process = self._spawn()
            if await self._answers(deadline):
                return
            if self.running or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.2 * spawn)
        code = self.exit_code
        await self.kill()
        what = "did not answer in time" if code is None else f"exited with {code}"
        raise PartFailedError(f"{self.name} {what}; the end of {self.log_file}:\n{self.log_tail()}")

    async def stop(self, timeout: float = 15.0) -> None:
        """Ask it to end, wait `timeout` seconds, then kill it."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        _signal(process.pid, self.stop_signal)
        _signal_group(process.pid, signal.SIGCONT)  # a paused process would not get the signal
        try:
            async with asyncio.timeout(timeout):
                await _gone(process)
        except TimeoutError:
            await self.kill()
        _signal_group(process.pid, signal.SIGKILL)  # ends the children that are still there

    async def kill(self) -> None:
        """Kill the process with SIGKILL, as the kernel's out-of-memory killer does. Returns when it is gone."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        _signal_group(process.pid, signal.SIGKILL)
        await _gone(process)

    async def restart(self) -> None:
        """Stop the part if it runs, then start it with the same port and data."""
        await self.stop()
        await self.start()

    def pause(self) -> None:
        """Pause the process: connections stay open and nothing answers, as with a host that hangs."""
        if (pid := self.pid) is not None:
            _signal_group(pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Resume the paused process."""
        if (pid := self.pid) is not None:
            _signal_group(pid, signal.SIGCONT)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log_file.exists():
            return ""
        return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-lines:])

    def launcher(self) -> list[str]:
        """The prefix of the command that makes the process end with this one."""
        options = ["--parent", str(os.getpid()), "--death-signal", self.death_signal.name]
        if self.unprivileged:
            options.append("--unprivileged")
        return [sys.executable, "-S", "-E", launch.__file__, *options, "--"]

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [*self.launcher(), *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                cwd=self.working_directory,
            )

    async def _answers(self, deadline: float) -> bool:
        """Poll the part. True when it answers, False when it exited or the deadline passed."""
        while self.running and time.monotonic() < deadline:
            with contextlib.suppress(Exception):  # "not ready yet" looks different in every client library
                async with asyncio.timeout(5):
                    answers = await self.probe()
                if answers and self._is_who_answers():
                    return self.running
            await asyncio.sleep(POLL)
        return False

    def _is_who_answers(self) -> bool:
        """Whether its own process listens on its port. Another user's part may have taken the port, and would answer
        too."""
        if self.listens_on is None or (pid := self.pid) is None:
            return True
        open_ports = {
            connection.laddr.port
            for connection in psutil.Process(pid).net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }
        return self.listens_on in open_ports


async def _gone(process: subprocess.Popen[bytes]) -> None:
    """Wait until the process ends. It polls, because a part may start under one event loop and stop under another."""
    while process.poll() is None:  # noqa: ASYNC110
        await asyncio.sleep(POLL / 2)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Signal the session that the launcher opens, or the process itself if it is not open yet."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        _signal(pid, number)
