"""From a file that somebody sent to an asset: checked, cleaned, hashed, stored, recorded. In that order.

Idempotent by content, and whole at every line: the object is written before the document that promises it. Whoever
dies in between leaves an object that no document names; the next upload of the same picture writes it again, or it is
swept. An object is written even if it is there already, so that its time says when it was last wanted.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from steadymint.domain.errors import MediaRefusedError, MediaTooLargeError, UnknownMediaError
from steadymint.domain.media import Asset, MediaId
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import CHUNK, FileHasher, Node
from steadymint.media.decoder import Decoder
from steadymint.media.directories import directory_cid
from steadymint.media.store import ObjectStore, blob_key
from steadymint.settings import MediaSettings

WRITES_AT_ONCE: Final = 16
"""Documents of a batch that are on their way to the store."""


class Ingest:
    """Takes what becomes an asset."""

    def __init__(self, store: ObjectStore, assets: Assets, decoder: Decoder, settings: MediaSettings) -> None:
        self._store = store
        self._assets = assets
        self._decoder = decoder
        self._max_bytes = settings.max_bytes

    async def take(self, path: Path, *, owner: UserId | None, source: str = "upload") -> Asset:
        """The asset that this file is or becomes. What the file is called plays no part.

        Args:
            path: stays where it is; a folder beside it is used for a moment.
            owner: who sent it; None for what we fetched ourselves.
            source: `upload` or `fetched`.

        Raises:
            MediaTooLargeError, UnsupportedMediaError, MediaRefusedError: about the file.
            UpstreamUnavailableError: a decoder or a store; nothing has been recorded, try again.
        """
        size = (await asyncio.to_thread(path.stat)).st_size
        if size == 0:
            raise MediaRefusedError("The file is empty")
        if size > self._max_bytes:
            raise MediaTooLargeError(f"The file has {size} bytes; it may have {self._max_bytes}")
        upload = await asyncio.to_thread(_sha256_of, path)
        known = await self._assets.picture_of_upload(upload)
        if known is not None and await self._store.head(blob_key(known.id)) is not None:
            await self._assets.add_owner(known.id, owner)
            return known
        return await self._cleaned(path, upload, owner, source)

    async def write_document(self, content: bytes, owner: UserId | None = None) -> Asset:
        """A JSON document of ours. Idempotent. Raises UpstreamUnavailableError."""
        return (await self.write_documents([content], owner))[0]

    async def write_documents(self, contents: Sequence[bytes], owner: UserId | None = None) -> list[Asset]:
        """JSON documents of ours, in the same order; equal ones are one asset. Raises UpstreamUnavailableError."""
        made = [_document(content) for content in contents]
        limit = asyncio.Semaphore(WRITES_AT_ONCE)

        async def put(asset: Asset, content: bytes) -> None:
            async with limit:
                await self._store.put(blob_key(asset.id), content, asset.mime)

        distinct = {asset.id: (asset, content) for (asset, _), content in zip(made, contents, strict=True)}
        try:
            async with asyncio.TaskGroup() as group:
                for asset, content in distinct.values():
                    group.create_task(put(asset, content))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed
        await self._assets.record_documents([(asset, blob_key(asset.id), node.dag_size) for asset, node in made], owner)
        return [asset for asset, _ in made]

    async def write_directory(self, entries: Mapping[str, MediaId], owner: UserId | None = None) -> Asset:
        """A UnixFS directory of assets that we hold: name -> asset. Idempotent.

        Raises:
            UnknownMediaError: one of them is not there.
            InvalidInputError: a name with a slash, or too many entries.
            UpstreamUnavailableError: the records cannot be read or written.
        """
        nodes = await self._assets.nodes(entries.values())
        if missing := [name for name, media_id in entries.items() if media_id not in nodes]:
            raise UnknownMediaError(f"There is no media behind {len(missing)} of the directory's entries")
        named = {name: nodes[media_id] for name, media_id in entries.items()}
        directory = await asyncio.to_thread(directory_cid, named)
        asset = Asset(
            id=MediaId(hashlib.sha256(directory.block).hexdigest()),
            cid=directory.node.cid,
            kind="directory",
            mime="application/vnd.ipld.dag-pb",
            bytes=len(directory.block),
            created_at=_now(),
        )
        return await self._assets.record(
            asset,
            owner,
            key=None,
            dag_size=directory.node.dag_size,
            source="written",
            entries={name: node.cid for name, node in named.items()},
        )

    async def _cleaned(self, path: Path, upload: str, owner: UserId | None, source: str) -> Asset:
        with tempfile.TemporaryDirectory(prefix="cleaning-", dir=path.parent) as folder:
            target = Path(folder) / "cleaned"
            cleaned = await self._decoder.clean(path, target)
            hasher = await asyncio.to_thread(_hashed, target)
            node = hasher.node()
            asset = Asset(
                id=hasher.media_id(),
                cid=node.cid,
                kind="animation" if cleaned.frames > 1 else "image",
                mime=cleaned.mime,
                bytes=hasher.size,
                created_at=_now(),
                width=cleaned.width,
                height=cleaned.height,
                frames=cleaned.frames,
                phash=cleaned.phash,
            )
            key = blob_key(asset.id)
            await self._store.put(key, target, asset.mime)
        return await self._assets.record(asset, owner, key=key, dag_size=node.dag_size, source=source, upload=upload)


def _document(content: bytes) -> tuple[Asset, Node]:
    hasher = FileHasher()
    hasher.update(content)
    node = hasher.node()
    asset = Asset(
        id=hasher.media_id(),
        cid=node.cid,
        kind="document",
        mime="application/json",
        bytes=len(content),
        created_at=_now(),
    )
    return asset, node


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hashed(path: Path) -> FileHasher:
    hasher = FileHasher()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            hasher.update(piece)
    return hasher


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
