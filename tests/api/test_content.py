"""What everybody gets: originals, variants, anything of ours by its CID."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest

from api.http.files import IMMUTABLE, REVALIDATED
from steadymint.domain.media import MediaId, Variant
from steadymint.media.service import Media
from steadymint.media.store import blob_key, variant_key
from steadymint.media.tasks import widths_for
from tests.support.intents_api import User
from tests.support.media import Shelf
from tests.support.media_api import Studio, picture, upload
from tests.support.pictures import SVG_HEAD
from tests.support.serving import plain_http

WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(range(200))


@dataclass
class Shown:
    """An uploaded picture, and a visitor who has not signed in."""

    http: httpx.AsyncClient
    media: Media
    media_id: MediaId
    cid: str
    content: bytes

    @property
    def path(self) -> str:
        return f"/media/{self.media_id}"


@pytest.fixture
async def shown(studio: Studio, painter: User) -> AsyncIterator[Shown]:
    body = (await upload(painter, picture())).json()
    media = studio.media
    async with plain_http(studio.url) as http:
        content = await media.store.read(blob_key(body["mediaId"]))
        yield Shown(http, media, body["mediaId"], body["cid"], content)


def is_safe_and_kept(answer: httpx.Response) -> bool:
    headers = answer.headers
    assert headers["cache-control"] == IMMUTABLE
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in headers
    return True


async def test_the_original_is_served_whole_under_its_own_hash(shown: Shown) -> None:
    answer = await shown.http.get(shown.path)
    assert answer.status_code == 200
    assert is_safe_and_kept(answer)
    assert hashlib.sha256(answer.content).hexdigest() == shown.media_id
    assert answer.headers["etag"] == f'"{shown.media_id}"'
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-length"] == str(len(shown.content))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == f'inline; filename="{shown.media_id[:16]}.png"'


async def test_the_same_bytes_have_a_cid(shown: Shown) -> None:
    answer = await shown.http.get(f"/ipfs/{shown.cid}")
    assert (answer.status_code, answer.content) == (200, shown.content)
    assert is_safe_and_kept(answer)


@pytest.mark.parametrize("path", ["{path}", "/ipfs/{cid}", "/ipfs/none", "/media/none"])
async def test_head_says_what_get_would_and_sends_nothing(shown: Shown, path: str) -> None:
    target = path.format(path=shown.path, cid=shown.cid)
    head, get = await shown.http.head(target), await shown.http.get(target)
    assert head.status_code == get.status_code
    assert head.content == b""
    volatile = {"date", "x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in get.headers.items() if k not in volatile
    }


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("0-0", 0, 1), ("10-19", 10, 20), ("50-", 50, None), ("-7", -7, None)]
)
async def test_a_part_is_served_and_says_which(shown: Shown, asked: str, start: int, end: int | None) -> None:
    for path in (shown.path, f"/ipfs/{shown.cid}"):
        answer = await shown.http.get(path, headers={"range": f"bytes={asked}"})
        assert (answer.status_code, answer.content) == (206, shown.content[start:end])
        size = len(shown.content)
        first = start % size
        assert answer.headers["content-range"] == f"bytes {first}-{first + len(answer.content) - 1}/{size}"
        assert is_safe_and_kept(answer)


async def test_all_parts_together_are_the_whole(shown: Shown) -> None:
    parts = [
        (await shown.http.get(shown.path, headers={"range": f"bytes={start}-{start + 999}"})).content
        for start in range(0, len(shown.content), 1000)
    ]
    assert b"".join(parts) == shown.content


async def test_a_part_beyond_the_end_is_416_and_several_are_the_whole(shown: Shown) -> None:
    beyond = await shown.http.get(shown.path, headers={"range": f"bytes={len(shown.content)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    assert beyond.headers["content-range"] == f"bytes */{len(shown.content)}"
    assert beyond.headers["cache-control"] == "no-store"
    several = await shown.http.get(shown.path, headers={"range": "bytes=0-1,5-6"})
    assert (several.status_code, several.content) == (200, shown.content)


async def test_if_range_gives_the_part_of_these_very_bytes_only(shown: Shown) -> None:
    etag = f'"{shown.media_id}"'
    for condition, status in (
        (etag, 206),
        ('"another"', 200),
        (f"W/{etag}", 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ):
        headers = {"range": "bytes=0-9", "if-range": condition}
        assert (await shown.http.get(shown.path, headers=headers)).status_code == status, condition


async def test_who_has_it_is_not_sent_it_again(shown: Shown) -> None:
    for condition in (f'"{shown.media_id}"', f'"x", W/"{shown.media_id}"', "*"):
        answer = await shown.http.get(shown.path, headers={"if-none-match": condition, "range": "bytes=0-1"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert is_safe_and_kept(answer)
    other = await shown.http.get(shown.path, headers={"if-none-match": '"x"'})
    assert other.status_code == 200


async def test_an_address_with_a_width_answers_the_narrowest_variant_that_is_wide_enough(shown: Shown) -> None:
    for path in (shown.path, f"/ipfs/{shown.cid}"):
        before = await shown.http.get(f"{path}?width=64")
        assert before.content == shown.content
        assert before.headers["cache-control"] == REVALIDATED, "its variants are still to come"
    for width in (256, 64):
        key = variant_key(shown.media_id, width)
        await shown.media.store.put(key, WEBP + bytes([width // 64]), "image/webp")
        await shown.media.assets.add_variants([Variant(shown.media_id, width, 43, "image/webp", len(WEBP) + 1, key)])
    for path in (shown.path, f"/ipfs/{shown.cid}"):
        for asked, given in ((1, 64), (64, 64), (65, 256), (256, 256)):
            answer = await shown.http.get(f"{path}?width={asked}")
            assert is_safe_and_kept(answer)
            assert (answer.content[-1], answer.headers["content-type"]) == (given // 64, "image/webp")
        wide = await shown.http.get(f"{path}?width=257")
        assert wide.content == shown.content
        assert wide.headers["cache-control"] == REVALIDATED, "its wider variants are still to come"
        for odd in ("0", "-1", "wide", "16384"):
            assert (await shown.http.get(f"{path}?width={odd}")).json()["code"] == "invalid_input"


async def made(shown: Shown, *widths: int) -> None:
    """So many variants of it. The last byte of each says which one it is."""
    for place, width in enumerate(widths):
        key = variant_key(shown.media_id, width)
        await shown.media.store.put(key, WEBP + bytes([place]), "image/webp")
        await shown.media.assets.add_variants([Variant(shown.media_id, width, 43, "image/webp", len(WEBP) + 1, key)])


async def test_the_variant_of_the_originals_own_width_stands_for_wider_ones(studio: Studio, shown: Shown) -> None:
    asset = await studio.media.assets.by_id(shown.media_id)
    assert asset is not None
    assert asset.width is not None
    widths = widths_for(asset.width, studio.media.settings.variant_widths)
    await made(shown, *widths)
    answer = await shown.http.get(f"{shown.path}?width={asset.width + 1}")
    assert (answer.headers["content-type"], answer.content[-1]) == ("image/webp", len(widths) - 1)
    assert is_safe_and_kept(answer)
    await shown.media.store.delete(variant_key(shown.media_id, widths[-1]))
    answer = await shown.http.get(f"{shown.path}?width={asset.width + 1}")
    assert answer.content == shown.content
    assert answer.headers["cache-control"] == REVALIDATED, "the variant may be made again"


async def test_an_original_is_kept_once_no_wider_variant_is_to_come(shown: Shown, painter: User) -> None:
    body = (await upload(painter, picture(size=(1_100, 64)))).json()
    widest = replace(shown, media_id=body["mediaId"], cid=body["cid"])
    await made(widest, 64, 256, 512)
    path = f"{widest.path}?width=1025"
    assert (await shown.http.get(path)).headers["cache-control"] == REVALIDATED
    await made(widest, 64, 256, 512, 1024)
    answer = await shown.http.get(path)
    assert answer.headers["content-type"] == "image/png"
    assert is_safe_and_kept(answer)


async def test_a_variant_is_served_and_has_a_tag_of_its_own(shown: Shown) -> None:
    key = variant_key(shown.media_id, 64)
    await shown.media.store.put(key, WEBP, "image/webp")
    await shown.media.assets.add_variants([Variant(shown.media_id, 64, 43, "image/webp", len(WEBP), key)])
    path = f"{shown.path}/64.webp"
    answer = await shown.http.get(path)
    assert (answer.content, answer.headers["content-type"]) == (WEBP, "image/webp")
    assert is_safe_and_kept(answer)
    etag = answer.headers["etag"]
    assert etag != f'"{shown.media_id}"'
    assert (await shown.http.get(path, headers={"if-none-match": etag})).status_code == 304
    assert (await shown.http.get(path, headers={"range": "bytes=8-11"})).content == b"WEBP"
    await shown.media.store.put(key, WEBP + b"!", "image/webp")  # by another encoder, one day
    assert (await shown.http.get(path)).headers["etag"] != etag


async def test_a_document_in_a_directory_is_served_to_be_read_and_not_to_be_shown(shown: Shown) -> None:
    shelf = Shelf(shown.media.store, shown.media.assets)
    written = await shelf.document(b'{"name": "<script>alert(1)</script>"}')
    directory = await shelf.directory({"1.json": written.id})
    for path in (f"/ipfs/{directory.cid}/1.json", f"/ipfs/{written.cid}", f"/media/{written.id}"):
        answer = await shown.http.get(path)
        assert answer.json() == {"name": "<script>alert(1)</script>"}
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["content-disposition"] == f'attachment; filename="{written.id[:16]}.json"'
        assert is_safe_and_kept(answer)
    for path in (f"/ipfs/{directory.cid}", f"/ipfs/{directory.cid}/2.json", f"/media/{directory.id}"):
        assert (await shown.http.get(path)).status_code == 404


async def test_an_svg_is_served_as_pixels(shown: Shown, painter: User) -> None:
    drawing = f'{SVG_HEAD}><rect width="40" height="20" fill="red"/></svg>'.encode()
    body = (await upload(painter, drawing, "a.svg", "image/svg+xml")).json()
    answer = await shown.http.get(f"/media/{body['mediaId']}")
    assert answer.headers["content-type"] == body["mime"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "mime", ["text/html", "image/svg+xml", "text/javascript", "application/pdf", "image/png\r\nx: y"]
)
async def test_a_type_that_could_run_is_never_said_whatever_a_document_of_ours_says(shown: Shown, mime: str) -> None:
    await shown.media.states._documents.update_one({"_id": shown.media_id}, {"$set": {"mime": mime}})
    answer = await shown.http.get(shown.path)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


MISSING = [
    "/media/" + "0" * 64,
    "/media/" + "A" * 64,
    "/media/x",
    "/media/..%2f..%2fetc%2fpasswd",
    "/media/" + "0" * 64 + "/64.webp",
    "/media/{id}/63.webp",
    "/media/{id}/0.webp",
    "/media/{id}/064.webp",
    "/media/{id}/99999999999.webp",
    "/media/{id}/-1.webp",
    "/media/{id}/%D9%A1.webp",
    "/media/{id}/..%2f..%2f64.webp",
    "/ipfs/" + "b" * 59,
    "/ipfs/nonsense",
    "/ipfs/{cid}/1.json",
    "/ipfs/{cid}/%2e%2e/{cid}",
    "/ipfs/bafkqaaa/" + "a/" * 300,
]


@pytest.mark.parametrize("path", MISSING)
async def test_what_is_not_there_is_a_404_that_nobody_keeps(shown: Shown, path: str) -> None:
    answer = await shown.http.get(path.format(id=shown.media_id, cid=shown.cid))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
    if path.startswith(("/media/{id}/", "/ipfs")) and "%2f" not in path:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_bytes_that_are_gone_are_a_404_and_not_half_an_answer(shown: Shown) -> None:
    await shown.media.store.delete(blob_key(shown.media_id))
    answer = await shown.http.get(shown.path)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")


async def test_nothing_is_written_where_content_is_read(shown: Shown) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (shown.path, f"/ipfs/{shown.cid}"):
            assert (await shown.http.request(method, path, content=b"x")).status_code == 405
