"""Smaller renderings of a stored picture, as WebP. Runs in a decoder process only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PIL import Image

from steadymint.media.cleaning import durations_of
from steadymint.media.colours import drawable
from steadymint.media.pictures import Frames, Picture, opened
from steadymint.media.tasks import PictureLimits, VariantFile, widths_for

QUALITY: Final = 82
"""At this quality a picture of half a screen looks like the original at arm's length."""
METHOD: Final = 4
"""libwebp's default balance of time and size."""
ANIMATION_METHOD: Final = 2
"""For animations, which have many frames. It takes half the time for some 5 % more bytes."""
MAX_ANIMATION_PIXELS: Final = 60_000_000
"""Pixels of all frames of one variant: about six seconds of encoding. Wider variants of a long animation are left out;
the narrowest is always made."""


def render(
    source: Path, folder: Path, wanted: Sequence[int], limits: PictureLimits, *, required: bool
) -> list[VariantFile]:
    """Write a variant of each width to `folder`, narrowest first. Of an animation only those within its budget, but
    always the narrowest if `required`. Raises like `opened`."""
    with opened(source, limits) as picture:
        if picture.frames > 1:
            return _animations(picture, source, folder, wanted, required)
        return _stills(picture, folder, wanted)


def _stills(picture: Picture, folder: Path, wanted: Sequence[int]) -> list[VariantFile]:
    image = picture.image
    widths = widths_for(image.width, wanted)
    original = image.size
    # A JPEG can be decoded at a half, a quarter or an eighth of its size at a fraction of the cost.
    image.draft(None, (2 * widths[-1], 2 * _height(original, widths[-1])))
    pixels = drawable(image)
    made: list[VariantFile] = []
    for width in reversed(widths):  # each from the next larger one
        size = (width, _height(original, width))
        pixels = pixels.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0) if pixels.size != size else pixels
        file = f"{width}.webp"
        pixels.save(folder / file, "WEBP", quality=QUALITY, method=METHOD)
        made.append(VariantFile(*size, file))
    return made[::-1]


def _animations(
    picture: Picture, source: Path, folder: Path, wanted: Sequence[int], required: bool
) -> list[VariantFile]:
    image = picture.image
    first = 1 if image.info.get("default_image") else 0  # of an APNG: for those who do not see it move
    count = picture.frames - first
    durations = durations_of(image, picture.frames, source)[first:]
    loop = image.info.get("loop", 1)  # a GIF without it is shown once; in a WebP 0 means for ever
    made: list[VariantFile] = []
    for width in widths_for(image.width, wanted):
        size = (width, _height(image.size, width))
        if (made or not required) and size[0] * size[1] * count > MAX_ANIMATION_PIXELS:
            break
        file = f"{width}.webp"
        frames = Frames(image, count, lambda frame, size=size: _resized(frame, size), first=first)
        options: dict[str, Any] = {"quality": QUALITY, "method": ANIMATION_METHOD, "background": (0, 0, 0, 0)}
        frames.save(folder / file, "WEBP", save_all=True, duration=durations, loop=loop, **options)
        made.append(VariantFile(*size, file))
    return made


def _resized(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    pixels = drawable(frame)
    return pixels.resize(size, Image.Resampling.LANCZOS) if pixels.size != size else pixels


def _height(original: tuple[int, int], width: int) -> int:
    return max(1, round(original[1] * width / original[0]))
