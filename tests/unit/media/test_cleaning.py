"""What is stored of a picture: what it shows, and nothing else that came with it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from steadymint.domain.errors import MediaRefusedError, UnsupportedMediaError
from steadymint.media.cleaning import clean
from steadymint.media.tasks import Cleaned, PictureLimits
from tests.support.pictures import animated, encoded, png_chunks, scene, svg

LIMITS = PictureLimits(pixels=1_000_000, animation_pixels=4_000_000, frames=1000)
PLACE = "48.858370"
"""Stands in every field that can hold text."""


def cleaned(data: bytes, folder: Path, limits: PictureLimits = LIMITS) -> tuple[Cleaned, bytes]:
    """What is written for this file."""
    (folder / "upload").write_bytes(data)
    made = clean(folder / "upload", folder / "cleaned", limits)
    return made, (folder / "cleaned").read_bytes()


def with_everything(image: Image.Image, kind: str, orientation: int = 1) -> bytes:
    """A file full of what does not belong to the picture: place, device, comments, description."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = PLACE
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 30.132)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{PLACE}</x:xmpmeta>".encode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE)
    text.add_text("Long", PLACE, zip=True)
    options = {
        "PNG": {"exif": exif, "pnginfo": text},
        "JPEG": {"exif": exif, "xmp": xmp, "comment": PLACE, "quality": 90},
        "GIF": {"comment": PLACE},
        "WEBP": {"exif": exif, "xmp": xmp, "lossless": True},
        "AVIF": {"exif": exif, "xmp": xmp, "quality": 90},
    }[kind]
    return encoded(image, kind, **options) + PLACE.encode()


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGBA")).astype(int)


def shown(data: bytes) -> list[tuple[np.ndarray, float]]:
    """Every frame as it is seen, clear pixels alike, with its duration."""
    frames = []
    with Image.open(BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frame = pixels(image)
            frame[frame[..., 3] == 0] = 0
            frames.append((frame, image.info.get("duration", 0)))
    return frames


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_nothing_that_came_with_a_picture_is_kept(kind: str, tmp_path: Path) -> None:
    upload = with_everything(scene(), kind)
    assert PLACE.encode() in upload
    made, stored = cleaned(upload, tmp_path)
    assert PLACE.encode() not in stored
    for name in (b"Exif", b"xmp", b"XMP", b"ICC"):
        assert name not in stored
    with Image.open(BytesIO(stored)) as image:
        assert image.format == kind
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "Comment", "dpi"} & set(image.info)
    assert made.mime == f"image/{kind.lower()}"
    assert (made.width, made.height, made.frames) == (96, 64, 1)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", [2, 3, 6, 7])
def test_a_picture_stands_as_its_camera_was_held(kind: str, orientation: int, tmp_path: Path) -> None:
    upload = with_everything(scene(), kind, orientation)
    made, stored = cleaned(upload, tmp_path)
    with Image.open(BytesIO(upload)) as image:
        wanted = ImageOps.exif_transpose(image)
        with Image.open(BytesIO(stored)) as result:
            assert result.size == (made.width, made.height) == wanted.size
            assert abs(pixels(result) - pixels(wanted)).mean() < 3
            assert made.phash == str(imagehash.phash(wanted))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])  # Pillow 13 crashes when it writes such an AVIF
