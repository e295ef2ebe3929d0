"""Hostile files. Each is small; what it would become if it were believed is not."""

from __future__ import annotations

import base64
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError, SteadymintError, UnsupportedMediaError
from steadymint.domain.types import UserId
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore, blob_key
from steadymint.media.tasks import Cleaned
from steadymint.settings import MediaSettings
from tests.support.pictures import (
    SVG_HEAD,
    animated,
    apng_of,
    encoded,
    gif_of,
    png,
    png_chunk,
    png_chunks,
    scene,
    svg,
    webp_of,
)

ALICE = UserId(uuid4())
PAYLOAD = b"<script>alert(document.domain)</script>"


async def cleaned(decoder: Decoder, folder: Path, data: bytes) -> tuple[Cleaned, bytes]:
    """What a file becomes."""
    (folder / "upload").write_bytes(data)
    made = await decoder.clean(folder / "upload", folder / "cleaned")
    return made, (folder / "cleaned").read_bytes()


async def refused(decoder: Decoder, folder: Path, data: bytes) -> SteadymintError:
    """Why a file is refused; the next file is decoded all the same."""
    with pytest.raises((MediaRefusedError, UnsupportedMediaError)) as caught:
        await cleaned(decoder, folder, data)
    assert caught.value.status == 422
    made, _ = await cleaned(decoder, folder, encoded(scene(), "PNG"))
    assert made.width == 96
    return caught.value


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


# -- U06: one file, two readings ---------------------------------------------------------------------------------------


def zip_with_payload() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.html", PAYLOAD)
    return file.getvalue()


def jpeg_with(comment: bytes) -> bytes:
    return encoded(scene(), "JPEG", comment=comment)


