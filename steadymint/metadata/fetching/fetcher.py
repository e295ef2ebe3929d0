"""Fetches the bytes of a URI: from the URI itself, our own store, gateways, or a stranger's server."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from prometheus_client import Counter

from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.metadata import DocumentUnreadableError, substitute_id, unreadable
from steadymint.domain.texts import without_padding
from steadymint.metadata.fetching.failures import document_error
from steadymint.metadata.fetching.inline import Inline, content_type_of, decode, is_document_type, is_inline
from steadymint.metadata.fetching.locations import IpfsPath, Remote, locate
from steadymint.metadata.fetching.media_types import is_picture_type, sniff
from steadymint.outbound.client import Answer, ClientLimits, OutboundClient, Target
from steadymint.outbound.connecting import Network
from steadymint.outbound.deadline import deadline
from steadymint.outbound.errors import OutboundError
from steadymint.settings import MetadataSettings

USER_AGENT: Final = "steadymint-metadata"
MEDIA_AT_ONCE: Final = 2
"""Media in memory at a time. Each takes up to `settings.max_media`, once for each gateway that is asked."""

_fetches = Counter("steadymint_metadata_fetches", "Documents and media fetched, by how it ended", ["outcome"])

Check = Callable[[bytes], None]
"""Raises `DocumentUnreadableError` if the body cannot be right, so that the next gateway is asked."""


class ContentLike(Protocol):
    """A file in our own store."""

    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...
    async def read(self) -> bytes: ...


class LocalContentLike(Protocol):
    """Our own store. What we published is read from it, without the network."""

    async def open(self, cid: str, path: str = "") -> ContentLike | None:
        """The file at `cid/path`; None if we do not hold it."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document or a file, unchanged. With `not_modified` there is no body: the caller has it already."""

    body: bytes
    content_type: str | None
    """The type of a document as its source says; the type of media by its bytes."""
    etag: str | None
    source: str
    """`inline`, `store`, `ipfs`, `arweave` or `web`; never an address."""
    not_modified: bool = False


class Fetcher:
    """Fetches documents and media. Share one per process, since it keeps the budget of each host.

    Every failure is a `DocumentUnreadableError`, whose codes are listed in docs/metadata.md.
    """

    def __init__(self, settings: MetadataSettings, client: OutboundClient, local: LocalContentLike | None) -> None:
        self._settings = settings
        self._client = client
        self._local = local
        self._media_places = asyncio.Semaphore(MEDIA_AT_ONCE)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, settings: MetadataSettings, local: LocalContentLike | None = None, *, network: Network | None = None
    ) -> AsyncGenerator[Fetcher]:
        """A fetcher with its connections. `network` is for tests: no setting leads there."""
        limits = ClientLimits(settings.per_host, settings.host_rate, settings.max_redirects, USER_AGENT)
        async with OutboundClient.open(limits, network=network) as client:
            yield cls(settings, client, local)

    async def fetch(self, uri: str, *, etag: str | None = None, token_id: int | None = None) -> Fetched:
        """The metadata document at `uri`, at most `settings.max_document` bytes.

        `token_id` replaces `{id}` (ERC-1155). `etag` comes from an earlier call: a document that has not changed is
        then returned without a body. It takes at most `settings.timeout` seconds after the host's budget lets it begin.
        """
        uri = without_padding(uri)
        with _counted():
            if is_inline(uri):
                return _inline_document(uri, self._settings.max_document)
            remote = self._locate(_with_id(uri, token_id))
            return await self._read(remote, self._settings.max_document, _looks_like_json, etag)

    async def fetch_media(self, uri: str, max_bytes: int | None = None, *, token_id: int | None = None) -> Fetched:
        """The picture, animation, sound or model at `uri`. Its bytes decide its type.

        `max_bytes` defaults to `settings.max_media`. Any other type, such as a page or a script, is refused as
        `not_media`. An SVG is accepted, but is not safe to show as it is.
        """
        uri = without_padding(uri)
        limit = min(max_bytes or self._settings.max_media, self._settings.max_media)
        with _counted():
            if is_inline(uri):
                fetched = _inline_media(uri, limit)
            else:
                remote = self._locate(_with_id(uri, token_id))
                async with self._media_places:
                    fetched = await self._read(remote, limit, _looks_like_media, None)
            _looks_like_media(fetched.body)
        return Fetched(fetched.body, sniff(fetched.body), fetched.etag, fetched.source)

    def _locate(self, uri: str) -> Remote:
        return locate(uri, self._settings.ipfs_gateways, self._settings.arweave_gateway)

    async def _read(self, remote: Remote, max_bytes: int, check: Check, etag: str | None) -> Fetched:
        if remote.content is not None:
            if etag == remote.content.etag:
                return Fetched(b"", None, etag, remote.kind, not_modified=True)
            ours = await self._from_store(remote.content, max_bytes)
            if ours is not None:
                return ours
        answer = await self._from_network(remote, max_bytes, check, etag)
        tag = answer.etag if remote.content is None else remote.content.etag
        return Fetched(answer.body, answer.content_type, tag, remote.kind, answer.not_modified)

    async def _from_store(self, content: IpfsPath, max_bytes: int) -> Fetched | None:
        """The content if we published it. If the store fails, a gateway is asked instead."""
        if self._local is None:
            return None
        try:
            found = await self._local.open(content.cid, content.path)
            if found is None:
                return None
            if found.size > max_bytes:
                raise unreadable("too_large", f"The document has more than {max_bytes} bytes")
            return Fetched(await found.read(), found.mime, content.etag, "store")
        except (NotFoundError, UpstreamUnavailableError):
            return None

    async def _from_network(self, remote: Remote, max_bytes: int, check: Check, etag: str | None) -> Answer:
        if not remote.candidates:
            raise unreadable("unreachable", "No gateway is configured", permanent=False)
        seconds = self._settings.timeout
        try:
            async with deadline(seconds) as start:

                async def ask(target: Target) -> Answer:
                    conditional = etag if remote.content is None else None
                    answer = await self._ask(target, max_bytes, conditional, start)
                    if remote.content is not None:
                        _verify(remote.content, answer.body)
                        check(answer.body)
                    return answer

                return await _first_good(remote.candidates, ask, seconds / (len(remote.candidates) + 1))
        except OutboundError as error:  # the deadline; `_ask` has converted the failures of targets
            raise document_error(error) from None

    async def _ask(self, target: Target, max_bytes: int, etag: str | None, start: Callable[[], None]) -> Answer:
        try:
            return await self._client.get(target, max_bytes=max_bytes, etag=etag, on_place=start)
        except OutboundError as error:
            raise document_error(error) from None


