"""What is stored of a picture: what it shows, and nothing else that came with it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from steadymint.domain.errors import MediaRefusedError, UnsupportedMediaError
from steadymint.media.tasks import PictureLimits
from tests.support.cleaning import cleaned, pixels
from tests.support.pictures import encoded, png_chunks, scene, svg

PLACE = "48.858370"
"""Stands in every field that can hold text."""


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
