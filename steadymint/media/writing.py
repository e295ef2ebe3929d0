"""JSON documents of ours, and directories of them, into the store: bytes first, then the record that promises them.

Written twice, they are there once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Asset, Cid, MediaId
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import CHUNK, Node, file_cid, sha256_of
from steadymint.media.directories import Directory, directory_cid
from steadymint.media.pool import each
from steadymint.media.store import ObjectStore, blob_key

MAX_DOCUMENT: Final = CHUNK
"""Bytes: one IPFS block, so that the CID of a document names its SHA-256 as well. Readers take a mebibyte."""
BATCH: Final = 100
"""Documents that are recorded in one go, once their bytes are there."""
BATCHES_AT_ONCE: Final = 4
PUTS_AT_ONCE: Final = 8
"""Of one batch. With 32 under way, 5,000 documents take three seconds at 20 ms each, as an S3-like service answers."""
MIME: Final = "application/json"
DIRECTORY_MIME: Final = "application/vnd.ipld.dag-pb"


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes of ours and what they are called for ever."""

    node: Node
    content: bytes

    @property
    def id(self) -> MediaId:
        return sha256_of(self.node.cid)


def document(content: bytes) -> Document:
    """Raises InvalidInputError for more than MAX_DOCUMENT bytes."""
    if len(content) > MAX_DOCUMENT:
        raise InvalidInputError(f"A metadata document has at most {MAX_DOCUMENT} bytes; this one has {len(content)}")
    return Document(Node(*file_cid(content)), content)


class DocumentWriter:
    """Writes for one owner at a time; for None what is nobody's. Share one per process.

    A crash leaves bytes without a record, or documents without a directory: nobody sees either, and the same request
    writes the same again.
    """

    def __init__(self, store: ObjectStore, assets: Assets) -> None:
        self._store = store
        self._assets = assets

    async def write(self, documents: Iterable[Document], owner: UserId | None) -> Sequence[Asset]:
        """All of them, equal ones once. Raises UpstreamUnavailableError."""
        now = datetime.now(UTC)
        distinct = list({one.id: one for one in documents}.values())
        assets = [_asset(one, now) for one in distinct]

        async def write_batch(start: int) -> None:
            batch = distinct[start : start + BATCH]
            await each(batch, self._put, PUTS_AT_ONCE)
            recorded = zip(assets[start : start + BATCH], batch, strict=True)
            await self._assets.record_documents(
                [(asset, blob_key(asset.id), one.node.dag_size) for asset, one in recorded], owner
            )

        await each(range(0, len(distinct), BATCH), write_batch, BATCHES_AT_ONCE)
        return assets

    async def write_directory(self, entries: Mapping[str, Node], owner: UserId | None) -> Asset:
        """The directory, after `write` of what it names. Raises InvalidInputError, UpstreamUnavailableError."""
        directory = await asyncio.to_thread(directory_cid, entries)
        return await self._assets.record(
            _directory_asset(directory),
            owner,
            key=None,
            dag_size=directory.node.dag_size,
            source="written",
            entries={name: node.cid for name, node in entries.items()},
        )

    async def _put(self, one: Document) -> None:
        await self._store.put(blob_key(one.id), one.content, MIME)


def _asset(one: Document, now: datetime) -> Asset:
    return Asset(id=one.id, cid=one.node.cid, kind="document", mime=MIME, bytes=len(one.content), created_at=now)


def _directory_asset(directory: Directory) -> Asset:
    cid: Cid = directory.node.cid
    return Asset(
        id=sha256_of(cid),
        cid=cid,
        kind="directory",
        mime=DIRECTORY_MIME,
        bytes=len(directory.block),
        created_at=datetime.now(UTC),
    )
