"""Gateways that fail, lie and hang; our own store; what has not changed; budgets that wait without being a timeout."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.metadata import DocumentFailure, DocumentUnreadableError
from steadymint.media.cid import FileHasher
from steadymint.metadata.fetching.fetcher import Fetched, Fetcher
from steadymint.settings import MetadataSettings
from tests.support.internet import Handler, Internet, an_internet, local_server

BODY = b'{"name": "Ape"}'
DIRECTORY = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"
TRANSACTION = "A" * 43


def raw_cid(body: bytes) -> str:
    hasher = FileHasher()
    hasher.update(body)
    return hasher.node().cid


def settings(
    *gateways: str, timeout: float = 5.0, per_host: int = 8, host_rate: float = 1000.0, **more: int | str
) -> MetadataSettings:
    return MetadataSettings(
        ipfs_gateways=gateways,
        timeout=timeout,
        per_host=per_host,
        host_rate=host_rate,
        **more,  # type: ignore[arg-type]
    )


def answering(body: bytes = BODY, status: int = 200, **headers: str) -> Handler:
    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers=headers)

    return handle


async def failure_of(fetcher: Fetcher, uri: str, **more: int) -> DocumentFailure:
    with pytest.raises(DocumentUnreadableError) as caught:
        await fetcher.fetch(uri, **more)
    return caught.value.failure


@pytest.fixture
async def internet() -> AsyncIterator[Internet]:
    async with an_internet() as made:
        yield made


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 404), (b"", 500), (b"busy", 429), (b"", 403), (b"<html>Not here</html>", 200), (b"x" * 2_000_000, 200)],
    ids=["missing", "broken", "throttled", "refused", "page", "huge"],
)
async def test_a_gateway_that_fails_gives_the_next_one(body: bytes, status: int) -> None:
    async with (
        local_server(answering(body, status)) as bad,
        local_server(answering()) as good,
        Fetcher.open(settings(bad, good)) as fetcher,
    ):
        fetched = await fetcher.fetch(f"ipfs://{DIRECTORY}/1.json")
    assert fetched.body == BODY
    assert fetched.source == "ipfs"


async def test_a_gateway_that_is_down_gives_the_next_one() -> None:
    async with local_server(answering()) as gone:
        pass
    async with local_server(answering()) as good, Fetcher.open(settings(gone, good)) as fetcher:
        assert (await fetcher.fetch(f"ipfs://{DIRECTORY}/1.json")).body == BODY


async def test_a_silent_gateway_is_not_waited_for_and_not_given_up() -> None:
    """The second is asked while the first still looks; when the second has nothing, the first may yet answer."""
    release = asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response(body=BODY)

    async def late(_: web.Request) -> web.Response:
        release.set()
        return web.Response(status=404)

    async with (
        local_server(slow) as first,
        local_server(late) as second,
        Fetcher.open(settings(first, second, timeout=3.0)) as fetcher,
    ):
        assert (await fetcher.fetch(f"ipfs://{DIRECTORY}/1.json")).body == BODY


async def test_a_gateway_that_lies_about_a_raw_block_is_passed_over() -> None:
    async with (
        local_server(answering(b'{"name": "Evil"}')) as liar,
        local_server(answering()) as honest,
        Fetcher.open(settings(liar, honest)) as fetcher,
    ):
        assert (await fetcher.fetch(f"ipfs://{raw_cid(BODY)}")).body == BODY
        async with Fetcher.open(settings(liar)) as fetcher:
            assert (await failure_of(fetcher, f"ipfs://{raw_cid(BODY)}")).code == "wrong_content"


async def test_missing_content_is_asked_for_again_some_day_and_refused_content_is_not() -> None:
    async with (
        local_server(answering(status=404)) as missing,
        local_server(answering(status=403)) as refusing,
        Fetcher.open(settings(missing, refusing)) as fetcher,
    ):
        assert not (await failure_of(fetcher, f"ipfs://{DIRECTORY}/1.json")).permanent
        async with Fetcher.open(settings(refusing)) as fetcher:
            failure = await failure_of(fetcher, f"ipfs://{DIRECTORY}/1.json")
            assert (failure.code, failure.permanent) == ("refused", True)


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


async def test_content_of_ipfs_is_read_once_as_it_cannot_change() -> None:
    async with local_server(answering()) as gateway, Fetcher.open(settings(gateway)) as fetcher:
        first = await fetcher.fetch(f"ipfs://{DIRECTORY}/1.json")
    async with Fetcher.open(settings()) as fetcher:  # nobody left to ask
        again = await fetcher.fetch(f"https://ipfs.io/ipfs/{DIRECTORY}/1.json", etag=first.etag)
    assert again.not_modified


@dataclass
class FakeContent:
    """One file of a store that a test fills by hand; the real one is part of the media tests."""

    body: bytes
    mime: str = "application/json"

    @property
    def size(self) -> int:
        return len(self.body)

    async def read(self) -> bytes:
        return self.body


class FakeStore:
    def __init__(self, files: dict[tuple[str, str], bytes], *, broken: bool = False) -> None:
        self._files = files
        self._broken = broken

    async def open(self, cid: str, path: str = "") -> FakeContent | None:
        if self._broken:
            raise UpstreamUnavailableError
        body = self._files.get((cid, path))
        return None if body is None else FakeContent(body)


@pytest.mark.parametrize(
    "uri",
    [
        f"ipfs://{DIRECTORY}/a b.json",
        f"ipfs://{DIRECTORY}/a%20b.json",
        f"ipfs://ipfs/{DIRECTORY}/a b.json?x=1",
        f"https://gateway.example/ipfs/{DIRECTORY}/a%20b.json",
        f"https://{DIRECTORY}.ipfs.dweb.link/a%20b.json",
    ],
)
async def test_what_we_published_is_read_without_the_network(uri: str) -> None:
    async with Fetcher.open(settings(), FakeStore({(DIRECTORY, "a b.json"): BODY})) as fetcher:
        fetched = await fetcher.fetch(uri)
    assert (fetched.body, fetched.source, fetched.content_type) == (BODY, "store", "application/json")


async def test_a_store_that_fails_is_passed_over_for_a_gateway() -> None:
    async with (
        local_server(answering()) as gateway,
        Fetcher.open(settings(gateway), FakeStore({}, broken=True)) as fetcher,
    ):
        assert (await fetcher.fetch(f"ipfs://{DIRECTORY}/1.json")).source == "ipfs"


async def test_content_that_no_gateway_has_is_read_where_the_address_points(internet: Internet) -> None:
    site = await internet.site("gw.web.example", answering())
    async with (
        local_server(answering(status=404)) as gateway,
        Fetcher.open(settings(gateway), network=internet.network) as fetcher,
    ):
        assert (await fetcher.fetch(f"{site}/ipfs/{DIRECTORY}/1.json")).body == BODY


async def test_arweave_is_read_through_the_configured_gateway() -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=BODY)

    async with local_server(handle) as gateway, Fetcher.open(settings(arweave_gateway=gateway)) as fetcher:
        for uri in (f"ar://{TRANSACTION}/1.json", f"https://arweave.net/{TRANSACTION}/1.json"):
            assert (await fetcher.fetch(uri)).source == "arweave"
    assert asked == [f"/{TRANSACTION}/1.json"] * 2


async def test_a_redirect_within_a_configured_origin_is_followed_and_no_other_inner_one() -> None:
    async with local_server(answering()) as inner:

        async def handle(request: web.Request) -> web.Response:
            if request.path.endswith("moved"):
                return web.Response(status=302, headers={"Location": "/ipfs/here"})
            if request.path.endswith("away"):
                return web.Response(status=302, headers={"Location": f"{inner}/ipfs/here"})
            return web.Response(body=BODY)

        async with local_server(handle) as gateway, Fetcher.open(settings(gateway)) as fetcher:
            assert (await fetcher.fetch(f"ipfs://{DIRECTORY}/moved")).body == BODY
            assert (await failure_of(fetcher, f"ipfs://{DIRECTORY}/away")).code == "bad_scheme"


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
        fetched = await fetcher.fetch_media(f"ipfs://{DIRECTORY}/1.png")
        with pytest.raises(DocumentUnreadableError) as caught:
            await fetcher.fetch_media(f"ipfs://{DIRECTORY}/1.png", max_bytes=10)
    assert fetched == Fetched(png, "image/png", f'"ipfs/{DIRECTORY}/1.png"', "ipfs")
    assert caught.value.failure.code == "too_large"


async def test_inline_documents_need_no_network() -> None:
    encoded = base64.b64encode(BODY).decode()
    async with Fetcher.open(settings()) as fetcher:
        fetched = await fetcher.fetch(f"\ufeff data:application/json;base64,{encoded}\0\u200b")
    assert (fetched.body, fetched.source, fetched.etag) == (BODY, "inline", None)
    assert hashlib.sha256(fetched.body).hexdigest()


async def test_a_certificate_of_somebody_else_is_refused(internet: Internet) -> None:
    await internet.site("a.web.example", answering())
    internet.names["a.other.example"] = internet.names["a.web.example"]
    async with Fetcher.open(settings(), network=internet.network) as fetcher:
        failure = await failure_of(fetcher, "https://a.other.example/1")
    assert failure.code == "unreachable"
    assert "certificate" in failure.detail
