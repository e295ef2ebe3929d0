"""What is stored of an uploaded file is its picture, whatever else the file is or says: attack cases U06 and U07."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from steadymint.domain.errors import MediaRefusedError, UnsupportedMediaError
from steadymint.domain.types import UserId
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore, blob_key
from tests.support.hostile_pictures import COSTLY, PAYLOAD, POLYGLOTS, cleaned, refused
from tests.support.pictures import apng_of, encoded, gif_of, png_chunks, scene, svg, webp_of

ALICE = UserId(uuid4())


# -- U06: one file, two readings ---------------------------------------------------------------------------------------


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


# -- all of them -------------------------------------------------------------------------------------------------------


def test_nothing_of_this_needs_a_large_file() -> None:
    files = [*POLYGLOTS.values(), gif_of(10_000), apng_of(10_000), webp_of(10_000), svg(COSTLY["nested"])]
    assert all(len(file) < 1_500_000 for file in files)
