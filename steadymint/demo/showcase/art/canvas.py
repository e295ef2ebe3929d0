"""A canvas with soft edges, and the colours of the showcase."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Final, Protocol

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

SIDE: Final = 600
"""Units of a side of a token's picture."""
PIXELS: Final = 512
"""Pixels of that side: a width that pictures are rendered in, so the original is not rendered once more."""
SOFT: Final = 2
"""Everything is drawn so many times larger and then made smaller: Pillow draws hard edges only."""
FINE: Final = SOFT * PIXELS / SIDE
"""Pixels of a unit, as it is drawn."""


class Drawn(Protocol):
    """The picture and the words of one token."""

    @property
    def name(self) -> str: ...

    def attributes(self) -> list[dict[str, object]]:
        """The attributes for `POST /v1/metadata`."""
        ...

    def picture(self) -> bytes:
        """A PNG."""
        ...


class Canvas:
    """A picture of `width` by `height` units, in which shapes are given in units."""

    def __init__(self, width: int = SIDE, height: int = SIDE, ground: Colour = (255, 255, 255)) -> None:
        self.width, self.height = width, height
        self._image = Image.new("RGB", (round(width * FINE), round(height * FINE)), ground)
        self._draw = ImageDraw.Draw(self._image)

    def gradient(self, top: Colour, bottom: Colour) -> None:
        """Fill the canvas from the top to the bottom."""
        strip = Image.new("RGB", (1, 256))
        strip.putdata([mixed(top, bottom, step / 255) for step in range(256)])
        self._image.paste(strip.resize(self._image.size, Image.Resampling.BILINEAR))

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        self.oval(centre, radius, radius, colour)

    def oval(self, centre: Point, across: float, down: float, colour: Colour) -> None:
        self._draw.ellipse(_box(centre, across, down), colour)

    def ring(self, centre: Point, across: float, down: float, colour: Colour, width: float) -> None:
        self._draw.ellipse(_box(centre, across, down), outline=colour, width=round(width * FINE))

    def slice(self, centre: Point, radius: float, start: float, end: float, colour: Colour) -> None:
        """A part of a disc, in degrees clockwise from the right."""
        self._draw.pieslice(_box(centre, radius, radius), start, end, colour)

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        # Pillow counts the last pixel in.
        self._draw.rectangle((left * FINE, top * FINE, right * FINE - 1, bottom * FINE - 1), colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        self._draw.line([(x * FINE, y * FINE) for x, y in points], colour, round(width * FINE), joint="curve")

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.reduce(SOFT).save(out, "PNG", compress_level=3)
        return out.getvalue()


def _box(centre: Point, across: float, down: float) -> tuple[float, float, float, float]:
    x, y = centre
    return ((x - across) * FINE, (y - down) * FINE, (x + across) * FINE, (y + down) * FINE)


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two: `share` 0 is the first, 1 the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def of_hex(text: str) -> Colour:
    """From six hex digits."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point at a distance and in a direction, clockwise from the right."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
