"""The cleaning of an uploaded picture: its pixels are encoded again. Runs in a decoder process only.

Everything else in the file is dropped: EXIF with location and device, XMP, comments, previews, text, colour profiles
(their effect is kept, in sRGB), bytes after the end. The output depends only on the pixels and on the few values that
are passed to the encoder here.
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
from steadymint.media.tasks import Cleaned, PictureLimits

WEBP_QUALITY: Final = 90
"""The quality for a WebP that was lossy already. The second loss is not visible."""
AVIF_QUALITY: Final = 85
AVIF_SPEED: Final = 8
"""From 0 to 10. At 6, the default, 12 million pixels take five seconds of CPU instead of one."""
LARGE: Final = 4_000_000
"""Pixels above which lossless encoders use less effort. At the usual effort the largest accepted picture takes a
minute, to save a few per cent of its bytes."""
JPEG_QUALITY: Final = 95
"""The quality if the tables of the original cannot be used again."""


def clean(source: Path, target: Path, limits: PictureLimits) -> Cleaned:
    """Write the cleaned picture of `source` to `target`. Raises like `opened`."""
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
    """The number of frames in the output. Writers join equal neighbours and add up their durations."""
    with Image.open(written) as image:
        return int(getattr(image, "n_frames", 1))


def perceptual_hash(image: Image.Image) -> str:
    """The 64-bit DCT hash of `imagehash.phash` in 16 hex digits. Transparent pixels count as white."""
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    return str(imagehash.phash(drawable(image) if image.mode.startswith("I") else image))


class _Shown:
    """Turns a picture's frames by their EXIF orientation and converts them to sRGB. A frame that needs neither is
    returned itself, which saves a copy."""

    def __init__(self, image: Image.Image) -> None:
        self._turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        self._to_srgb = ToSrgb(image)

    def __call__(self, frame: Image.Image) -> Image.Image:
        return self._to_srgb(ImageOps.exif_transpose(frame) if self._turned else frame)


def _bare(image: Image.Image, opened: Image.Image) -> Image.Image:
    """The pixels without metadata. The file's own image is not changed."""
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
    """Write a JPEG with the original's quantisation and subsampling, so a second encoding loses almost nothing."""
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
    """Write every frame in full, with its duration, and the number of repetitions."""
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
    """Write an APNG. It may have a picture before its first frame, for viewers without APNG support."""

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
    """The duration of each frame in milliseconds. The frame is not decoded if the format allows that."""
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
    """Whether any frame has a transparent pixel."""
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
    """The kind and first bytes of every chunk, including those within frames (RFC 9649, 2.7)."""
    found: list[tuple[bytes, bytes]] = []
    at, end = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        found.append((kind, data[at + 8 : at + 8 + 16]))
        at += 8 + 16 if kind == b"ANMF" else 8 + size + size % 2  # a frame's chunks follow its sixteen bytes
    return found
