"""An SVG runs nothing, reaches nothing outside and costs no more than another: attack cases U09 and U10."""

from __future__ import annotations

import base64
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError
from steadymint.media.decoder import Decoder
from steadymint.settings import MediaSettings
from tests.support.hostile_pictures import COSTLY, PAYLOAD, cleaned, refused
from tests.support.pictures import SVG_HEAD, encoded, png_chunks, scene, svg

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
