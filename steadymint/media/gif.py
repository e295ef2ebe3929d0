"""Writing an animated GIF frame by frame (GIF89a). Pillow makes each frame's data; what goes around it is written here.

Pillow's own writer keeps all frames in memory, and loses pixels where frames with palettes of their own meet
transparency. Two ways of drawing, each right in every viewer:

- an animation that is opaque everywhere: each frame draws what has changed (disposal 1, leave it);
- one with holes: each frame draws all that is not a hole, and is wiped afterwards (disposal 2). Every frame then names
  a transparent colour, used or not: some viewers would wipe with the background colour otherwise.
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
    """A frame that is written once it is known how long it stays."""

    image: Image.Image
    """In mode P."""
    corner: tuple[int, int]
    disposal: int
    duration: int
    """Milliseconds."""


def write_gif(
    target: Path, frames: Iterable[tuple[Image.Image, int]], size: tuple[int, int], *, holes: bool, loop: int | None
) -> int:
    """Write the animation; a frame that equals the one before is joined with it.

    Args:
        target: where to.
        frames: what is seen, in full, and for how many milliseconds.
        size: of every frame.
        holes: whether anything is transparent in any frame.
        loop: how often it is repeated, 0 for ever; None to show it once.

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
    """Each frame over the one before."""

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
        # What has not changed is left out, as if it were clear, unless that takes one colour too many.
        return _Drawn(self._to_palette.exact(sparse) or self._to_palette(part), box[:2], LEAVE, duration)


class _WithHoles:
    """Each frame on an empty canvas."""

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
    """Of a GIF of one frame: its colour table, its transparent colour, and the image data with its terminator."""
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
