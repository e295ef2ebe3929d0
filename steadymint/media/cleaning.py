"""What is stored of an uploaded picture: its pixels, encoded anew. Runs in a decoder process only.

Whatever else was in the file stays behind: EXIF with place and device, XMP, comments, previews, text, colour profiles
(their effect is kept, in sRGB), bytes after the end. What is written depends on nothing but the pixels and the few
values that are handed to the encoder here.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import imagehash
from PIL import ExifTags, Image, ImageOps, JpegImagePlugin

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.colours import ToPalette, ToSrgb, drawable, opaque_mask
from steadymint.media.gif import write_gif
from steadymint.media.pictures import Frames, Picture, frames_of, opened
from steadymint.media.sniffing import MIME
from steadymint.media.tasks import Cleaned, Limits

WEBP_QUALITY: Final = 90
"""Of a WebP or AVIF that was lossy already: the second loss is not seen."""
AVIF_QUALITY: Final = 85
AVIF_SPEED: Final = 8
"""Of 0 to 10. At 6, the default, 12 million pixels take a processor five seconds instead of one."""
LARGE: Final = 4_000_000
"""Pixels from which lossless encoders are asked for less effort: at the usual one, the largest picture that is taken
would need a minute, for a few per cent of its bytes."""
JPEG_QUALITY: Final = 95
"""Where the tables of the original cannot be used again."""


def clean(source: Path, target: Path, limits: Limits) -> Cleaned:
    """Write the picture in `source` to `target`, cleaned. Raises like `opened`."""
    with opened(source, limits) as picture:
        image = picture.image
        image.seek(0) if picture.frames > 1 else image.load()
        shown = _Shown(image)
        first = _bare(shown(image), image)
        phash = perceptual_hash(first)
        if picture.frames > 1:
            _write_animation(picture, shown, source, target)
        else:
            _write_still(picture, first, source, target)
        return Cleaned(MIME[picture.format], *first.size, _frames_in(target), phash)


def _frames_in(written: Path) -> int:
    """Writers join a frame with the one before if they are equal, and add up their durations."""
    with Image.open(written) as image:
        return int(getattr(image, "n_frames", 1))


def perceptual_hash(image: Image.Image) -> str:
    """The 64-bit DCT hash that `imagehash.phash` makes, 16 hex digits; what is transparent counts as white."""
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return str(imagehash.phash(drawable(image) if image.mode.startswith("I") else image))


class _Shown:
    """A picture's frames as they are to be seen: as the camera was held, in sRGB. A frame that is so already is given
    back itself, which saves a copy."""

    def __init__(self, image: Image.Image) -> None:
        self._turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        self._to_srgb = ToSrgb(image)

    def __call__(self, frame: Image.Image) -> Image.Image:
        return self._to_srgb(ImageOps.exif_transpose(frame) if self._turned else frame)


def _bare(image: Image.Image, opened: Image.Image) -> Image.Image:
    """The pixels without anything that came with them. The file's own image is left as it is."""
    bare = image.copy() if image is opened else image
    bare.info = {key: image.info[key] for key in ("transparency",) if key in image.info}
    return bare


# -- stills ------------------------------------------------------------------------------------------------------------


def _write_still(picture: Picture, image: Image.Image, source: Path, target: Path) -> None:
    match picture.format:
        case "JPEG":
            _write_jpeg(picture.image, image, target)
        case "PNG" | "SVG":
            image.save(target, "PNG", compress_level=3 if image.width * image.height > LARGE else 6)
        case "GIF":
            ToPalette()(image).save(target, "GIF")
        case "WEBP":
            image.save(target, "WEBP", **_webp_options(source, image.size))
        case "AVIF":
            image.save(target, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED)


def _write_jpeg(original: Image.Image, image: Image.Image, target: Path) -> None:
    """With the quantisation and subsampling it had, so that a second encoding loses next to nothing."""
    options: dict[str, Any] = {"progressive": bool(original.info.get("progressive"))}
    tables = getattr(original, "quantization", None)
    if tables and original.mode in {"L", "RGB"} and image.mode == original.mode:
        sampling = JpegImagePlugin.get_sampling(original)
        kept = options | {"qtables": tables} | ({"subsampling": sampling} if sampling != -1 else {})
        try:
            image.save(target, "JPEG", **kept)
            return
        except (ValueError, OSError):  # tables that a decoder accepts and an encoder does not
            pass
    image.save(target, "JPEG", quality=JPEG_QUALITY, **options)