def test_an_animation_stands_as_its_camera_was_held(kind: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    frames = [scene(turn=turn) for turn in range(3)]
    made, stored = cleaned(animated(frames, kind, [40, 40, 40], exif=exif), tmp_path)
    assert (made.width, made.height, made.frames) == (64, 96, 3)
    with Image.open(BytesIO(stored)) as image:
        assert image.size == (64, 96)
        image.seek(2)
        assert abs(pixels(image) - pixels(frames[2].transpose(Image.Transpose.ROTATE_270))).mean() < 12


def test_of_a_jpeg_with_more_pictures_only_the_first_is_kept(tmp_path: Path) -> None:
    """Phones add depth and gain maps, and previews of what was cut away."""
    upload = encoded(scene(), "MPO", save_all=True, append_images=[scene(turn=3), scene(turn=4)])
    assert upload.count(b"\xff\xd9") > 1
    made, stored = cleaned(upload, tmp_path)
    assert (made.mime, made.frames, stored.count(b"\xff\xd9")) == ("image/jpeg", 1, 1)
    with Image.open(BytesIO(stored)) as image:
        assert image.format == "JPEG"


def test_a_picture_of_16_bit_has_the_hash_of_its_8_bit_self(tmp_path: Path) -> None:
    deep = scene(mode="L").convert("I;16").point(lambda level: level * 257)
    one, _ = cleaned(encoded(deep, "PNG"), tmp_path)
    other, _ = cleaned(encoded(scene(mode="L"), "PNG"), tmp_path)
    assert one.phash == other.phash


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_loses_nothing_of_its_pixels(mode: str, tmp_path: Path) -> None:
    image = scene(mode="L").convert("I;16").point(lambda level: level * 257) if mode == "I;16" else scene(mode=mode)
    if "A" in mode:
        image.putalpha(scene(mode="L"))
    made, stored = cleaned(encoded(image, "PNG"), tmp_path)
    with Image.open(BytesIO(stored)) as result:
        assert result.mode == mode
        assert (np.asarray(result) == np.asarray(image)).all()
    assert set(png_chunks(stored)) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
    assert made.frames == 1


def test_a_png_keeps_its_transparent_colours(tmp_path: Path) -> None:
    image = scene(mode="P")
    _, stored = cleaned(encoded(image, "PNG", transparency=image.getpixel((3, 3))), tmp_path)
    with Image.open(BytesIO(stored)) as result:
        assert result.convert("RGBA").getpixel((3, 3))[3] == 0


@pytest.mark.parametrize("subsampling", [0, 2], ids=["444", "420"])
def test_a_jpeg_is_encoded_with_its_own_tables_again(subsampling: int, tmp_path: Path) -> None:
    upload = encoded(scene(), "JPEG", quality=73, subsampling=subsampling, progressive=True)
    _, stored = cleaned(upload, tmp_path)
    with Image.open(BytesIO(upload)) as before, Image.open(BytesIO(stored)) as after:
        assert after.quantization == before.quantization  # pyright: ignore[reportAttributeAccessIssue]
        assert after.layer == before.layer  # pyright: ignore[reportAttributeAccessIssue]
        assert after.info["progressive"]
        assert abs(pixels(after) - pixels(before)).mean() < 2
    again, _ = cleaned(stored, tmp_path)
    assert again.width == 96


def test_a_printers_jpeg_becomes_rgb(tmp_path: Path) -> None:
    _, stored = cleaned(encoded(scene(mode="CMYK"), "JPEG"), tmp_path)
    with Image.open(BytesIO(stored)) as result:
        assert result.mode == "RGB"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_colours_of_another_profile_are_shown_as_before_without_it(mode: str, tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = bytearray(lab)
    # Red and blue primaries exchanged: a profile whose effect cannot be missed.
    red, blue = wide.index(b"rXYZ"), wide.index(b"bXYZ")
    wide[red : red + 4], wide[blue : blue + 4] = b"bXYZ", b"rXYZ"
    at = wide.index("sRGB".encode("utf-16-be"))
    wide[at : at + 8] = "Swap".encode("utf-16-be")
    _, stored = cleaned(
        encoded(Image.new("RGB", (8, 8), "red").convert(mode), "PNG", icc_profile=bytes(wide)), tmp_path
    )
    with Image.open(BytesIO(stored)) as result:
        assert "icc_profile" not in result.info
        red_part, _, blue_part = result.convert("RGB").getpixel((4, 4))
    if mode == "L":  # a profile for other colours than the picture has changes nothing
        assert red_part == blue_part
    else:
        assert blue_part > 200 > 60 > red_part


@pytest.mark.parametrize("profile", [b"", b"nonsense", b"\0" * 200], ids=["empty", "text", "zeros"])
def test_a_profile_that_is_none_is_left_out(profile: bytes, tmp_path: Path) -> None:
    _, stored = cleaned(encoded(scene(), "JPEG", icc_profile=profile), tmp_path)
    assert b"ICC" not in stored


def moving(mode: str = "RGBA", frames: int = 5) -> list[Image.Image]:
    """Frames with a hole that moves and colours that change."""
    made = []
    for turn in range(frames):
        image = scene((24, 16), "RGBA", turn).quantize(24).convert("RGBA")
        if mode == "RGBA":
            image.paste((0, 0, 0, 0), (turn * 3, 2, turn * 3 + 6, 10))
        made.append(image.convert(mode))
    return made


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_animation_keeps_frames_durations_and_loop(kind: str, mode: str, tmp_path: Path) -> None:
    durations = [40, 50, 60, 70, 500]
    options = {"loop": 3} | ({"lossless": True, "exact": True} if kind == "WEBP" else {})
    if kind == "GIF":
        options["disposal"] = 2
    upload = animated(moving(mode), kind, durations, **options)
    made, stored = cleaned(upload, tmp_path)
    before, after = shown(upload), shown(stored)
    assert [duration for _, duration in after] == durations
    assert all((one == other).all() for (one, _), (other, _) in zip(before, after, strict=True))
    assert made.frames == 5
    with Image.open(BytesIO(stored)) as image:
        assert image.info["loop"] == 3


def test_an_avif_animation_keeps_frames_and_durations(tmp_path: Path) -> None:
    upload = animated(moving("RGB"), "AVIF", [40, 50, 60, 70, 500], quality=90)
    made, stored = cleaned(upload, tmp_path)
    before, after = shown(upload), shown(stored)
    assert [duration for _, duration in after] == [duration for _, duration in before]
    assert all(abs(one - other).mean() < 12 for (one, _), (other, _) in zip(before, after, strict=True))
    assert (made.mime, made.frames) == ("image/avif", 5)


def test_a_gif_that_is_shown_once_is_not_shown_for_ever(tmp_path: Path) -> None:
    _, stored = cleaned(animated(moving("RGB"), "GIF", [40] * 5), tmp_path)
    assert b"NETSCAPE" not in stored


@pytest.mark.parametrize("seed", range(24))
def test_a_gif_of_any_making_looks_the_same(seed: int, tmp_path: Path) -> None:
    chance = np.random.default_rng(seed)
    frames = []
    for _ in range(6):
        image = Image.fromarray(chance.integers(0, 4, (17, 19) if seed % 5 else (5, 7), dtype=np.uint8) * 60).convert(
            "P"
        )
        image.putpalette(chance.integers(0, 256, 768, dtype=np.uint8).tobytes() if seed % 2 else bytes(range(256)) * 3)
        if seed % 3:
            image.info["transparency"] = 60
        frames.append(image)
    disposal = [int(one) for one in chance.integers(0, 4, 6)]
    upload = animated(frames, "GIF", [30, 40, 50, 60, 70, 80], disposal=disposal)
    _, stored = cleaned(upload, tmp_path)
    # Equal neighbours are joined, so the pictures are compared moment by moment.
    assert all((one == other).all() for one, other in zip(moments(upload), moments(stored), strict=True))


def moments(data: bytes) -> list[np.ndarray]:
    """What is seen at every hundredth of a second."""
    return [frame for frame, duration in shown(data) for _ in range(round(duration) // 10)]


def test_an_apng_keeps_the_picture_for_those_who_know_no_apng(tmp_path: Path) -> None:
    frames = moving("RGB", 4)
    upload = animated(frames, "PNG", [50, 60, 70], default_image=True)
    _, stored = cleaned(upload, tmp_path)
    with Image.open(BytesIO(stored)) as image:
        assert image.info["default_image"]
        assert (pixels(image) == pixels(frames[0])).all()
        assert image.n_frames == 4  # pyright: ignore[reportAttributeAccessIssue]


def test_an_animation_whose_frames_are_equal_is_a_still(tmp_path: Path) -> None:
    made, stored = cleaned(animated([scene()] * 4, "GIF", [40] * 4), tmp_path)
    assert made.frames == len(shown(stored)) == 1


def test_an_svg_is_stored_as_what_it_looks_like(tmp_path: Path) -> None:
    made, stored = cleaned(svg(), tmp_path, PictureLimits(4_000_000, 4_000_000, 1))
    assert (made.mime, made.width, made.height) == ("image/png", 2048, 1024)
    with Image.open(BytesIO(stored)) as image:
        assert image.convert("RGBA").getpixel((100, 100)) == (255, 0, 0, 255)
        assert image.convert("RGBA").getpixel((2000, 100))[3] == 0


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_a_truncated_picture_is_refused(kind: str, tmp_path: Path) -> None:
    whole = encoded(scene((200, 200)), kind)
    for part in (0.9, 0.5, 0.1):
        with pytest.raises((MediaRefusedError, UnsupportedMediaError)):
            cleaned(whole[: int(len(whole) * part)], tmp_path)


def test_what_is_transparent_counts_as_white_in_the_hash(tmp_path: Path) -> None:
    image = scene((64, 64), "RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 40, 40))
    white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    made, _ = cleaned(encoded(image, "PNG"), tmp_path)
    assert made.phash == str(imagehash.phash(white))
    assert len(made.phash) == 16


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"PK\3\4", b"<html><body/></html>", b"BM" + bytes(60)])
def test_what_is_no_picture_that_we_take_is_told_so(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMediaError):
        cleaned(data, tmp_path)


def test_the_limits_are_of_pixels_of_all_frames_and_of_frames(tmp_path: Path) -> None:
    upload = animated(moving("RGB"), "GIF", [40] * 5)
    size = 24 * 16
    cleaned(upload, tmp_path, PictureLimits(pixels=size, animation_pixels=5 * size, frames=5))
    for limits in (
        PictureLimits(size - 1, 5 * size, 5),
        PictureLimits(size, 5 * size - 1, 5),
        PictureLimits(size, 5 * size, 4),
    ):
        with pytest.raises(MediaRefusedError):
            cleaned(upload, tmp_path, limits)
