"""Metadata sets: a directory with one document for each token. Its asset's id is the set's id.

The directory's record is written last, after every document's: a set that is there is complete.
"""

from __future__ import annotations

import asyncio
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
"""Bytes of documents that one request may make: a template of ten kilobytes makes five thousand of them."""
MAX_TOKENS: Final = 50_000
"""Of one set, all that it extends included: its record names each, and MongoDB takes records of 16 MB."""
AT_ONCE: Final = 2
"""Sets that one process writes at once; each may hold MAX_SET in memory."""


@dataclass(frozen=True, slots=True)
class SetOrder:
    """What is to be published."""

    standard: Standard
    tokens: Collection[tuple[TokenId, TokenWords]]
    media: Collection[MediaId]
    """Every picture that the words name."""


@dataclass(frozen=True, slots=True)
class Extended:
    """A set that another one continues."""

    entries: Mapping[str, Node]
    last: TokenId
    """The highest id in it."""


NOTHING: Final = Extended({}, TokenId(0))
"""What a set extends that begins anew."""


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """What has been."""

    asset: Asset
    standard: Standard
    count: int
    """Tokens in it, also those of the set that it extends."""
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
        self._places = asyncio.Semaphore(AT_ONCE)

    async def publish(self, order: SetOrder, owner: UserId, extended: Extended = NOTHING) -> PublishedSet:
        """Documents, then the directory. The same order gives the same CIDs and changes nothing.

        A token that is in the extended set as well is told anew.

        Raises:
            UnknownMediaError, UnreadableMediaError, NotPinnedError: see `Held.pictures`.
            InvalidInputError: more than MAX_SET or MAX_TOKENS.
            UpstreamUnavailableError: a store does not answer; what was written so far shows nowhere.
        """
        if len(extended.entries) + len(order.tokens) > MAX_TOKENS:
            raise InvalidInputError(f"A metadata set has at most {MAX_TOKENS} tokens")
        cids = await self._held.pictures(order.media, owner)
        async with self._places:
            documents = await asyncio.to_thread(_composed, order, cids)
            await self._writer.write(documents.values(), owner)
            entries = {**extended.entries, **{name: one.node for name, one in documents.items()}}
            asset = await self._writer.write_directory(entries, owner)
        await self._pins.ask(asset)
        first = tuple(token_id for _, (token_id, _) in zip(range(3), order.tokens, strict=False))
        return PublishedSet(asset, order.standard, len(entries), first)

    async def to_extend(self, set_id: MediaId, standard: Standard, owner: UserId) -> Extended:
        """The caller's own set, whose documents are all readable. Raises like `base_uri_of`, whether it is pinned or
        not."""
        documents = await self._documents(await self._own(set_id, owner), standard)
        # A document is one raw block: its size is the size of all below it.
        nodes = {name: Node(one.cid, one.bytes) for name, one in documents.items()}
        return Extended(nodes, TokenId(max((token_id_of(standard, name) for name in nodes), default=0)))

    async def base_uri_of(self, set_id: MediaId, standard: Standard, owner: UserId) -> str:
        """The base URI of the caller's own set, whose documents are all readable.

        Raises:
            UnknownMediaError: there is no such set, or it is somebody else's.
            InvalidInputError: it is for the other standard.
            UnreadableMediaError, NotPinnedError, UpstreamUnavailableError.
        """
        found = await self._own(set_id, owner)
        await self._check(found, standard)
        return base_uri(standard, found.cid)

    async def check_base_uri(self, uri: str, standard: Standard) -> None:
        """Nothing if `uri` is not of ours. What is must be of the form that contract and readers need, and readable.

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
        await self._documents(directory, standard)
        await self._pins.check([directory])

    async def _documents(self, directory: Asset, standard: Standard) -> dict[str, Asset]:
        """By name, each readable."""
        entries = await self._assets.entries_of(directory.id)
        if not all(fits(standard, name) for name in entries):
            raise InvalidInputError(f"This metadata set was not published for {standard}")
        ids = {sha256_of(cid) for cid in entries.values()}
        found = await self._assets.by_ids(ids)
        if len(found) < len(ids):
            raise UnknownMediaError("Documents of this metadata set are gone; publish it again")
        await self._held.check_readable(found.values())
        return {name: found[sha256_of(cid)] for name, cid in entries.items()}


def _composed(order: SetOrder, cids: Mapping[MediaId, Cid]) -> dict[str, Document]:
    """Every document by its name. For a thread: five thousand take a good part of a second."""
    total = 0
    documents: dict[str, Document] = {}
    for token_id, words in order.tokens:
        one = document(token_document(words, cids))
        total += len(one.content)
        if total > MAX_SET:
            raise InvalidInputError(f"These documents have more than {MAX_SET} bytes together; publish fewer at once")
        documents[file_name(order.standard, token_id)] = one
    return documents
