"""What a file is, told by its first bytes: what its server calls it is the server's opinion. Pure."""

from __future__ import annotations

import re
from typing import Final

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"glTF", "model/gltf-binary"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: Final = {b"avif": "image/avif", b"avis": "image/avif", b"heic": "image/heic", b"mif1": "image/heif"}
"""Of an ISO base media file; any other brand is a video."""
_SVG: Final = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]{0,256}>\s*)?(<!--.{0,512}?-->\s*|<!DOCTYPE\s+svg[^>\[]{0,512}>\s*)*<svg[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE_TYPES: Final = re.compile(r"(image|audio|video|model)/[\w.+-]{1,64}")
SVG: Final = "image/svg+xml"


def sniff(body: bytes) -> str | None:
    """The media type of a picture, sound, video or model; None for anything else, HTML among it."""
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return kind
    if body[:4] == b"RIFF":
        return _RIFF.get(body[8:12])
    if body[4:8] == b"ftyp":
        return _BRANDS.get(body[8:12], "video/mp4")
    return SVG if _SVG.match(body[:4096]) else None


def is_picture_type(content_type: str) -> bool:
    """Whether a type names something to look at or listen to, as media of a token must be."""
    return _PICTURE_TYPES.fullmatch(content_type) is not None
