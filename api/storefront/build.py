"""The build of the storefront: its files in memory, as they are sent."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "dist"
"""Where `web/build.mjs` writes it. The wheel carries it."""
PAGE: Final = "index.html"
HEAD_BEGINS: Final = "<!--head-->"
HEAD_ENDS: Final = "<!--/head-->"

_TYPES: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""Said by us, because a machine's own table may have others."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the build, with its compressed copies by their content coding."""

    mime: str
    etag: str
    content: bytes
    compressed: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Build:
    """All files by their paths, and the page around its head. Only what is listed here can be asked for, so no path
    leads outside."""

    files: dict[str, File]
    before_head: str
    after_head: str
    made: int
    """Nanoseconds: when the page was written."""

    def page(self, head: str) -> bytes:
        return f"{self.before_head}{head}{self.after_head}".encode()


class Builds:
    """The newest build in a folder. It is read when it is first asked for, and again when it was built again."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._read: Build | None = None

    def newest(self) -> Build | None:
        """None if nothing was built."""
        try:
            made = (self._folder / PAGE).stat().st_mtime_ns
        except OSError:
            return None
        if self._read is None or self._read.made != made:
            self._read = _read(self._folder, made)
        return self._read


def _read(folder: Path, made: int) -> Build:
    before, _, rest = (folder / PAGE).read_text("utf-8").partition(HEAD_BEGINS)
    _, _, after = rest.partition(HEAD_ENDS)
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    files = {
        f"/{path.relative_to(folder).as_posix()}": _file(path)
        for path in paths
        if path.name != PAGE and path.suffix not in (".br", ".gz")
    }
    return Build(files, before, after, made)


def _file(path: Path) -> File:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    compressed = {
        coding: copy.read_bytes()
        for coding, suffix in (("br", ".br"), ("gzip", ".gz"))
        if (copy := path.with_name(path.name + suffix)).exists()
    }
    return File(kind, f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"', content, compressed)
