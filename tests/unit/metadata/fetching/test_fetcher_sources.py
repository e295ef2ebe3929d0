"""Where a fetcher reads a document: in its URI, in our store, or at gateways that fail, lie and hang."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import dataclass

import pytest
from aiohttp import web

from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.media.cid import FileHasher
from steadymint.metadata.fetching.fetcher import Fetcher
from tests.support.fetching import BODY, CID, answering, failure_of, settings
from tests.support.internet import Internet, local_server

TRANSACTION = "A" * 43


def raw_cid(body: bytes) -> str:
    hasher = FileHasher()
    hasher.update(body)
    return hasher.node().cid


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
        fetched = await fetcher.fetch(f"ipfs://{CID}/1.json")
    assert fetched.body == BODY
    assert fetched.source == "ipfs"


async def test_a_gateway_that_is_down_gives_the_next_one() -> None:
    async with local_server(answering()) as gone:
        pass
    async with local_server(answering()) as good, Fetcher.open(settings(gone, good)) as fetcher:
        assert (await fetcher.fetch(f"ipfs://{CID}/1.json")).body == BODY


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
        assert (await fetcher.fetch(f"ipfs://{CID}/1.json")).body == BODY


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
        assert not (await failure_of(fetcher, f"ipfs://{CID}/1.json")).permanent
        async with Fetcher.open(settings(refusing)) as fetcher:
            failure = await failure_of(fetcher, f"ipfs://{CID}/1.json")
            assert (failure.code, failure.permanent) == ("refused", True)


async def test_content_of_ipfs_is_read_once_as_it_cannot_change() -> None:
    async with local_server(answering()) as gateway, Fetcher.open(settings(gateway)) as fetcher:
        first = await fetcher.fetch(f"ipfs://{CID}/1.json")
    async with Fetcher.open(settings()) as fetcher:  # nobody left to ask
        again = await fetcher.fetch(f"https://ipfs.io/ipfs/{CID}/1.json", etag=first.etag)
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
        f"ipfs://{CID}/a b.json",
        f"ipfs://{CID}/a%20b.json",
        f"ipfs://ipfs/{CID}/a b.json?x=1",
        f"https://gateway.example/ipfs/{CID}/a%20b.json",
        f"https://{CID}.ipfs.dweb.link/a%20b.json",
    ],
)
async def test_what_we_published_is_read_without_the_network(uri: str) -> None:
    async with Fetcher.open(settings(), FakeStore({(CID, "a b.json"): BODY})) as fetcher:
        fetched = await fetcher.fetch(uri)
    assert (fetched.body, fetched.source, fetched.content_type) == (BODY, "store", "application/json")


async def test_a_store_that_fails_is_passed_over_for_a_gateway() -> None:
    async with (
        local_server(answering()) as gateway,
        Fetcher.open(settings(gateway), FakeStore({}, broken=True)) as fetcher,
    ):
        assert (await fetcher.fetch(f"ipfs://{CID}/1.json")).source == "ipfs"


async def test_content_that_no_gateway_has_is_read_where_the_address_points(internet: Internet) -> None:
    site = await internet.site("gw.web.example", answering())
    async with (
        local_server(answering(status=404)) as gateway,
        Fetcher.open(settings(gateway), network=internet.network) as fetcher,
    ):
        assert (await fetcher.fetch(f"{site}/ipfs/{CID}/1.json")).body == BODY


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
            assert (await fetcher.fetch(f"ipfs://{CID}/moved")).body == BODY
            assert (await failure_of(fetcher, f"ipfs://{CID}/away")).code == "bad_scheme"


async def test_inline_documents_need_no_network() -> None:
    encoded = base64.b64encode(BODY).decode()
    async with Fetcher.open(settings()) as fetcher:
        fetched = await fetcher.fetch(f"\ufeff data:application/json;base64,{encoded}\0\u200b")
    assert (fetched.body, fetched.source, fetched.etag) == (BODY, "inline", None)
    assert hashlib.sha256(fetched.body).hexdigest()
