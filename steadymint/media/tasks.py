"""The inputs and results of a decoder. This file imports no decoder, so its callers import none either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The limits on one picture."""

    pixels: int
    """Pixels of one frame."""
    animation_pixels: int
    """Pixels of all frames together."""
    frames: int


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned picture."""

    mime: str
    width: int
    """Pixels, after orientation."""
    height: int
    frames: int
    phash: str


@dataclass(frozen=True, slots=True)
class VariantFile:
    """A variant in a file."""

    width: int
    """Pixels."""
    height: int
    file: str
    """Its name in the target folder."""


def widths_for(width: int, wanted: Sequence[int]) -> list[int]:
    """The widths to make, narrowest first. A wanted width above the original's is replaced by the original's."""
    return sorted({min(width, one) for one in wanted})
