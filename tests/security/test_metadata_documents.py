"""What stands in strangers' documents: attack cases M11, M12, M14, M15, M18."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from pymongo import AsyncMongoClient

from steadymint.domain.metadata import DocumentUnreadableError, NormalisedDocument
from steadymint.metadata.documents import parse_document
from steadymint.metadata.fetching.fetcher import Fetcher
from steadymint.metadata.fetching.media_types import sniff
from steadymint.metadata.normalise import MAX_DESCRIPTION, MAX_INLINE, normalise, normalise_contract
from steadymint.settings import MetadataSettings
from tests.support.internet import an_internet, local_server

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
MIB = 1024 * 1024
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def read(body: bytes) -> NormalisedDocument:
    return normalise(parse_document(body))


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher.open(MetadataSettings(ipfs_gateways=())) as opened:
        yield opened


HURTING: dict[str, Callable[[], bytes]] = {
    "deep-lists": lambda: b"[" * 100_000 + b"]" * 100_000,
    "deep-objects": lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "unclosed": lambda: b"[" * 100_000,
    "one-key": lambda: b'{"' + b"k" * 10_000_000 + b'": 1}',
    "million-keys": lambda: b"{" + b",".join(b'"%d":1' % at for at in range(1_000_000)) + b"}",
    "many-keys": lambda: b"{" + b",".join(b'"%d":1' % at for at in range(150_000)) + b"}",
    "digits": lambda: b'{"name": ' + b"9" * 5000 + b"}",
    "fraction": lambda: b'{"name": -' + b"9" * 5000 + b"." + b"9" * 5000 + b"}",
    "exponent": lambda: b'{"name": 1e' + b"9" * 5000 + b"}",
    "nan": lambda: b'{"name": NaN}',
    "infinity": lambda: b'{"name": Infinity}',
    "duplicate": lambda: b'{"name": "a", "name": "b"}',
    "utf-16": lambda: '{"name": "a"}'.encode("utf-16"),
    "utf-16-be": lambda: '\ufeff{"name": "a"}'.encode("utf-16-be"),
    "utf-32": lambda: '{"name": "a"}'.encode("utf-32"),
}
"""Made in the test: every worker imports this module."""


@pytest.mark.parametrize("make", HURTING.values(), ids=HURTING)
def test_m11_a_document_that_is_made_to_hurt_is_refused_with_its_reason(make: Callable[[], bytes]) -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        read(make())
    assert caught.value.failure.code in ("too_deep", "too_complex", "too_large", "not_json")
    assert caught.value.failure.permanent


def test_m11_a_byte_order_mark_of_utf8_is_skipped_as_rfc_8259_allows() -> None:
    assert read(b'\xef\xbb\xbf{"name": "a"}').name == "a"


def test_m11_depth_that_a_parser_stands_is_no_depth_for_what_reads_it() -> None:
    """Within the limit, in every place that normalising looks into."""
    deep: Any = "x"
    for _ in range(14):
        deep = {"value": [deep]}
    document = dict.fromkeys(("name", "image", "attributes", "properties", "external_url", "description"), deep)
    found = read(json.dumps(document).encode())
    assert (found.name, found.image, found.attributes) == (None, None, ())
    assert normalise_contract(document).name is None


@pytest.mark.parametrize(
    "text",
    [
        b"a\xff\xfe\x80b",
        b"a\xed\xa0\x80b",
        b"a\\ud800b",
        b"a\\udfff\\ud800b",
        b"a\\u0000b",
        b"a\x00b",
        b"a\xc0\x80b",
        b"a\\u0001\x1b[2Jb",
    ],
    ids=range(8),
)
async def test_m12_text_that_no_database_takes_is_made_one_that_all_take(
    text: bytes, postgres: str, empty_mongo: str
) -> None:
    body = b'{"name": "%s", "description": "%s", "attributes": [{"trait_type": "%s", "value": "%s"}], "%s": 1}' % (
        (text,) * 5
    )
    document = parse_document(body)
    found = normalise(document)
    connection = await asyncpg.connect(postgres)
    try:
        for value in (found.name, found.description, found.attributes[0].trait_type, found.attributes[0].value):
            assert await connection.fetchval("select $1::text", value) == value
    finally:
        await connection.close()
    assert isinstance(document, dict)
    async with AsyncMongoClient[Any](empty_mongo) as client:
        await client["test_m12"]["documents"].insert_one({"original": document})


def test_m14_members_of_other_types_are_made_what_they_mean_or_left_out() -> None:
    page = "<p>" + "<script>alert(document.cookie)</script>" * 130_000
    found = normalise({"name": 7, "image": [f"ipfs://{CID}/1.png", "x"], "description": page, "attributes": "none"})
    assert found.name == "7"
    assert found.image == f"ipfs://{CID}/1.png"
    assert found.description == page[:MAX_DESCRIPTION]  # text to us, shown as text: nothing is unescaped or rendered
    assert found.attributes == ()


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("data:application/json;base64," + "A" * 20 * MIB, "too_large"),
        ("data:application/json," + "%7B" * 7 * MIB, "too_large"),
        ("data:text/html,<script>alert(1)</script>", "bad_content_type"),
        ("data:text/html;base64,PHNjcmlwdD4=", "bad_content_type"),
        ("data:image/svg+xml;base64," + base64.b64encode(SVG).decode(), "bad_content_type"),
        ("data:application/json;base64,%%%", "bad_uri"),
        ("data:application/json;base64,{}", "bad_uri"),
    ],
    ids=["base64", "percent", "html", "html-base64", "svg", "bad-base64", "no-base64"],
)
async def test_m15_a_document_in_its_uri_has_the_same_limits(fetcher: Fetcher, uri: str, code: str) -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        await fetcher.fetch(uri)
    assert caught.value.failure.code == code


async def test_m15_a_picture_in_its_uri_is_only_ever_a_picture(fetcher: Fetcher) -> None:
    """An SVG stays bytes with its type: what shows it rasterises it (attack case U09)."""
    assert (await fetcher.fetch_media("data:image/svg+xml;base64," + base64.b64encode(SVG).decode())).body == SVG
    for uri in ("data:text/html,<script>", "data:image/png,<html><script>", "data:image/svg+xml,<html><script>"):
        with pytest.raises(DocumentUnreadableError):
            await fetcher.fetch_media(uri)
    found = normalise(
        {
            "image": "data:text/html,<script>alert(1)</script>",
            "image_url": "data:image/svg+xml," + "x" * (MAX_INLINE + 1),
            "animation_url": "data:text/html;base64,PHNjcmlwdD4=",
        }
    )
    assert (found.image, found.animation_url) == (None, None)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body><script>alert(1)</script>", None),
        (b"<!DOCTYPE html><svg onload=alert(1)>", None),
        (b"  <script>alert(1)</script><svg>", None),
        (b"%PDF-1.7", None),
        (b"MZ\x90\x00", None),
        (b"#!/bin/sh", None),
        (b"", None),
        (SVG, "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n' + SVG, "image/svg+xml"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
    ],
    ids=range(14),
)
async def test_m18_what_a_server_calls_a_file_counts_for_nothing(body: bytes, kind: str | None) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": "image/png"})

    assert sniff(body) == kind
    async with (
        local_server(handle) as gateway,
        an_internet() as internet,
        Fetcher.open(MetadataSettings(ipfs_gateways=(gateway,)), network=internet.network) as opened,
    ):
        site = await internet.site("a.web.example", handle)
        for uri in (f"ipfs://{CID}/1.png", f"{site}/1.png"):
            if kind is None:
                with pytest.raises(DocumentUnreadableError) as caught:
                    await opened.fetch_media(uri)
                assert caught.value.failure.code == "not_media"
            else:
                assert (await opened.fetch_media(uri)).content_type == kind


@pytest.mark.parametrize("unit", [b"<!--", b"<!DOCTYPE svg ", b"<?xml ", b" ", b"<!-- --> ", b"<svg"])
def test_m18_telling_a_type_takes_no_longer_for_a_file_that_is_made_to_be_hard(unit: bytes) -> None:
    assert sniff(unit * (MIB // len(unit))) is None
