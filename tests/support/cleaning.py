"""Pictures before and after cleaning: what is written of them, and what they show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from steadymint.media.cleaning import clean
from steadymint.media.tasks import Cleaned, PictureLimits

LIMITS = PictureLimits(pixels=1_000_000, animation_pixels=4_000_000, frames=1000)


def cleaned(data: bytes, folder: Path, limits: PictureLimits = LIMITS) -> tuple[Cleaned, bytes]:
    """What is written for this file."""
    (folder / "upload").write_bytes(data)
    made = clean(folder / "upload", folder / "cleaned", limits)
    return made, (folder / "cleaned").read_bytes()


def pixels(image: Image.Image) -> np.ndarray:
    """Every pixel as red, green, blue and opacity."""
    return np.asarray(image.convert("RGBA")).astype(int)
