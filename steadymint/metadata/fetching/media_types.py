"""The media type of a file, by its first bytes, because a server may call it anything. Pure."""

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
"""The brands of an ISO base media file. Any other brand is a video."""
_BEFORE_SVG: Final = ((b"<?xml", b"?>"), (b"<!--", b"-->"), (b"<!doctype svg", b">"))
"""What may come before the `<svg`, as pairs of its beginning and its end."""
_PICTURE_TYPES: Final = re.compile(r"(image|audio|video|model)/[\w.+-]{1,64}")
SVG: Final = "image/svg+xml"
_LOOKED_AT: Final = 4096
"""Bytes in which `<svg` must come."""


def sniff(body: bytes) -> str | None:
    """The media type of a picture, sound, video or model. None for anything else, such as HTML."""
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return kind
    if body[:4] == b"RIFF":
        return _RIFF.get(body[8:12])
    if body[4:8] == b"ftyp":
        return _BRANDS.get(body[8:12], "video/mp4")
    return SVG if _is_svg(body[:_LOOKED_AT]) else None


def is_picture_type(content_type: str) -> bool:
    """Whether a type is one that the media of a token may have."""
    return _PICTURE_TYPES.fullmatch(content_type) is not None


def _is_svg(text: bytes) -> bool:
    """Whether the first element is `<svg`. A loop finds it, since a regular expression would backtrack without end."""
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    while (skipped := next((pair for pair in _BEFORE_SVG if text.startswith(pair[0])), None)) is not None:
        _, _, text = text.partition(skipped[1])
        text = text.lstrip()
    return text[:4] == b"<svg" and (text[4:5].isspace() or text[4:5] in (b">", b"/"))
