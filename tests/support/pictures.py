"""Pictures made in code: ordinary ones, and pieces of hostile ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

SVG_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="20"'


def scene(size: tuple[int, int] = (96, 64), mode: str = "RGB", turn: int = 0) -> Image.Image:
    """A picture without symmetry whose halves differ; `turn` makes another one of it."""
    width, height = size
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    red, green, blue = (x * 5 + turn * 40) % 256, (y * 7) % 256, np.where(x > 2 * y, 255, 40)
    pixels = np.stack(np.broadcast_arrays(red, green, blue), axis=-1).astype(np.uint8)
    return Image.fromarray(pixels).convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animated(frames: Sequence[Image.Image], kind: str, durations: Sequence[int], **options: Any) -> bytes:
    """The frames as one animation."""
    return encoded(frames[0], kind, save_all=True, append_images=list(frames[1:]), duration=list(durations), **options)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, pixels: bytes | None = None) -> bytes:
    """A PNG, 8 bit RGB, of one's own chunks between header and pixels."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = zlib.compress((b"\0" + bytes(3 * width)) * height) if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def png_chunks(data: bytes) -> list[bytes]:
    """The kinds of its chunks, in order; an assertion fails if anything is before, between or after them."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    kinds: list[bytes] = []
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        kinds.append(kind)
        at += 12 + length
    assert at == len(data)
    assert kinds[-1] == b"IEND"
    return kinds


def gif_of(frames: int) -> bytes:
    """A GIF of one by one pixel with any number of frames, 22 bytes each."""
    head = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"\x21\xf9\x04\x00\x01\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    other = frame.replace(b"\x02\x02\x44\x01\0", b"\x02\x02\x4c\x01\0")
    return head + b"".join(frame if at % 2 else other for at in range(frames)) + b";"


def apng_of(frames: int, declared: int | None = None) -> bytes:
    """An APNG of one by one pixel with any number of frames; it may say that it has another number."""
    parts = [png_chunk(b"acTL", struct.pack(">II", frames if declared is None else declared, 0))]
    pixels = zlib.compress(b"\0\0\0\0")
    number = 0
    for frame in range(frames):
        parts.append(png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 1, 1, 0, 0, 1, 25, 0, 0)))
        number += 1
        if frame == 0:
            parts.append(png_chunk(b"IDAT", pixels))
        else:
            parts.append(png_chunk(b"fdAT", struct.pack(">I", number) + pixels))
            number += 1
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts) + png_chunk(b"IEND", b"")


def webp_of(frames: int) -> bytes:
    """An animated WebP of one by one pixel with any number of frames."""
    still = encoded(Image.new("RGB", (1, 1), "red"), "WEBP", lossless=True)
    picture = still[12:]
    frame = bytes(6) + bytes(6) + (40).to_bytes(3, "little") + b"\0" + picture
    body = _riff(b"VP8X", b"\x02\0\0\0" + bytes(6)) + _riff(b"ANIM", bytes(6)) + _riff(b"ANMF", frame) * frames
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def svg(inside: str = "", attributes: str = "") -> bytes:
    """An SVG of 40 by 20 with a red square on the left."""
    return f'{SVG_HEAD} {attributes}><rect width="20" height="20" fill="#f00"/>{inside}</svg>'.encode()
