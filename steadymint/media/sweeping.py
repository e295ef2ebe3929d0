"""The sweep of orphans: objects without a record, left by an upload whose process died before it wrote the record.

Bytes are written before the record, so an object without a record may also belong to a running upload. Only objects
older than a day are deleted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from steadymint.domain.counting import counted
from steadymint.domain.errors import SteadymintError
from steadymint.domain.media import MediaId
from steadymint.media.assets import Assets
from steadymint.media.store import ObjectInfo, ObjectStore

ORPHANED_AFTER: Final = timedelta(days=1)
"""An upload takes minutes from its first byte to its record."""
BATCH: Final = 500
"""Objects that are compared with the records at once."""
UNSUSPICIOUS: Final = 100
"""Orphans that are deleted whatever their share of all objects."""
SUSPICIOUS_SHARE: Final = 0.1
"""The share of all objects. Killed processes leave a few orphans. A larger share means that the records belong to
another deployment or were lost, and deleting would lose the pictures too."""

_log = structlog.get_logger(__name__)


class TooManyOrphansError(SteadymintError):
    code = "too_many_orphans"
    status = 409
    title = "Too many objects have no document: is this the right document store? Nothing was deleted"


class OrphanSweep:
    """Deletes the objects that no record names."""

    def __init__(self, store: ObjectStore, assets: Assets, *, orphaned_after: timedelta = ORPHANED_AFTER) -> None:
        self._store = store
        self._assets = assets
        self._orphaned_after = orphaned_after

    async def delete_orphans(self) -> int:
        """Delete objects that are older than a day and have no record. Returns their number.

        Raises TooManyOrphansError and deletes nothing if the records seem to be missing. Raises
        UpstreamUnavailableError. It may be repeated and may run twice at once.
        """
        await self._store.delete_unfinished(self._orphaned_after)
        total = 0
        orphans: list[tuple[str, MediaId]] = []
        batch: list[ObjectInfo] = []
        async for found in self._old():
            total += 1
            batch.append(found)
            if len(batch) == BATCH:
                orphans += await self._unknown(batch)
                batch.clear()
        orphans += await self._unknown(batch)
        if len(orphans) > max(UNSUSPICIOUS, total * SUSPICIOUS_SHARE):
            objects = counted(total, "object")
            raise TooManyOrphansError(f"{len(orphans)} of {objects} without a document; nothing was deleted")
        return sum([await self._delete(key, media_id) for key, media_id in orphans])

    async def _old(self) -> AsyncIterator[ObjectInfo]:
        before = datetime.now(UTC) - self._orphaned_after
        for folder in ("blobs", "variants"):
            async for found in self._store.list(folder):
                if found.modified_at < before:
                    yield found

    async def _unknown(self, batch: list[ObjectInfo]) -> list[tuple[str, MediaId]]:
        # A key of another form is not ours and is not deleted.
        of = [(found.key, media_id) for found in batch if (media_id := media_id_of(found.key))]
        known = await self._assets.by_ids([media_id for _, media_id in of])
        return [(key, media_id) for key, media_id in of if media_id not in known]

    async def _delete(self, key: str, media_id: MediaId) -> bool:
        """Delete one object. A concurrent upload of the same bytes may find the object and write a record for it. So
        the bytes are kept until the record is known to be missing, and are put back otherwise."""
        info = await self._store.head(key)
        if info is None or info.modified_at > datetime.now(UTC) - self._orphaned_after:
            return False
        content = await self._store.read(key)
        await self._store.delete(key)
        if await self._assets.by_id(media_id) is not None:
            await self._store.put(key, content, "application/octet-stream")
            return False
        _log.info("orphan_deleted", key=key, bytes=info.size)
        return True


def media_id_of(key: str) -> MediaId | None:
    """The asset that an object belongs to, by its key; None for a key of another form."""
    parts = key.split("/")
    if len(parts) != 3 or parts[0] not in ("blobs", "variants"):
        return None
    text = parts[2] if parts[0] == "blobs" else parts[1]
    return MediaId(text) if len(text) == 64 else None