# -- animations --------------------------------------------------------------------------------------------------------


def _write_animation(picture: Picture, shown: _Shown, source: Path, target: Path) -> None:
    """Every frame in full, its duration, and how often it all is shown."""
    image = picture.image
    durations = durations_of(image, picture.frames, source)
    loop: dict[str, Any] = {"loop": image.info["loop"]} if "loop" in image.info else {}
    match picture.format:
        case "GIF":
            holes = _has_holes(image, picture.frames)
            seen = zip(frames_of(image, picture.frames), durations, strict=True)
            write_gif(target, seen, image.size, holes=holes, loop=image.info.get("loop"))
        case "WEBP":
            frames = Frames(image, picture.frames, shown)
            options = _webp_options(source, image.size)
            frames.save(target, "WEBP", save_all=True, duration=durations, background=(0, 0, 0, 0), **options, **loop)
        case "AVIF":
            frames = Frames(image, picture.frames, shown)
            frames.save(target, "AVIF", save_all=True, duration=durations, quality=AVIF_QUALITY, speed=AVIF_SPEED)
        case _:
            _write_apng(image, picture.frames, shown, durations, loop, target)


def _write_apng(
    image: Image.Image,
    count: int,
    shown: _Shown,
    durations: Sequence[int],
    loop: dict[str, Any],
    target: Path,
) -> None:
    """An APNG may have a picture before its first frame, for those who know no APNG."""

    def made(frame: Image.Image) -> Image.Image:
        return shown(frame).convert("RGBA")

    if not image.info.get("default_image"):
        frames = Frames(image, count, made)
        frames.save(target, "PNG", save_all=True, duration=list(durations), disposal=0, blend=0, **loop)
        return
    still = Frames(image, 1, made)
    moving = Frames(image, count - 1, made, first=1)
    still.save(
        target,
        "PNG",
        save_all=True,
        default_image=True,
        append_images=[moving],
        duration=list(durations[1:]),
        disposal=0,
        blend=0,
        **loop,
    )


def durations_of(image: Image.Image, frames: int, source: Path) -> list[int]:
    """Milliseconds of each frame. Read without decoding it, where the format allows."""
    if image.format == "WEBP":
        durations = _webp_durations(source)
        if len(durations) != frames:
            raise MediaRefusedError("The animation's frames and its durations differ in number")
        return durations
    found: list[int] = []
    for frame in range(frames):
        image.seek(frame)
        if image.format == "AVIF":
            image.load()
        found.append(round(image.info.get("duration", 0) or 0))
    image.seek(0)
    return found


def _has_holes(image: Image.Image, frames: int) -> bool:
    """Whether anything is transparent in any frame."""
    for frame in range(frames):
        image.seek(frame)
        if image.has_transparency_data and opaque_mask(image).getextrema()[0] == 0:
            return True
    return False


# -- WebP's chunks -----------------------------------------------------------------------------------------------------


def _webp_options(source: Path, size: tuple[int, int]) -> dict[str, Any]:
    kinds = {kind for kind, _ in _webp_chunks(source.read_bytes())}
    if b"VP8 " in kinds:
        return {"quality": WEBP_QUALITY, "method": 2 if b"ANMF" in kinds else 4}
    if b"ANMF" in kinds or size[0] * size[1] > LARGE:
        return {"lossless": True, "exact": True, "quality": 20, "method": 1}
    return {"lossless": True, "exact": True, "quality": 75, "method": 4}


def _webp_durations(source: Path) -> list[int]:
    chunks = _webp_chunks(source.read_bytes())
    return [int.from_bytes(body[12:15], "little") for kind, body in chunks if kind == b"ANMF"]


def _webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and first bytes of every chunk, those within frames too (RFC 9649, 2.7)."""
    found: list[tuple[bytes, bytes]] = []
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        found.append((kind, data[at + 8 : at + 8 + 16]))
        at += 8 + 16 if kind == b"ANMF" else 8 + size + size % 2  # a frame's chunks follow its sixteen bytes
    return found
