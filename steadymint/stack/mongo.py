"""A MongoDB wire server on WiredTiger from the wheel `SecantusDB`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pymongo import AsyncMongoClient

from steadymint.stack.part import Part
from steadymint.stack.ports import HOST, free_port


class Mongo(Part):
    """One node. It reports itself as a replica set, which drivers need for change streams and transactions."""

    name = "mongo"

    def __init__(
        self, data_dir: Path, port: int | None = None, cache: str = "256M", log_file: Path | None = None
    ) -> None:
        super().__init__(data_dir, log_file)
        self.port = free_port(port)
        self.cache = cache

    @property
    def listens_on(self) -> int:
        return self.port

    @property
    def url(self) -> str:
        """The URL for clients. Without `journal` a kill -9 would lose the acknowledged writes of the last 100 ms."""
        return f"mongodb://{HOST}:{self.port}/?directConnection=true&journal=true"

    def command(self) -> list[str]:
        options = ["--host", HOST, "--port", str(self.port), "--storage-path", str(self.data_dir)]
        options += ["--cache-size", self.cache, "--log-level", "WARNING"]
        return [sys.executable, "-m", "secantus", *options]

    def environment(self) -> dict[str, str]:
        return dict(os.environ) | {"PYTHONUNBUFFERED": "1"}

    async def probe(self) -> bool:
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(self.url, serverSelectionTimeoutMS=500)
        try:
            await client.admin.command("ping")
        finally:
            await client.close()
        return True
