"""Metadata sets: a set is a directory with one document for each token. The id of the directory's asset is the set's
id.

The directory's record is written last, after those of all documents. So a set that exists is complete.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from steadymint.domain.errors import InvalidInputError, UnknownMediaError
from steadymint.domain.media import Asset, Cid, MediaId
from steadymint.domain.types import Standard, TokenId, UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import Node, sha256_of
from steadymint.media.writing import Document, DocumentWriter, document
from steadymint.publishing.addresses import base_uri, file_name, fits, parse_ipfs, token_id_of
from steadymint.publishing.documents import TokenWords, token_document
from steadymint.publishing.held import Held, ours
from steadymint.publishing.pins import Pins

MAX_SET: Final = 32 * 1024 * 1024
"""Bytes of documents that one request may make. A template of ten kilobytes may make five thousand documents."""
MAX_TOKENS: Final = 50_000
"""Tokens of one set, including those of the set that it extends. Its record names each of them, and MongoDB limits a
record to 16 MB."""
READ_AT_ONCE: Final = 2
"""Sets that one process reads back at once. A request of a few bytes may name a set of MAX_TOKENS documents."""
READ_TOGETHER: Final = 1_000
"""Documents of a set whose records are in memory at once."""
READABLE_FOR: Final = 300.0
"""Seconds for which a set that was read back counts as readable. Its content never changes, and whoever prepares a
collection often repeats the request."""


@dataclass(frozen=True, slots=True)
class SetOrder:
    """The order to publish a set."""

    standard: Standard
    tokens: Collection[tuple[TokenId, TokenWords]]
    media: Collection[MediaId]
    """Every picture that the words name."""


@dataclass(frozen=True, slots=True)
class Extended:
    """The content of a set that another set extends."""

    entries: Mapping[str, Node]
    last: TokenId
    """The highest id in it."""


NOTHING: Final = Extended({}, TokenId(0))
"""The value for a set that extends no other."""


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """A set that was published."""

    asset: Asset
    standard: Standard
    count: int
    """The number of tokens, including those of the set that it extends."""
    first: tuple[TokenId, ...]
    """The first ids of the order."""

    @property
    def base_uri(self) -> str:
        return base_uri(self.standard, self.asset.cid)


class MetadataSets:
    """Publishes sets, and reads them back. Share one per process."""

    def __init__(self, held: Held, writer: DocumentWriter, assets: Assets, pins: Pins) -> None:
        self._held = held
        self._pins = pins
        self._writer = writer
        self._assets = assets
        self._readers = asyncio.Semaphore(READ_AT_ONCE)
        self._readable_until: dict[tuple[MediaId, Standard], float] = {}

    async def publish(self, order: SetOrder, owner: UserId, extended: Extended = NOTHING) -> PublishedSet:
        """Write the documents, then the directory. The same order gives the same CIDs and changes nothing.

        A token that is also in the extended set gets the new document. Call it with a place of
        `MetadataPublisher.places`: it may hold MAX_SET in memory.

        Raises:
            UnknownMediaError, UnreadableMediaError, NotPinnedError: see `Held.pictures`.
            InvalidInputError: more than MAX_SET or MAX_TOKENS.
            UpstreamUnavailableError: a store does not answer. What was written so far is not visible.
        """
        names = {file_name(order.standard, token_id) for token_id, _ in order.tokens}
        if len(extended.entries.keys() | names) > MAX_TOKENS:
            raise InvalidInputError(f"A metadata set has at most {MAX_TOKENS} tokens")
        cids = await self._held.pictures(order.media, owner)
        documents = await asyncio.to_thread(_composed, order, cids)
        await self._writer.write(documents.values(), owner)
        entries = {**extended.entries, **{name: one.node for name, one in documents.items()}}
        asset = await self._writer.write_directory(entries, owner)
        await self._pins.ask(asset)
        first = tuple(token_id for _, (token_id, _) in zip(range(3), order.tokens, strict=False))
        return PublishedSet(asset, order.standard, len(entries), first)

    async def to_extend(self, set_id: MediaId, standard: Standard, owner: UserId) -> Extended:
        """The caller's own set, whose documents are all readable. Raises like `base_uri_of`, except NotPinnedError."""
        found = await self._own(set_id, owner)
        async with self._readers:
            nodes = await self._read_back(found, standard)
        return Extended(nodes, TokenId(max((token_id_of(standard, name) for name in nodes), default=0)))

    async def base_uri_of(self, set_id: MediaId, standard: Standard, owner: UserId) -> str:
        """The base URI of the caller's own set, whose documents are all readable.

        Raises:
            UnknownMediaError: there is no such set, or it belongs to another user.
            InvalidInputError: the set is for the other standard.
            UnreadableMediaError, NotPinnedError, UpstreamUnavailableError.
        """
        found = await self._own(set_id, owner)
        await self._check(found, standard)
        return base_uri(standard, found.cid)

    async def check_base_uri(self, uri: str, standard: Standard) -> None:
        """Check a base URI. One that is not ours is not checked. Ours must have the form that contracts and readers
        need, and its documents must be readable.

        Raises InvalidInputError, UnreadableMediaError, NotPinnedError, UpstreamUnavailableError.
        """
        found = await ours(self._assets, parse_ipfs(uri))
        if found is None:
            return
        if found.kind != "directory":
            raise InvalidInputError("baseUri: this is one file; a base URI is a directory of documents")
        if uri != (right := base_uri(standard, found.cid)):
            raise InvalidInputError(f"baseUri: for {standard} this set is written {right}")
        await self._check(found, standard)

    # -- one level down ------------------------------------------------------------------------------------------------

    async def _own(self, set_id: MediaId, owner: UserId) -> Asset:
        found = await self._assets.by_id(set_id) if await self._assets.owned_by([set_id], owner) else None
        if found is None or found.kind != "directory":
            raise UnknownMediaError("There is no such metadata set; publish it first", mediaIds=[set_id])
        return found

    async def _check(self, directory: Asset, standard: Standard) -> None:
        key = (directory.id, standard)
        async with self._readers:
            if key not in self._readable_until or self._readable_until[key] < time.monotonic():
                await self._read_back(directory, standard)
                now = time.monotonic()
                self._readable_until = {one: until for one, until in self._readable_until.items() if until > now}
                self._readable_until[key] = now + READABLE_FOR
        await self._pins.check([directory])

    async def _read_back(self, directory: Asset, standard: Standard) -> dict[str, Node]:
        """The documents by name, all readable."""
        entries = list((await self._assets.entries_of(directory.id)).items())
        if not all(fits(standard, name) for name, _ in entries):
            raise InvalidInputError(f"This metadata set was not published for {standard}")
        nodes: dict[str, Node] = {}
        for start in range(0, len(entries), READ_TOGETHER):
            ids = {name: sha256_of(cid) for name, cid in entries[start : start + READ_TOGETHER]}
            found = await self._assets.by_ids(set(ids.values()))
            if len(found) < len(set(ids.values())):
                raise UnknownMediaError("Documents of this metadata set are gone; publish it again")
            await self._held.check_readable(found.values())
            # A document is one raw block: its size is the size of all below it.
            nodes |= {name: Node(found[one].cid, found[one].bytes) for name, one in ids.items()}
        return nodes


def _composed(order: SetOrder, cids: Mapping[MediaId, Cid]) -> dict[str, Document]:
    """Every document by its name. Call it in a thread: five thousand documents take most of a second."""
    total = 0
    documents: dict[str, Document] = {}
    for token_id, words in order.tokens:
        one = document(token_document(words, cids))
        total += len(one.content)
        _check_total(total)
        documents[file_name(order.standard, token_id)] = one
    return documents


def check_batch(count: int, words: TokenWords) -> None:
    """Raises InvalidInputError if `count` documents have more than MAX_SET bytes together. `words` is the content of
    the smallest. Call it before the others are made: a kilobyte of a request may become gigabytes of texts."""
    _check_total(count * len(token_document(words, dict.fromkeys(words.media(), Cid("")))))


def _check_total(total: int) -> None:
    if total > MAX_SET:
        raise InvalidInputError(f"These documents have more than {MAX_SET} bytes together; publish fewer at once")
