"""The writer of animated GIFs, frame by frame (GIF89a). Pillow encodes each frame, and this file writes the rest.

Pillow's own writer keeps all frames in memory, and it loses pixels if frames with their own palettes are transparent.
There are two ways of drawing, which every viewer shows correctly:

- In an opaque animation each frame draws only what changed (disposal 1, leave it). - In an animation with transparent
pixels each frame draws all opaque pixels and is cleared afterwards (disposal 2). Every
  frame then names a transparent colour, even an unused one, because some viewers would clear with the background
  colour.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageChops

from steadymint.media.colours import ToPalette, opaque_mask

LEAVE: Final = 1
WIPE: Final = 2
MAX_DELAY: Final = 0xFFFF
"""Hundredths of a second."""


@dataclass(slots=True)
class _Drawn:
    """A frame that is written when its duration is known."""

    image: Image.Image
    """In mode P."""
    corner: tuple[int, int]
    disposal: int
    duration: int
    """Milliseconds."""


def write_gif(
    target: Path, frames: Iterable[tuple[Image.Image, int]], size: tuple[int, int], *, holes: bool, loop: int | None
) -> int:
    """Write the animation. A frame that equals the one before is joined with it.

    Args:
        target: the file to write.
        frames: the full frames with their durations in milliseconds.
        size: the size of every frame.
        holes: whether any frame has a transparent pixel.
        loop: the number of repetitions, 0 for ever; None to show it once.

    Returns:
        The number of frames written.
    """
    with target.open("wb") as file:
        file.write(b"GIF89a" + struct.pack("<HHBBB", *size, 0, 0, 0))
        if loop is not None:
            file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<H", loop) + b"\0")
        count = 0
        draw = _WithHoles() if holes else _Opaque()
        waiting: _Drawn | None = None
        for frame, duration in frames:
            drawn = draw.next(frame, duration)
            if drawn is None and waiting is not None:
                waiting.duration += duration
                continue
            if waiting is not None:
                _write_frame(file, waiting)
            waiting = drawn
            count += 1
        if waiting is not None:
            _write_frame(file, waiting)
        file.write(b"\x3b")
    return count


class _Opaque:
    """Draws each frame over the one before."""

    def __init__(self) -> None:
        self._before: Image.Image | None = None
        self._to_palette = ToPalette()

    def next(self, frame: Image.Image, duration: int) -> _Drawn | None:
        """None if nothing has changed."""
        rgb = frame.convert("RGB")
        before, self._before = self._before, rgb
        if before is None:
            return _Drawn(self._to_palette(rgb), (0, 0), LEAVE, duration)
        difference = ImageChops.difference(rgb, before)
        box = difference.getbbox()
        if box is None:
            return None
        changed = _any_band(difference.crop(box))
        part = rgb.crop(box)
        sparse = part.copy()
        sparse.putalpha(changed)
        # Unchanged pixels are made clear, unless the clear colour is one colour too many.
        return _Drawn(self._to_palette.exact(sparse) or self._to_palette(part), box[:2], LEAVE, duration)


class _WithHoles:
    """Draws each frame on an empty canvas."""

    def __init__(self) -> None:
        self._before: Image.Image | None = None
        self._to_palette = ToPalette()

    def next(self, frame: Image.Image, duration: int) -> _Drawn | None:
        """None if nothing has changed."""
        rgba = frame.convert("RGBA")
        mask = opaque_mask(rgba)
        clean = Image.new("RGBA", rgba.size)
        clean.paste(rgba.convert("RGB"), mask=mask)
        before, self._before = self._before, clean
        if before is not None and clean.tobytes() == before.tobytes():
            return None
        box = mask.getbbox() or (0, 0, 1, 1)
        return _Drawn(self._to_palette(clean.crop(box), clear=True), box[:2], WIPE, duration)


def _any_band(difference: Image.Image) -> Image.Image:
    """A mask of the pixels that differ in red, green or blue."""
    red, green, blue = difference.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).point([0] + [255] * 255)


def _write_frame(file: BinaryIO, drawn: _Drawn) -> None:
    single = BytesIO()
    drawn.image.save(single, "GIF", optimize=False, interlace=False)
    table, clear, data = _parts(single.getvalue())
    delay = min(MAX_DELAY, round(drawn.duration / 10))
    flags = drawn.disposal << 2 | (clear is not None)
    file.write(b"\x21\xf9\x04" + struct.pack("<BHBB", flags, delay, clear or 0, 0))
    bits = (len(table) // 3).bit_length() - 1
    file.write(b"\x2c" + struct.pack("<HHHHB", *drawn.corner, *drawn.image.size, 0x80 | bits - 1) + table + data)


def _parts(single: bytes) -> tuple[bytes, int | None, bytes]:
    """The colour table, the transparent colour and the image data with its terminator, of a GIF with one frame."""
    flags = single[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    table = single[13:at]
    clear: int | None = None
    while single[at] == 0x21:
        if single[at + 1] == 0xF9 and single[at + 3] & 1:
            clear = single[at + 6]
        at += 2
        while single[at]:
            at += 1 + single[at]
        at += 1
    local = single[at + 9]
    at += 10
    if local & 0x80:
        table, at = single[at : at + (3 << (local & 7) + 1)], at + (3 << (local & 7) + 1)
    return table, clear, single[at:-1]
