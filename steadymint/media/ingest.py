"""The ingest of a file: it is checked, cleaned, hashed, stored and recorded, in that order, and becomes an asset.

The ingest is idempotent by content and may be killed at any line: the object is written before its record. A process
that dies in between leaves an object without a record. The next upload of the same picture writes it again, or the
sweep deletes it. An existing object is written again, so its time says when it was last uploaded.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from steadymint.domain.errors import MediaRefusedError, MediaTooLargeError
from steadymint.domain.media import Asset
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import CHUNK, FileHasher
from steadymint.media.decoder import Decoder
from steadymint.media.store import ObjectStore, blob_key
from steadymint.settings import MediaSettings


class Ingest:
    """Turns files into assets."""

    def __init__(self, store: ObjectStore, assets: Assets, decoder: Decoder, settings: MediaSettings) -> None:
        self._store = store
        self._assets = assets
        self._decoder = decoder
        self._max_bytes = settings.max_bytes

    async def take(self, path: Path, *, owner: UserId | None, source: str = "upload") -> Asset:
        """The asset of this file. The file's name does not matter.

        Args:
            path: the file. It is not moved; a temporary folder is made beside it.
            owner: the user who sent it; None for a file that we fetched ourselves.
            source: `upload` or `fetched`.

        Raises:
            MediaTooLargeError, UnsupportedMediaError, MediaRefusedError: the file is refused.
            UpstreamUnavailableError: a decoder or a store is down. Nothing is recorded; try again.
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
