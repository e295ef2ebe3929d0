"""The spool of running uploads, and the limit on their number.

An upload is a folder in the spool directory, locked by its process. The kernel releases the lock when the process ends,
in whatever way. A folder without a lock belongs to no running upload and is removed.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from steadymint.domain.counting import counted
from steadymint.domain.errors import RateLimitedError
from steadymint.domain.types import UserId

WRITE_SIZE: Final = 256 * 1024
"""Bytes of one write. A thread for each packet of a slow line would cost more than the write."""
SUFFIX: Final = ".upload"
RETRY_AFTER: Final = 2.0
"""Seconds after which a refused upload may try again. Most uploads take less."""


class UploadSlots:
    """The limits on the uploads that one process takes at once: per user, and in all."""

    def __init__(self, *, per_user: int, in_all: int) -> None:
        self._per_user = per_user
        self._in_all = in_all
        self._of: Counter[UserId] = Counter()

    @contextmanager
    def take(self, user_id: UserId) -> Generator[None]:
        """Hold a place for one upload. Raises RateLimitedError if there is none."""
        if self._of[user_id] >= self._per_user:
            uploads = counted(self._per_user, "upload")
            raise RateLimitedError(
                f"You have {uploads} under way already", retry_after=RETRY_AFTER, limit="uploads-of-user"
            )
        if self._of.total() >= self._in_all:
            raise RateLimitedError("Too many uploads are under way", retry_after=RETRY_AFTER, limit="uploads")
        self._of[user_id] += 1
        try:
            yield
        finally:
            self._of[user_id] -= 1
            if not self._of[user_id]:
                del self._of[user_id]


class SpooledUpload:
    """The file of one upload. Writes are buffered, so call `flush` before the file is read."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.size = 0
        """Bytes taken so far."""
        self._descriptor = descriptor
        self._gathered = bytearray()
        self._sha256 = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The digest of what has been flushed, 64 hex digits."""
        return self._sha256.hexdigest()

    async def write(self, data: bytes | memoryview) -> None:
        self.size += len(data)
        self._gathered += data
        if len(self._gathered) >= WRITE_SIZE:
            await self.flush()

    async def flush(self) -> None:
        """Hands what was gathered to the file system."""
        if self._gathered:
            whole, self._gathered = self._gathered, bytearray()
            await asyncio.to_thread(self._write, whole)

    def _write(self, data: bytearray) -> None:
        self._sha256.update(data)
        left = memoryview(data)
        while left:
            left = left[os.write(self._descriptor, left) :]


class Spool:
    """A directory of uploads under way, and of exports, shared by all processes of a machine. Each has a folder of its
    own, in which there is room for what is made of it."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory or Path(tempfile.gettempdir()) / f"steadymint-uploads-{os.getuid()}"

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[SpooledUpload]:
        """A new file that is gone when the block is left, whatever happens in it."""
        folder, lock = await asyncio.to_thread(self._create)
        try:
            with (folder / "upload").open("xb", buffering=0) as file:
                yield SpooledUpload(folder / "upload", file.fileno())
        finally:
            # Not in a thread: a request that was cancelled could not wait for it.
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)

    def sweep(self) -> int:
        """Removes what killed processes have left; how many uploads."""
        return sum(_remove_if_abandoned(folder) for folder in self._directory.glob(f"*{SUFFIX}"))

    def _create(self) -> tuple[Path, int]:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._directory.lstat().st_uid != os.getuid():
            # Anybody may make a folder of any name below the system's, and exchange what is in it under our hands.
            raise PermissionError("the spool of uploads belongs to somebody else")
        while True:
            folder = self._directory / f"{uuid4().hex}{SUFFIX}"
            folder.mkdir(mode=0o700)
            with suppress(FileNotFoundError):  # a sweep came between its making and its opening
                lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                fcntl.flock(lock, fcntl.LOCK_EX)
                if folder.exists():  # or between its opening and its locking
                    return folder, lock
                os.close(lock)


def _remove_if_abandoned(folder: Path) -> bool:
    with suppress(OSError):  # gone meanwhile, locked, or of another user of the machine
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
            return True
        finally:
            os.close(lock)
    return False
