"""What a fetcher makes of an answer: what it says about asking again, what has not changed, what goes along."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from steadymint.domain.metadata import DocumentUnreadableError
from steadymint.metadata.fetching.fetcher import Fetched, Fetcher
from tests.support.fetching import BODY, CID, answering, failure_of, settings
from tests.support.internet import Internet, local_server


async def test_a_throttle_says_how_long_to_wait_and_the_host_is_left_alone_until_then(internet: Internet) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=429, headers={"Retry-After": "120"})

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for path in ("/1", "/2", "/3"):
            with pytest.raises(DocumentUnreadableError) as caught:
                await fetcher.fetch(site + path)
            assert caught.value.failure.code == "throttled"
            assert not caught.value.failure.permanent
            assert 100 < (caught.value.retry_after or 0) <= 121
    assert asked == ["/1"]


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [
        (404, "not_found", False),
        (410, "refused", True),
        (401, "refused", True),
        (500, "upstream_error", False),
        (503, "upstream_error", False),
        (304, "bad_answer", False),
        (204, "bad_answer", False),
    ],
)
async def test_a_status_says_whether_to_ask_again(internet: Internet, status: int, code: str, permanent: bool) -> None:
    site = await internet.site("a.web.example", answering(b"", status))
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        failure = await failure_of(fetcher, site)
    assert (failure.code, failure.permanent) == (code, permanent)


async def test_an_unchanged_document_comes_without_a_body(internet: Internet) -> None:
    async def handle(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304, headers={"ETag": '"v1"'})
        return web.Response(body=BODY, headers={"ETag": '"v1"'})

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        first = await fetcher.fetch(site)
        again = await fetcher.fetch(site, etag=first.etag)
        changed = await fetcher.fetch(site, etag='"v0"')
    assert (first.body, first.etag, first.not_modified) == (BODY, '"v1"', False)
    assert (again.body, again.not_modified) == (b"", True)
    assert changed.body == BODY


async def test_redirects_have_an_end(internet: Internet) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": f"{request.path}x"})

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(max_redirects=3), network=internet.network) as fetcher:
        assert (await failure_of(fetcher, f"{site}/x")).code == "too_many_redirects"
    assert asked == ["/x", "/xx", "/xxx", "/xxxx"]


async def test_nothing_of_ours_goes_along(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no password file, no cookie from one request to the next, no header of a redirecting host."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    seen: list[dict[str, str]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(dict(request.headers))
        answer = web.Response(status=302 if len(seen) == 1 else 200, body=BODY, headers={"Location": "/next"})
        answer.set_cookie("session", "1")
        return answer

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        await fetcher.fetch(site)
        await fetcher.fetch(site)
    assert len(seen) == 3
    assert {name for headers in seen for name in headers} == {"Host", "User-Agent", "Accept", "Accept-Encoding"}


async def test_waiting_for_the_budget_of_a_host_is_no_timeout(internet: Internet) -> None:
    """Ten documents of 0.25 s, one at a time, within a limit of 2 s each: all of them are read."""

    async def handle(_: web.Request) -> web.Response:
        await asyncio.sleep(0.25)
        return web.Response(body=BODY)

    site = await internet.site("a.web.example", handle)
    async with Fetcher.open(settings(timeout=2.0, per_host=1), network=internet.network) as fetcher:
        found = await asyncio.gather(*(fetcher.fetch(f"{site}/{at}") for at in range(10)))
    assert [fetched.body for fetched in found] == [BODY] * 10


async def test_connections_are_used_again(internet: Internet) -> None:
    site = await internet.site("a.web.example", answering())
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        for at in range(20):
            await fetcher.fetch(f"{site}/{at}")
    assert len(internet.connected) == 1
    assert internet.asked == ["a.web.example"]


async def test_media_is_what_its_bytes_are() -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(64)
    async with (
        local_server(answering(png, **{"Content-Type": "text/html"})) as gateway,
        Fetcher.open(settings(gateway)) as fetcher,
    ):
        fetched = await fetcher.fetch_media(f"ipfs://{CID}/1.png")
        with pytest.raises(DocumentUnreadableError) as caught:
            await fetcher.fetch_media(f"ipfs://{CID}/1.png", max_bytes=10)
    assert fetched == Fetched(png, "image/png", f'"ipfs/{CID}/1.png"', "ipfs")
    assert caught.value.failure.code == "too_large"


async def test_a_certificate_of_somebody_else_is_refused(internet: Internet) -> None:
    await internet.site("a.web.example", answering())
    internet.names["a.other.example"] = internet.names["a.web.example"]
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        failure = await failure_of(fetcher, "https://a.other.example/1")
    assert failure.code == "unreachable"
    assert "certificate" in failure.detail
