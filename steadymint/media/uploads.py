"""Uploads under way: where their bytes wait, how many there may be, and what of their names is kept.

An upload is a file in a spool directory that its process holds a lock on. The kernel lets go of the lock when the
process ends, however it ends; whatever is found there without a lock was never finished by anybody and is removed.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import tempfile
import unicodedata
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

from steadymint.domain.errors import RateLimitedError
from steadymint.domain.types import UserId

MAX_NAME: Final = 120
"""Characters of a file name that are kept, to be shown to its owner and for nothing else."""
WRITE_SIZE: Final = 256 * 1024
"""Bytes that are gathered for one write: a thread for each packet of a slow line would cost more than the write."""
SUFFIX: Final = ".upload"
RETRY_AFTER: Final = 2.0
"""Seconds after which a refused upload may try again; most take less."""


class UploadSlots:
    """How many uploads one process takes at once: of one user, and of all."""

    def __init__(self, *, per_user: int, in_all: int) -> None:
        self._per_user = per_user
        self._in_all = in_all
        self._of: Counter[UserId] = Counter()

    @contextmanager
    def take(self, user_id: UserId) -> Generator[None]:
        """Raises RateLimitedError where there is no place."""
        if self._of[user_id] >= self._per_user:
            raise RateLimitedError(f"You have {self._per_user} uploads under way already", retry_after=RETRY_AFTER)
        if self._of.total() >= self._in_all:
            raise RateLimitedError("Too many uploads are under way", retry_after=RETRY_AFTER)
        self._of[user_id] += 1
        try:
            yield
        finally:
            self._of[user_id] -= 1
            if not self._of[user_id]:
                del self._of[user_id]


class SpooledUpload:
    """The file of one upload. What is written to it is gathered; `flush` before it is read."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.size = 0
        """Bytes taken so far."""
        self._descriptor = descriptor
        self._gathered = bytearray()

    async def write(self, data: bytes | memoryview) -> None:
        self.size += len(data)
        self._gathered += data
        if len(self._gathered) >= WRITE_SIZE:
            await self.flush()

    async def flush(self) -> None:
        """Hands what was gathered to the file system."""
        if self._gathered:
            whole, self._gathered = self._gathered, bytearray()
            await asyncio.to_thread(_write_all, self._descriptor, whole)


class Spool:
    """A directory of uploads under way, shared by all processes of a machine."""

    def __init__(self, directory: Path | None = None) -> None:
        self._directory = directory or Path(tempfile.gettempdir()) / "steadymint-uploads"

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[SpooledUpload]:
        """A new file that is gone when the block is left, whatever happens in it."""
        path, descriptor = await asyncio.to_thread(self._create)
        try:
            yield SpooledUpload(path, descriptor)
        finally:
            # Not in a thread: a request that was cancelled could not wait for it.
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def sweep(self) -> int:
        """Removes what killed processes have left; how many files."""
        return sum(_remove_if_abandoned(path) for path in self._directory.glob(f"*{SUFFIX}"))

    def _create(self) -> tuple[Path, int]:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = self._directory / f"{uuid4().hex}{SUFFIX}"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:
                return path, descriptor
            os.close(descriptor)  # a sweep came between its creation and its lock


def _remove_if_abandoned(path: Path) -> bool:
    with suppress(OSError):  # gone meanwhile, or of another user of the machine
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            return True
        finally:
            os.close(descriptor)
    return False


def _write_all(descriptor: int, data: bytearray) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def shown_name(name: bytes | str | None) -> str | None:
    """What may be shown of a file name that a caller sent: its last part, in one line, without what hides or turns
    text. None if nothing is left.

    It is a label. No key, path or header is made of it, whatever it says.
    """
    if name is None:
        return None
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else name
    text = unicodedata.normalize("NFC", text).replace("\\", "/").rpartition("/")[2]
    # Cc, Cf: control characters and direction marks. Cs, Co, Cn: nothing that a font could show. Zl, Zp: line ends.
    kept = "".join(char for char in text if unicodedata.category(char) not in _HIDDEN)
    return kept.strip(" .")[:MAX_NAME].strip() or None


_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
