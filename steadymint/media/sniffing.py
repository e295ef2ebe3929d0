"""What a file is, by its first bytes. Neither its name nor the type that a caller states is asked."""

from __future__ import annotations

import re
from typing import Final, Literal

PictureFormat = Literal["PNG", "JPEG", "GIF", "WEBP", "AVIF", "SVG"]
"""As Pillow names them, and SVG."""

HEAD: Final = 4096
"""Bytes that are looked at: an SVG may begin with a long comment."""

MIME: Final[dict[PictureFormat, str]] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "SVG": "image/png",  # it is stored as what it looks like
}
"""The type of what is stored for a file of each format."""

# `*+` gives nothing back of what it has skipped: else a comment could end at any later `-->`, and a few dozen comments
# without an SVG behind them would be tried in as many ways as they can be grouped, which is for ever.
_SVG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*)*+(?:<!DOCTYPE\s+svg\b|<(?:[A-Za-z_][\w.-]*:)?svg[\s>/])",
    re.DOTALL,
)


def format_of(head: bytes) -> PictureFormat | None:
    """The format of a file that begins with `head`; None for all that we do not take."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and {b"avif", b"avis"} & set(_brands(head)):
        return "AVIF"
    return "SVG" if _SVG.match(head[:HEAD]) else None


def _brands(head: bytes) -> list[bytes]:
    """The major and the compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