async def _first_good(
    candidates: Sequence[Target], ask: Callable[[Target], Awaitable[Answer]], patience: float
) -> Answer:
    """The first good answer. The next candidate is asked when one fails or is silent for `patience` seconds.

    The silent one goes on: a gateway that has to search for content takes longer than one that has it. If all fail,
    raises one of their failures; see `_telling`.
    """
    if len(candidates) == 1:
        return await ask(candidates[0])
    waiting = list(candidates)
    under_way: set[asyncio.Future[Answer]] = set()
    failures: list[DocumentUnreadableError] = []
    try:
        while waiting or under_way:
            if waiting:
                under_way.add(asyncio.ensure_future(ask(waiting.pop(0))))
            done, under_way = await asyncio.wait(
                under_way, timeout=patience if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                error = task.exception()
                if error is None:
                    return task.result()
                if not isinstance(error, DocumentUnreadableError):
                    raise error
                failures.append(error)
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    raise _telling(failures)


def _telling(failures: list[DocumentUnreadableError]) -> DocumentUnreadableError:
    """One failure for several. It is worth a retry if one of them is, as soon as the first of those allows."""
    passing = [error for error in failures if not error.failure.permanent]
    if not passing:
        return failures[0]
    told = [error for error in passing if error.retry_after is not None]
    return min(told, key=lambda error: error.retry_after or 0.0) if len(told) == len(passing) else passing[0]


def _verify(content: IpfsPath, body: bytes) -> None:
    """Compare a raw block with its CID. For files of several blocks and names in directories the gateway is trusted."""
    if content.digest is not None and hashlib.sha256(body).hexdigest() != content.digest:
        raise unreadable("wrong_content", "The gateway's answer is not what the CID names", permanent=False)


def _looks_like_json(body: bytes) -> None:
    """Check the first character: a gateway may send an error page with status 200."""
    if body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        raise unreadable("not_json", "The answer is not a JSON document")


def _looks_like_media(body: bytes) -> None:
    if sniff(body) is None:
        raise unreadable("not_media", "The answer is no picture, sound, video or model")


def _inline_document(uri: str, max_bytes: int) -> Fetched:
    if not is_document_type(content_type_of(uri)):
        raise unreadable("bad_content_type", "The data URI does not hold JSON")
    return _from_inline(decode(uri, max_bytes))


def _inline_media(uri: str, max_bytes: int) -> Fetched:
    if not is_picture_type(content_type_of(uri)):
        raise unreadable("bad_content_type", "The data URI does not hold a picture, sound, video or model")
    return _from_inline(decode(uri, max_bytes))


def _from_inline(found: Inline) -> Fetched:
    return Fetched(found.body, found.content_type, None, "inline")


@contextmanager
def _counted() -> Generator[None]:
    try:
        yield
    except DocumentUnreadableError as error:
        _fetches.labels(error.failure.code).inc()
        raise
    _fetches.labels("read").inc()


def _with_id(uri: str, token_id: int | None) -> str:
    if token_id is None:
        return uri
    try:
        return substitute_id(uri, token_id)
    except ValueError:
        raise unreadable("bad_uri", "The token id is not a uint256") from None
