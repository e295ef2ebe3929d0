"""What a decoder is told and what it answers. Imports no decoder, so that whoever asks one need not either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may cost."""

    pixels: int
    """Of one frame."""
    animation_pixels: int
    """Of all frames together."""
    frames: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A picture that has been written anew."""

    mime: str
    width: int
    """Pixels, after orientation."""
    height: int
    frames: int
    phash: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A variant that has been written to a file."""

    width: int
    """Pixels."""
    height: int
    file: str
    """Its name in the target folder."""


def widths_for(width: int, wanted: Sequence[int]) -> list[int]:
    """The widths to make, narrowest first: none is wider than the original, whose own width stands for those."""
    return sorted({min(width, one) for one in wanted})
