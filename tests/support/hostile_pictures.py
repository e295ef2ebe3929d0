"""Hostile files. Each is small; what it would become if it were believed is not."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from steadymint.domain.errors import MediaRefusedError, SteadymintError, UnsupportedMediaError
from steadymint.media.decoder import Decoder
from steadymint.media.tasks import Cleaned
from tests.support.pictures import animated, encoded, png, png_chunk, scene

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
