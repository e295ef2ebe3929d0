"""Attack cases U07, U12 and U13: what an upload is called, who may upload, and uploads that never end."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.intents_api import User
from tests.support.media_api import Studio, picture, upload

FORM = "multipart/form-data; boundary=x"

NAMES = {
    "double-extension": "a.png.html",
    "parent": "../../../etc/passwd",
    "absolute": "/etc/passwd",
    "windows": "..\\..\\boot.ini",
    "nul": "a\0.png",
    "newline": "a.png\r\nX-Injected: yes",
    "quote": 'a".png"; name="other',
    "thousand": "x" * 1000,
    "right-to-left": "\u202egnp.exe",
    "empty": "",
    "percent": "%2e%2e%2fa.png",
    "header-value": 'a.png"; Content-Type: text/html',
    "not-text": b"\xff\xfe\x80.png",
}
TYPES = [
    "text/html",
    "image/svg+xml",
    "application/x-php",
    "image/png; charset=../..",
    "",
    "text/html\r\nX-Injected: yes",
]


def form(name: str | bytes, kind: str | bytes, content: bytes) -> bytes:
    """A form as written by somebody who minds no rules."""
    raw, declared = (text.encode() if isinstance(text, str) else text for text in (name, kind))
    return (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="' + raw + b'"\r\nContent-Type: ' + declared
        + b"\r\n\r\n" + content + b"\r\n--x--\r\n"
    )  # fmt: skip


async def send(user: User, body: bytes | AsyncIterator[bytes]) -> httpx.Response:
    return await user.http.post("/v1/media", content=body, headers={"content-type": FORM})


def is_under_its_own_key(studio: Studio, body: dict[str, str]) -> bool:
    media_id = body["mediaId"]
    return studio.stored() == [f"blobs/{media_id[:2]}/{media_id}"]


@pytest.mark.parametrize("case", NAMES)
async def test_u07_what_a_file_is_called_reaches_no_key_and_no_header(studio: Studio, painter: User, case: str) -> None:
    answer = await send(painter, form(NAMES[case], "image/png", picture()))
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 422:
        assert studio.stored() == []
        return
    assert is_under_its_own_key(studio, answer.json())
    shown = await painter.http.get(urlsplit(answer.json()["url"]).path)
    for text in (answer.text, str(answer.headers), str(shown.headers)):
        assert re.search(r"passwd|boot\.ini|injected|\.html|\.exe|x{100}", text, re.IGNORECASE) is None
    assert studio.waiting() == []


@pytest.mark.parametrize("kind", TYPES)
async def test_u07_what_a_file_is_said_to_be_is_not_believed(studio: Studio, painter: User, kind: str) -> None:
    answer = await send(painter, form("a.html", kind, picture()))
    assert answer.status_code == 201, answer.text
    assert is_under_its_own_key(studio, answer.json())
    shown = await painter.http.get(urlsplit(answer.json()["url"]).path)
    assert answer.json()["mime"] == shown.headers["content-type"] == "image/png"
    assert "x-injected" not in shown.headers


async def test_u07_a_page_that_is_called_a_picture_is_refused(studio: Studio, painter: User) -> None:
    answer = await send(painter, form("a.png", "image/png", b"<!doctype html><script>alert(1)</script>"))
    assert (answer.status_code, answer.json()["code"]) == (422, "unsupported_media")
    assert studio.stored() == []


async def test_u12_no_address_lets_anybody_write_past_the_api(studio: Studio, painter: User) -> None:
    """There is nothing to reuse: uploads come through the API, and what it hands out are addresses to read."""
    body = (await upload(painter, picture())).json()
    for url in (body["url"], body["ipfsUrl"]):
        assert urlsplit(url).query == ""
        for method in ("PUT", "POST", "DELETE"):
            assert (await painter.http.request(method, urlsplit(url).path, content=picture(1))).status_code == 405
    assert is_under_its_own_key(studio, body)


async def connect(
    studio: Studio, user: User, length: int, body: bytes
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An upload that has begun, by hand: a client would not send less than it says."""
    url = urlsplit(studio.url)
    assert url.hostname is not None
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    head = (
        f"POST /v1/media HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: {user.http.headers['authorization']}\r\n"
        f"Content-Type: {FORM}\r\nContent-Length: {length}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    return reader, writer


async def until_waiting(studio: Studio, count: int) -> None:
    """Until that many uploads are under way, and no more."""
    async with asyncio.timeout(20):
        while len(studio.waiting()) != count:  # noqa: ASYNC110 - it is the file system that tells
            await asyncio.sleep(0.01)


async def test_u13_an_upload_that_stops_at_99_percent_leaves_nothing(studio: Studio, painter: User) -> None:
    body = form("a.png", "image/png", picture())
    for _ in range(3):  # more than may be under way at once: their places are given back
        _, writer = await connect(studio, painter, len(body), body[:-1])
        await until_waiting(studio, 1)
        writer.transport.abort()
        await until_waiting(studio, 0)
    assert studio.stored() == []
    assert (await painter.http.get("/v1/media")).json()["items"] == []
    assert (await send(painter, body)).status_code == 201


async def test_u13_uploads_beyond_a_users_places_are_told_to_come_back_and_stop_nobody_else(
    studio: Studio, painter: User
) -> None:
    body = form("a.png", "image/png", picture())
    slow = [await connect(studio, painter, len(body), body[:100]) for _ in range(2)]
    await until_waiting(studio, 2)
    refused = await send(painter, body)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert int(refused.headers["retry-after"]) >= 1
    async with studio.front.user() as other:
        assert (await send(other, body)).status_code == 201
    for _, writer in slow:
        writer.close()
    await until_waiting(studio, 0)
    assert (await send(painter, body)).status_code == 201


async def test_u13_an_upload_that_drips_is_ended_when_its_time_is_over(studio: Studio, painter: User) -> None:
    body = form("a.png", "image/png", picture())
    reader, writer = await connect(studio, painter, len(body), body[:50])
    dripping = asyncio.create_task(_drip(writer, body[50:]))
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    dripping.cancel()
    assert answer.startswith(b"HTTP/1.1 408")
    await until_waiting(studio, 0)
    writer.close()


async def _drip(writer: asyncio.StreamWriter, body: bytes) -> None:
    for byte in body:
        writer.write(bytes([byte]))
        await asyncio.sleep(0.1)


async def test_u13_a_user_uploads_so_many_times_a_minute_and_no_more(studio: Studio, painter: User) -> None:
    allowed = studio.front.settings.media.upload_rate
    answers = [await painter.http.post("/v1/media", content=b"") for _ in range(2 * allowed)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[:allowed] == [415] * allowed
    assert 429 in statuses[allowed:]


async def test_u13_a_user_sends_so_many_bytes_a_day_and_no_more(studio: Studio) -> None:
    """Of pictures and of documents, refused ones too; what is told to come is refused before it is read."""
    file = picture()
    body, allowed = form("a.png", "image/png", file), 3 * len(file)
    media = studio.front.settings.media.model_copy(update={"upload_daily_bytes": allowed})
    small = replace(studio.front, settings=studio.front.settings.model_copy(update={"media": media}))
    async with small.serving() as front, front.user() as greedy, front.user() as other:
        assert (await send(greedy, body)).status_code == 201
        junk = form("a.png", "image/png", b"x" * len(file))
        assert (await send(greedy, junk)).status_code == 422
        assert (await greedy.http.post("/v1/metadata", content=b"x" * (len(file) // 2))).status_code == 422
        refused = await send(greedy, body)
        assert (refused.status_code, refused.json()["code"], refused.json()["limit"]) == (
            429,
            "rate_limited",
            "upload-bytes",
        )
        assert refused.json()["detail"] == f"You may upload {allowed} bytes a day"
        assert 1 <= int(refused.headers["retry-after"]) <= 86_400
        published = await greedy.http.post("/v1/metadata", content=b"x" * len(body))
        assert (published.status_code, published.json()["limit"]) == (429, "upload-bytes")

        async def undeclared() -> AsyncIterator[bytes]:
            yield body

        streamed = await greedy.http.post("/v1/media", content=undeclared(), headers={"content-type": FORM})
        assert (streamed.status_code, streamed.json().get("limit")) == (429, "upload-bytes"), streamed.text
        assert (await send(other, body)).status_code == 201


async def send_by_graphql(user: User, *files: bytes) -> httpx.Response:
    query = "mutation($files: [Upload!]!) { uploadMedia(files: $files) { mediaId } }"
    operation = {"query": query, "variables": {"files": [None] * len(files)}}
    places = {str(index): [f"variables.files.{index}"] for index in range(len(files))}
    fields = {"operations": json.dumps(operation), "map": json.dumps(places)}
    sent = {str(index): ("a.png", content) for index, content in enumerate(files)}
    return await user.http.post("/graphql", data=fields, files=sent, headers={"graphql-require-preflight": "1"})


async def test_u13_a_form_of_graphql_is_one_upload_and_has_its_places(studio: Studio, painter: User) -> None:
    body = form("a.png", "image/png", picture())
    slow = [await connect(studio, painter, len(body), body[:100])]
    await until_waiting(studio, 1)
    for _ in range(2):  # the last place is given back
        found = (await send_by_graphql(painter, b"x")).json()["errors"][0]["extensions"]
        assert found["code"] == "unsupported_media", "a file shares the place of its form"
    slow.append(await connect(studio, painter, len(body), body[:100]))
    await until_waiting(studio, 2)
    refused = await send_by_graphql(painter, b"x")
    assert (refused.status_code, refused.json().get("limit")) == (429, "uploads-of-user"), refused.text
    for _, writer in slow:
        writer.close()
    await until_waiting(studio, 0)
    assert len((await send_by_graphql(painter, picture(1), picture(2))).json()["data"]["uploadMedia"]) == 2


async def test_u13_the_bytes_of_a_form_of_graphql_are_counted_once_and_refused_ones_too(studio: Studio) -> None:
    media = studio.front.settings.media.model_copy(update={"upload_daily_bytes": 50_000})
    small = replace(studio.front, settings=studio.front.settings.model_copy(update={"media": media}))
    async with small.serving() as front, front.user() as greedy:
        for _ in range(2):
            junk = await send_by_graphql(greedy, b"x" * 20_000)
            assert junk.json()["errors"][0]["extensions"]["code"] == "unsupported_media"
        refused = await send_by_graphql(greedy, b"x" * 20_000)
        assert (refused.status_code, refused.json()["limit"]) == (429, "upload-bytes")
