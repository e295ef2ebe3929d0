"""Uploading a picture over HTTP, and what its owner sees of it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.media.bodies.assets import MediaBody, MediaPageBody
from api.media.uploads import FORM_OVERHEAD
from steadymint.media.cid import file_cid
from tests.support.intents_api import User
from tests.support.media_api import MAX_BYTES, PUBLIC_URL, Studio, picture, upload
from tests.support.pictures import animated, encoded, scene
from tests.support.serving import plain_http

BOUNDARY = "----steadymint-test"


def form(*parts: tuple[str, bytes], end: str = "--") -> bytes:
    """A form of these parts: the value of its Content-Disposition, its content."""
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"
        for disposition, content in parts
    )
    return body + f"--{BOUNDARY}{end}\r\n".encode()


async def send(user: User, body: bytes | AsyncIterator[bytes], kind: str | None = None) -> httpx.Response:
    headers = {"content-type": kind or f"multipart/form-data; boundary={BOUNDARY}"}
    return await user.http.post("/v1/media", content=body, headers=headers)


def is_problem(answer: httpx.Response, status: int, code: str) -> bool:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return answer.headers["content-type"] == "application/problem+json"


# -- taking in ---------------------------------------------------------------------------------------------------------


async def test_a_picture_is_taken_with_temporal_away_and_is_there_at_once(studio: Studio, painter: User) -> None:
    answer = await upload(painter, picture())
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (await painter.http.get(answer.headers["location"])).json() == body
    TypeAdapter(MediaBody).validate_json(answer.content)
    assert (body["kind"], body["mime"], body["width"], body["height"], body["frames"]) == (
        "image",
        "image/png",
        96,
        64,
        1,
    )
    assert body["status"] == "processing"
    assert body["variants"] == body["pins"] == []
    assert len(body["phash"]) == 16
    assert body["url"] == f"{PUBLIC_URL}/media/{body['mediaId']}"
    assert body["ipfsUrl"] == f"{PUBLIC_URL}/ipfs/{body['cid']}"
    assert answer.headers["cache-control"] == "private, no-store"
    stored = (await painter.http.get(f"/media/{body['mediaId']}")).content
    assert hashlib.sha256(stored).hexdigest() == body["mediaId"]
    assert file_cid(stored)[0] == body["cid"]
    assert len(stored) == body["bytes"]
    assert studio.waiting() == []


async def test_the_same_file_again_is_the_same_asset_and_200(studio: Studio, painter: User) -> None:
    first = await upload(painter, picture(1))
    again = await upload(painter, picture(1), name="b.png")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    async with studio.front.user() as other:
        theirs = await upload(other, picture(1))
    assert theirs.status_code == 201
    assert theirs.json()["mediaId"] == first.json()["mediaId"]
    assert len(studio.stored()) == 1


async def test_an_animation_stays_one(painter: User) -> None:
    frames = [scene((40, 30), turn=turn) for turn in range(3)]
    body = (await upload(painter, animated(frames, "GIF", [100, 100, 100]), kind="image/gif")).json()
    assert (body["kind"], body["mime"], body["frames"]) == ("animation", "image/gif", 3)


REFUSED = {
    "json": (lambda: b"{}", "application/json", 415, "unsupported_media_type"),
    "no-boundary": (lambda: form(), "multipart/form-data", 415, "unsupported_media_type"),
    "no-parts": (lambda: form(), None, 422, "invalid_input"),
    "another-field": (lambda: form(('form-data; name="image"; filename="a"', picture())), None, 422, "invalid_input"),
    "a-text-field": (lambda: form(('form-data; name="file"', b"text")), None, 422, "invalid_input"),
    "two-files": (
        lambda: form(*[('form-data; name="file"; filename="a"', picture())] * 2),
        None,
        422,
        "invalid_input",
    ),
    "an-empty-file": (lambda: form(('form-data; name="file"; filename="a"', b"")), None, 422, "invalid_input"),
    "no-end": (lambda: form(('form-data; name="file"; filename="a"', picture()), end=""), None, 422, "invalid_input"),
    "rubbish": (lambda: b"\0" * 5000, None, 422, "invalid_input"),
    "looks-like-the-boundary": (
        lambda: form(('form-data; name="file"; filename="a"', f"\r\n--{BOUNDARY}x".encode() * 5000)),
        None,
        422,
        "invalid_input",
    ),
    "endless-headers": (
        lambda: f"--{BOUNDARY}\r\n".encode() + b"X-A: b\r\n" * 1000 + b"\r\n",
        None,
        422,
        "invalid_input",
    ),
    "one-endless-header": (lambda: f"--{BOUNDARY}\r\nX-A: ".encode() + b"b" * 100_000, None, 422, "invalid_input"),
    "no-picture": (
        lambda: form(('form-data; name="file"; filename="a.png"', b"<html>hello</html>")),
        None,
        422,
        "unsupported_media",
    ),
    "half-a-picture": (
        lambda: form(('form-data; name="file"; filename="a.png"', picture()[:200])),
        None,
        422,
        "media_refused",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_no_picture_in_a_form_is_refused_and_leaves_nothing(
    studio: Studio, painter: User, case: str
) -> None:
    make, kind, status, code = REFUSED[case]
    assert is_problem(await send(painter, make(), kind), status, code)
    assert studio.stored() == []
    assert studio.waiting() == []


async def test_a_file_that_is_too_large_is_refused_by_its_length_and_by_its_bytes(
    studio: Studio, painter: User
) -> None:
    file = ('form-data; name="file"; filename="a"', bytes(MAX_BYTES + 1))
    declared = await send(painter, form(file))
    assert is_problem(declared, 413, "media_too_large")

    async def lying() -> AsyncIterator[bytes]:  # no Content-Length: it is counted as it comes
        body = form((file[0], bytes(MAX_BYTES + 4 * FORM_OVERHEAD)))
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    assert is_problem(await send(painter, lying()), 413, "media_too_large")
    assert studio.waiting() == []


async def test_a_file_of_exactly_the_largest_size_is_read(painter: User) -> None:
    body = form(('form-data; name="file"; filename="a"', bytes(MAX_BYTES)))
    assert is_problem(await send(painter, body), 422, "unsupported_media")


async def test_a_file_that_comes_a_byte_at_a_time_is_the_same_file(painter: User) -> None:
    content = picture(2, (20, 10))
    whole = (await upload(painter, content)).json()

    async def drip() -> AsyncIterator[bytes]:
        for byte in form(('form-data; name="file"; filename="a"', content)):
            yield bytes([byte])

    assert (await send(painter, drip())).json()["mediaId"] == whole["mediaId"]


async def test_nobody_uploads_without_a_session(studio: Studio) -> None:
    async with plain_http(studio.url) as http:
        for content in (picture(), bytes(MAX_BYTES), bytes(4 * MAX_BYTES)):  # refused unread, and told so all the same
            answer = await http.post("/v1/media", files={"file": ("a.png", content)})
            assert is_problem(answer, 401, "unauthorized")
    assert studio.waiting() == []


async def test_other_routes_still_take_no_more_than_json(painter: User) -> None:
    answer = await painter.http.post("/v1/mints/prepare", content=b" " * 300_000)
    assert is_problem(answer, 413, "too_large")


async def test_with_the_store_away_an_upload_is_told_to_come_back_and_leaves_nothing(
    studio: Studio, painter: User
) -> None:
    blobs = studio.home / "store" / "blobs"
    aside = blobs.rename(blobs.with_name("aside")) if blobs.exists() else None
    blobs.write_bytes(b"where the store wants its directory")
    answer = await upload(painter, picture(4))
    assert is_problem(answer, 503, "upstream_unavailable")
    assert answer.headers["retry-after"]
    assert studio.waiting() == []
    assert (await painter.http.get("/v1/media")).json()["items"] == []
    blobs.unlink()
    if aside is not None:
        aside.rename(blobs)
    assert (await upload(painter, picture(4))).status_code == 201


# -- seeing ------------------------------------------------------------------------------------------------------------


async def test_an_asset_is_shown_to_its_owners_only(studio: Studio, painter: User) -> None:
    body = (await upload(painter, picture(3))).json()
    path = f"/v1/media/{body['mediaId']}"
    assert (await painter.http.get(path)).json() == body
    async with studio.front.user() as other:
        assert is_problem(await other.http.get(path), 404, "not_found")
        await upload(other, picture(3))
        assert (await other.http.get(path)).json() == body
    assert is_problem(await painter.http.get("/v1/media/" + "0" * 64), 404, "not_found")
    assert is_problem(await painter.http.get("/v1/media/nonsense"), 422, "invalid_input")
    async with plain_http(studio.url) as http:
        assert is_problem(await http.get(path), 401, "unauthorized")


async def test_ones_own_assets_come_in_pages_newest_first(studio: Studio, painter: User) -> None:
    made = [(await upload(painter, picture(turn, (20, 10)))).json() for turn in range(5)]
    async with studio.front.user() as other:
        await upload(other, picture(9))
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = await painter.http.get("/v1/media", params=query)
        TypeAdapter(MediaPageBody).validate_json(answer.content)
        page = answer.json()
        seen += page["items"]
        if (cursor := page["nextCursor"]) is None:
            break
    assert sorted(one["mediaId"] for one in seen) == sorted(one["mediaId"] for one in made)
    assert [(one["createdAt"], one["mediaId"]) for one in seen] == sorted(
        ((one["createdAt"], one["mediaId"]) for one in seen), reverse=True
    )


async def test_the_list_is_filtered_by_kind(painter: User) -> None:
    await upload(painter, encoded(scene(), "WEBP"))
    frames = [scene((20, 10), turn=turn) for turn in range(2)]
    moving = (await upload(painter, animated(frames, "WEBP", [50, 50]))).json()
    found = (await painter.http.get("/v1/media", params={"kind": "animation"})).json()["items"]
    assert [one["mediaId"] for one in found] == [moving["mediaId"]]
    assert is_problem(await painter.http.get("/v1/media", params={"kind": "film"}), 422, "invalid_input")
    assert is_problem(await painter.http.get("/v1/media", params={"owner": "me"}), 422, "invalid_input")
