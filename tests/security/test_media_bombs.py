"""A picture that would grow without end when it is read is refused: attack cases U01, U03 and U04."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.decoder import Decoder
from tests.support.hostile_pictures import cleaned, refused
from tests.support.pictures import apng_of, encoded, gif_of, png, png_chunk, scene, webp_of

# -- U01: a header that promises too much ------------------------------------------------------------------------------


HUGE = 100_000


def huge_gif() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + gif_of(1)[13:]


def huge_jpeg() -> bytes:
    data = bytearray(encoded(scene(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def huge_webp() -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (16_382).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def huge_avif() -> bytes:
    data = bytearray(encoded(scene(), "AVIF"))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 30_000, 30_000)
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [png(HUGE, HUGE, pixels=zlib.compress(b"")), huge_gif(), huge_jpeg(), huge_webp(), huge_avif()],
    ids=["png", "gif", "jpeg", "webp", "avif"],
)
async def test_u01_a_header_that_promises_too_many_pixels_is_refused(
    decoder: Decoder, tmp_path: Path, data: bytes
) -> None:
    assert len(data) < 3000
    error = await refused(decoder, tmp_path, data)
    assert error.code == "media_refused"


async def test_u01_it_is_refused_from_the_header(decoder: Decoder, tmp_path: Path) -> None:
    for width, height in ((HUGE, HUGE), (1, 20_000), (10_000, 5_001)):
        error = await refused(decoder, tmp_path, png(width, height, pixels=b"no pixels at all"))
        assert "pixels" in error.detail


async def test_u01_a_gif_whose_later_frame_is_larger_than_the_picture_is_refused(
    decoder: Decoder, tmp_path: Path
) -> None:
    one = gif_of(1)
    large = b"\x2c" + struct.pack("<HHHHB", 0, 0, 2000, 2000, 0) + b"\x02\x02\x44\x01\0"
    await refused(decoder, tmp_path, one[:-1] + large + b";")


# -- U03: frames -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [gif_of, apng_of, webp_of], ids=["gif", "apng", "webp"])
async def test_u03_ten_thousand_frames_are_refused(
    decoder: Decoder, tmp_path: Path, make: Callable[[int], bytes]
) -> None:
    few, _ = await cleaned(decoder, tmp_path, make(20))
    assert few.width == 1
    error = await refused(decoder, tmp_path, make(10_000))
    assert "10000 frames" in error.detail


async def test_u03_few_frames_of_many_pixels_are_refused(decoder: Decoder, tmp_path: Path) -> None:
    data = bytearray(gif_of(900))
    data[6:10] = struct.pack("<HH", 700, 700)
    error = await refused(decoder, tmp_path, bytes(data))
    assert "900 frames of 700 by 700" in error.detail


async def test_u03_an_apng_that_says_less_than_it_has_shows_what_it_said(decoder: Decoder, tmp_path: Path) -> None:
    made, stored = await cleaned(decoder, tmp_path, apng_of(5000, declared=3))
    assert made.frames <= 3
    assert len(stored) < 1000
    await refused(decoder, tmp_path, apng_of(3, declared=500))


# -- U04: text and profiles that inflate -------------------------------------------------------------------------------


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


@pytest.fixture(scope="module")
def inflated() -> bytes:
    """200 MB of zeros, 200 KB deflated."""
    return bomb(200 << 20)


@pytest.mark.parametrize("kind", ["zTXt", "iTXt", "iCCP"])
async def test_u04_a_chunk_that_inflates_without_end_is_not_inflated(
    decoder: Decoder, tmp_path: Path, inflated: bytes, kind: str
) -> None:
    head = {"zTXt": b"a\0\0", "iTXt": b"a\0\1\0\0\0", "iCCP": b"a\0\0"}[kind]
    data = png(8, 8, png_chunk(kind.encode(), head + inflated))
    try:
        _, stored = await cleaned(decoder, tmp_path, data)
    except MediaRefusedError:
        return
    assert len(stored) < 1000


async def test_u04_many_chunks_of_text_within_the_limit_of_one_are_refused(decoder: Decoder, tmp_path: Path) -> None:
    one = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000)))
    await refused(decoder, tmp_path, png(8, 8, *[one] * 100))


async def test_u04_pixels_that_inflate_without_end_are_not_inflated(
    decoder: Decoder, tmp_path: Path, inflated: bytes
) -> None:
    made, stored = await cleaned(decoder, tmp_path, png(8, 8, pixels=inflated))
    assert (made.width, made.height) == (8, 8)
    assert len(stored) < 1000
