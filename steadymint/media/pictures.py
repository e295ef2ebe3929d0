"""The opening of an untrusted picture: its format, its size and its frames. Runs in a decoder process only.

All facts of the header are checked before a pixel is decoded. Pillow's own limits stay on: text and profiles in a PNG
may have 1 MiB each once inflated and 64 MiB together, and truncated files are refused.
"""

from __future__ import annotations

import errno
import struct
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import AvifImagePlugin, GifImagePlugin, Image, UnidentifiedImageError

from steadymint.domain.counting import counted
from steadymint.domain.errors import MediaRefusedError, UnsupportedMediaError, UpstreamUnavailableError
from steadymint.domain.upstreams import Upstream
from steadymint.media.sniffing import HEAD, PictureFormat, format_of
from steadymint.media.svg import rasterise
from steadymint.media.tasks import PictureLimits

MAX_SIDE: Final = 16_383
"""Pixels; the longest side that a WebP may have, and every picture gets WebP variants."""

# A decoder process uses one core. More threads would also count against its memory.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
# A GIF whose frames share a palette stays in palette mode, so its colours are not converted.
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY


_DAMAGED: Final = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    RuntimeError,
    struct.error,
)
"""The errors of Pillow's decoders for a file that does not match its header."""


_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The error numbers of a full disk. Errors of decoders have no number."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An opened file whose header is within the limits. No pixel is decoded yet."""

    image: Image.Image
    format: PictureFormat
    """The format of the upload. The image of an SVG is a PNG."""
    frames: int


@contextmanager
def opened(source: Path, limits: PictureLimits) -> Generator[Picture]:
    """The picture in a file.

    Raises:
        UnsupportedMediaError: it has no accepted format. MediaRefusedError: it is too large, damaged, or an SVG that
        refers to something outside it. Errors of decoders in
            the body of the `with` are turned into this error too.
        UpstreamUnavailableError: the disk is full.
    """
    with source.open("rb") as file:
        kind = format_of(file.read(HEAD))
    if kind is None:
        raise UnsupportedMediaError
    before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, limits.pixels
    try:
        data = BytesIO(rasterise(source.read_bytes())) if kind == "SVG" else None
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(data or source, formats=["PNG" if kind == "SVG" else kind]) as image:
                yield Picture(image, kind, _checked_frames(image, kind, limits))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(limits) from error
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise UpstreamUnavailableError(
                "There is no room for the picture now; try again", upstream=Upstream.DECODER
            ) from error
        raise MediaRefusedError(f"The file is not a whole and sound {kind} picture") from error
    except MemoryError as error:
        raise MediaRefusedError("The picture takes more memory to decode than one may") from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _checked_frames(image: Image.Image, kind: PictureFormat, limits: PictureLimits) -> int:
    width, height = image.size
    if width * height > limits.pixels:
        raise _too_many_pixels(limits)
    if max(width, height) > MAX_SIDE:
        raise MediaRefusedError(f"The picture is {width} by {height} pixels; a side may have {MAX_SIDE}")
    if kind == "JPEG":  # further pictures (MPO) are previews, depth maps or gain maps
        return 1
    frames = int(getattr(image, "n_frames", 1))
    if frames > limits.frames:
        raise MediaRefusedError(f"The animation has {counted(frames, 'frame')}; it may have {limits.frames}")
    if frames * width * height > limits.animation_pixels:
        raise MediaRefusedError(
            f"The animation has {counted(frames, 'frame')} of {width} by {height} pixels; "
            f"it may have {limits.animation_pixels} pixels in all frames together"
        )
    return frames


def _too_many_pixels(limits: PictureLimits) -> MediaRefusedError:
    return MediaRefusedError(f"The picture has more than the {limits.pixels} pixels that it may have")


def frames_of(image: Image.Image, count: int) -> Generator[Image.Image]:
    """The frames, each decoded when it is requested. The next frame overwrites it.

    Raises ValueError if a frame is larger than the picture's header says, because only the header was checked.
    """
    size = image.size
    for frame in range(count):
        image.seek(frame)
        image.load()
        if image.size != size:
            raise ValueError("a frame is larger than the picture")
        yield image


class Frames(Image.Image):
    """The frames of an animation for Pillow's writers, each made when it is requested.

    One frame is in memory here at a time. A writer may keep more.
    """

    def __init__(self, source: Image.Image, count: int, made: Callable[[Image.Image], Image.Image], first: int = 0):
        super().__init__()
        self.n_frames = count
        self.is_animated = count > 1
        self._source = source
        self._made = made
        self._first = first
        self._shown = -1
        self._wanted = 0
        self._show(0)

    def seek(self, frame: int) -> None:
        if not 0 <= frame < self.n_frames:
            raise EOFError("no more frames")
        self._wanted = frame

    def tell(self) -> int:
        return self._wanted

    def load(self) -> Any:
        if self._wanted != self._shown:
            self._show(self._wanted)
        return super().load()

    def _show(self, frame: int) -> None:
        self._source.seek(self._first + frame)
        self._source.load()
        made = self._made(self._source)
        if made is self._source:  # the next frame changes its pixels in place
            made = made.copy()
        if self._shown >= 0 and made.size != self._size:
            raise ValueError("a frame is larger than the picture")  # only the header was checked
        self._shown = frame
        self.im = made.im
        self._mode = made.mode
        self._size = made.size
        self.palette = made.palette
        self.info = {key: made.info[key] for key in ("transparency",) if key in made.info}
