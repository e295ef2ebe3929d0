"""Which part of a file is asked for (RFC 9110, section 14)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes from `start` up to and without `end`."""

    start: int
    end: int

    def of(self, size: int) -> str:
        """The value of `Content-Range`."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


class UnsatisfiableError(Exception):
    """The range lies beyond the file."""


def byte_range_of(header: str | None, size: int) -> ByteRange | None:
    """The one range that the header asks for; None where all of the file is to be sent.

    A header that is not understood is to be ignored, and several ranges may be: nobody needs them of a picture, and
    they have been used to make servers work. Raises UnsatisfiableError.
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.group(0)[-1:] == "=":
        return None
    first, last = found.groups()
    if not first:
        return _suffix(last, size)
    start, end = int(first), int(last) + 1 if last else size
    if end <= start and last:
        return None  # 5-3 is no range at all
    if start >= size:
        raise UnsatisfiableError
    return ByteRange(start, min(end, size))


def _suffix(last: str, size: int) -> ByteRange | None:
    if not last:
        return None
    length = min(int(last), size)
    if not length:
        raise UnsatisfiableError
    return ByteRange(size - length, size)
