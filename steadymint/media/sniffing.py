"""The format of a file by its first bytes. Its name and the type that the caller declares are not used."""

from __future__ import annotations

import re
from typing import Final, Literal

PictureFormat = Literal["PNG", "JPEG", "GIF", "WEBP", "AVIF", "SVG"]
"""Pillow's names of the formats, and SVG."""

HEAD: Final = 4096
"""Bytes that are read. An SVG may begin with a long comment."""

MIME: Final[dict[PictureFormat, str]] = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "SVG": "image/png",  # an SVG is stored as a PNG
}
"""The media type of the stored picture, by the format of the file."""

_BOM: Final = b"\xef\xbb\xbf"
_BEFORE_ROOT: Final = re.compile(rb"\s*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
"""One processing instruction or comment (XML 1.0, 2.8)."""
_SVG_ROOT: Final = re.compile(rb"\s*(?:<!DOCTYPE\s+svg\b|<(?:[A-Za-z_][\w.-]*:)?svg[\s>/])")


def format_of(head: bytes) -> PictureFormat | None:
    """The format of a file that begins with `head`; None for a format that we do not accept."""
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
    return "SVG" if _begins_an_svg(head[:HEAD]) else None


def _begins_an_svg(head: bytes) -> bool:
    """Whether the first element or the document type is that of an SVG.

    Each comment is matched alone. In one expression for all comments, a comment could end at any later `-->`. A few
    dozen comments without an SVG after them would then be tried in every grouping.
    """
    at = len(_BOM) if head.startswith(_BOM) else 0
    while found := _BEFORE_ROOT.match(head, at):
        at = found.end()
    return _SVG_ROOT.match(head, at) is not None


def _brands(head: bytes) -> list[bytes]:
    """The major and the compatible brands of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