POLYGLOTS = {
    "png+html": png(8, 8, png_chunk(b"tEXt", b"Comment\0" + PAYLOAD)) + b"<html>" + PAYLOAD,
    "png+html-between": png(8, 8, png_chunk(b"huMn", PAYLOAD)),
    "gif+js": encoded(scene(), "GIF", comment=b"*/=1;" + PAYLOAD + b"/*") + b"*/=1;" + PAYLOAD,
    "gif+js-animated": animated([scene(turn=1), scene(turn=2)], "GIF", [40, 40], comment=PAYLOAD) + PAYLOAD,
    "jpeg+zip": encoded(scene(), "JPEG") + zip_with_payload() + PAYLOAD,
    "jpeg+pdf": jpeg_with(b"%PDF-1.4\n1 0 obj" + PAYLOAD) + b"\n%%EOF" + PAYLOAD,
    "jpeg+jar-in-exif": encoded(scene(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0" + PAYLOAD),
    "webp+html": encoded(scene(), "WEBP", lossless=True, xmp=PAYLOAD) + PAYLOAD,
    "avif+html": encoded(scene(), "AVIF", xmp=PAYLOAD) + b"\0\0\0\x30free" + PAYLOAD,
}


@pytest.mark.parametrize("name", sorted(POLYGLOTS))
async def test_u06_what_is_stored_has_one_reading(decoder: Decoder, tmp_path: Path, name: str) -> None:
    data = POLYGLOTS[name]
    assert PAYLOAD in data
    made, stored = await cleaned(decoder, tmp_path, data)
    assert PAYLOAD not in stored
    for mark in (b"<script", b"%PDF", b"PK\x03\x04", b"PK\x05\x06", b"<html"):
        assert mark not in stored
    assert ends_with_its_picture(made.mime, stored)


def ends_with_its_picture(mime: str, data: bytes) -> bool:
    """Whether no byte follows the end that the format has."""
    match mime:
        case "image/png":
            return png_chunks(data)[-1] == b"IEND"
        case "image/jpeg":
            return data.endswith(b"\xff\xd9") and data.count(b"\xff\xd9") == 1
        case "image/gif":
            return data.endswith(b"\0;")
        case "image/webp":
            return len(data) == 8 + int.from_bytes(data[4:8], "little")
        case "image/avif":
            at = 0
            while at < len(data):
                at += int.from_bytes(data[at : at + 4], "big")
            return at == len(data)
        case _:
            return False


async def test_u06_a_file_that_begins_as_something_else_is_refused(decoder: Decoder, tmp_path: Path) -> None:
    picture = encoded(scene(), "JPEG")
    for head in (b"%PDF-1.4\n", b"<html><!--", b"PK\x03\x04", b"\0", b"#!/bin/sh\n"):
        error = await refused(decoder, tmp_path, head + picture)
        assert error.code == "unsupported_media"


# -- U07: names and types ----------------------------------------------------------------------------------------------

NAMES = ["photo.php.png", "..%2f..%2fx", "picture.exe", "x" * 200, "\u202egnp.exe", "a b\n.png", "-rf", "CON", "$(id)"]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
async def test_u07_a_name_decides_nothing(ingest: Ingest, object_store: ObjectStore, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    (folder / name).write_bytes(encoded(scene(), "JPEG"))
    asset = await ingest.take(folder / name, owner=ALICE)
    assert asset.mime == "image/jpeg"
    assert [info.key async for info in object_store.list("blobs")] == [blob_key(asset.id)]
    assert name not in repr(asset)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
async def test_u07_the_type_is_what_the_bytes_are(decoder: Decoder, tmp_path: Path, kind: str) -> None:
    for extension in ("png", "jpg", "svg", "html"):
        file = tmp_path / f"a.{extension}"
        file.write_bytes(encoded(scene(), kind))
        assert (await decoder.clean(file, tmp_path / "cleaned")).mime == f"image/{kind.lower()}"


@pytest.mark.parametrize("seed", range(4))
async def test_u07_a_damaged_file_is_taken_or_refused_and_never_more(
    decoder: Decoder, tmp_path: Path, seed: int
) -> None:
    """Flipped bits in every format: whatever a decoder makes of it, we get a clean picture or a refusal."""
    chance = random.Random(seed)
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "AVIF"):
        whole = encoded(scene((40, 30)), kind)
        for _ in range(12):
            data = bytearray(whole)
            for _ in range(chance.randint(1, 6)):
                data[chance.randrange(8, len(data))] = chance.randrange(256)
            try:
                _, stored = await cleaned(decoder, tmp_path, bytes(data))
            except (MediaRefusedError, UnsupportedMediaError):
                continue
            with Image.open(BytesIO(stored)) as image:
                image.load()


# -- U09: SVG ----------------------------------------------------------------------------------------------------------

HARMLESS_HERE = {
    "script": f"<script>{PAYLOAD.decode()[8:-9]}</script>",
    "onload": '<g onload="alert(1)"/>',
    "foreign-object": '<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>',
    "link": '<a href="javascript:alert(1)"><rect width="2" height="2"/></a>',
    "css-import": "<style>@import url(http://127.0.0.1:9/x.css); rect{fill:url(http://127.0.0.1:9/x)}</style>",
    "css-face": "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/x.woff)}</style>",
    "animate": '<animate attributeName="href" to="javascript:alert(1)"/><set attributeName="href" to="http://127.0.0.1:9/"/>',
    "fill-url": '<rect width="2" height="2" fill="url(http://127.0.0.1:9/a.svg#b)"/>',
    "handler": '<handler type="application/ecmascript">alert(1)</handler>',
}


@pytest.mark.parametrize("name", sorted(HARMLESS_HERE))
async def test_u09_what_could_run_in_a_browser_becomes_pixels(decoder: Decoder, tmp_path: Path, name: str) -> None:
    made, stored = await cleaned(decoder, tmp_path, svg(HARMLESS_HERE[name]))
    assert made.mime == "image/png"
    assert set(png_chunks(stored)) <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def secret_picture(folder: Path) -> Path:
    """A file of ours that an SVG would like to show."""
    file = folder / "secret.png"
    file.write_bytes(encoded(Image.new("RGB", (20, 20), "#00f"), "PNG"))
    return file


OUTSIDE = [
    '<image href="{file}" width="20" height="20"/>',
    '<image href="file://{file}" width="20" height="20"/>',
    '<image xlink:href="{file}" width="20" height="20"/>',
    '<image href=" {file} " width="20" height="20"/>',
    '<image href="http://127.0.0.1:9/a.png" width="20" height="20"/>',
    '<image href="//127.0.0.1:9/a.png" width="20" height="20"/>',
    '<image href="secret.png" width="20" height="20"/>',
    '<filter id="f"><feImage href="{file}"/></filter><rect width="20" height="20" filter="url(#f)"/>',
    '<use href="{file}#a"/>',
    '<image href="data:text/plain,&lt;svg/&gt;" width="20" height="20"/>',
]


@pytest.mark.parametrize("inside", OUTSIDE, ids=range(len(OUTSIDE)))
async def test_u09_a_reference_to_the_outside_is_refused(decoder: Decoder, tmp_path: Path, inside: str) -> None:
    error = await refused(decoder, tmp_path, svg(inside.format(file=secret_picture(tmp_path))))
    assert "outside" in error.detail


async def test_u09_a_reference_within_a_picture_within_is_refused_too(decoder: Decoder, tmp_path: Path) -> None:
    inner = svg(OUTSIDE[0].format(file=secret_picture(tmp_path)))
    for encoding in (base64.b64encode(inner).decode(), None):
        data = f";base64,{encoding}" if encoding else "," + "".join(f"%{byte:02x}" for byte in inner)
        await refused(decoder, tmp_path, svg(f'<image href="data:image/svg+xml{data}" width="20" height="20"/>'))


async def test_u09_a_picture_that_is_in_the_svg_is_shown(decoder: Decoder, tmp_path: Path) -> None:
    data = base64.b64encode(secret_picture(tmp_path).read_bytes()).decode()
    _, stored = await cleaned(
        decoder, tmp_path, svg(f'<image href="data:image/png;base64,{data}" width="20" height="20"/>')
    )
    with Image.open(BytesIO(stored)) as image:
        assert image.convert("RGB").getpixel((500, 500)) == (0, 0, 255)


BOMBS = {
    "xxe": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG_HEAD + "><text>&x;</text></svg>",
    "billion-laughs": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + SVG_HEAD
    + ">&b;</svg>",
    "external-dtd": '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://127.0.0.1:9/a.dtd">' + SVG_HEAD + "/>",
    "entity-undeclared": SVG_HEAD + ">&x;</svg>",
    "utf-16": ('<?xml version="1.0" encoding="utf-16"?>' + SVG_HEAD + "/>"),
    "not-closed": SVG_HEAD + "><g>",
    "other-root": '<svg:html xmlns:svg="http://www.w3.org/1999/xhtml"/>',
}


@pytest.mark.parametrize("name", sorted(BOMBS))
async def test_u09_entities_and_documents_that_are_none_are_refused(
    decoder: Decoder, tmp_path: Path, name: str
) -> None:
    data = BOMBS[name].encode("utf-16" if name == "utf-16" else "utf-8")
    await refused(decoder, tmp_path, data)


# -- U10: an SVG that costs too much -----------------------------------------------------------------------------------


def doubling(levels: int) -> str:
    """Each group shows the one before twice."""
    groups = "".join(f'<g id="g{at + 1}"><use href="#g{at}"/><use href="#g{at}"/></g>' for at in range(levels))
    return f'<defs><rect id="g0" width="1" height="1"/>{groups}</defs><use href="#g{levels}"/>'


COSTLY = {
    "nested": "<g>" * 50_000 + "</g>" * 50_000,
    "nested-open": "<g>" * 50_000,
    "many": "<g/>" * 150_000,
    "doubling": doubling(40),
    "itself": '<g id="a"><use href="#a"/></g><use href="#a"/>',
    "turbulence": '<filter id="f"><feTurbulence baseFrequency="1" numOctaves="999999"/></filter>'
    '<rect width="40" height="20" filter="url(#f)"/>',
}


@pytest.mark.parametrize("name", ["nested", "nested-open", "many"])
async def test_u10_depth_and_number_of_elements_are_bounded(decoder: Decoder, tmp_path: Path, name: str) -> None:
    await refused(decoder, tmp_path, svg(COSTLY[name]))


@pytest.mark.parametrize("name", ["doubling", "itself", "turbulence"])
async def test_u10_a_drawing_without_end_ends(tmp_path: Path, name: str) -> None:
    async with Decoder(MediaSettings(decoders=1, decode_seconds=1.0)) as decoder:
        with suppress(MediaRefusedError):
            await cleaned(decoder, tmp_path, svg(COSTLY[name]))
        made, _ = await cleaned(decoder, tmp_path, encoded(scene(), "PNG"))
        assert made.width == 96


@pytest.mark.parametrize(
    "attributes", ['viewBox="0 0 1 1000000"', 'viewBox="0 0 1e9 1"', 'viewBox="0 0 0 0"', 'viewBox="x"']
)
async def test_u10_a_canvas_of_any_proportion_is_bounded(decoder: Decoder, tmp_path: Path, attributes: str) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><rect width="9" height="9"/></svg>'.encode()
    try:
        made, _ = await cleaned(decoder, tmp_path, data)
    except MediaRefusedError:
        return
    assert max(made.width, made.height) <= 2048


def test_nothing_of_this_needs_a_large_file() -> None:
    files = [*POLYGLOTS.values(), gif_of(10_000), apng_of(10_000), webp_of(10_000), svg(COSTLY["nested"])]
    assert all(len(file) < 1_500_000 for file in files)
