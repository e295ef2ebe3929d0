"""The writer of our JSON documents and of directories of them: first the bytes, then the record.

Writing the same document twice stores it once.
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
"""Bytes of one IPFS block, so the CID of a document holds its SHA-256. Readers accept a mebibyte."""
BATCH: Final = 100
"""Documents that are recorded in one command, after their bytes are stored."""
BATCHES_AT_ONCE: Final = 4
PUTS_AT_ONCE: Final = 8
"""Concurrent puts of one batch. With 32 puts in all, 5,000 documents take three seconds at 20 ms each, the time of an
S3-like service."""
MIME: Final = "application/json"
DIRECTORY_MIME: Final = "application/vnd.ipld.dag-pb"


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one document, with their CID."""

    node: Node
    content: bytes

    @property
    def id(self) -> MediaId:
        return sha256_of(self.node.cid)


def document(content: bytes) -> Document:
    """The document of these bytes. Raises InvalidInputError for more than MAX_DOCUMENT bytes."""
    if len(content) > MAX_DOCUMENT:
        raise InvalidInputError(f"A metadata document has at most {MAX_DOCUMENT} bytes; this one has {len(content)}")
    return Document(Node(*file_cid(content)), content)


class DocumentWriter:
    """Writes documents and directories. Share one per process. An owner of None means that no user owns the document.

    A crash leaves bytes without a record, or documents without a directory. Neither is visible, and the same request
    writes the same again.
    """

    def __init__(self, store: ObjectStore, assets: Assets) -> None:
        self._store = store
        self._assets = assets

    async def write(self, documents: Iterable[Document], owner: UserId | None) -> Sequence[Asset]:
        """Write the documents; equal ones are written once. Raises UpstreamUnavailableError."""
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
        """Write the directory. Its documents must be written before. Raises InvalidInputError,
        UpstreamUnavailableError."""
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
