"""The content of our own store by CID. `/ipfs/{cid}` serves it, and the metadata fetcher looks here before any
gateway."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from steadymint.domain.errors import InvalidInputError
from steadymint.domain.media import Asset, Cid, MediaId
from steadymint.media.assets import Assets
from steadymint.media.cid import parse_cid
from steadymint.media.store import ObjectStore, blob_key

MAX_DEPTH: Final = 8
"""Folders in a path. Our own paths have one. A path with thousands would cause thousands of queries."""
READ_WHOLE_AFTER: Final = 8
"""Names requested in one directory before all its names are read at once. A reader of a whole collection asks for each
name in turn; a visitor's browser asks for one or two."""
REMEMBERED: Final = 16
"""Directories whose names are remembered. A directory has at most 50,000 names (some 10 MB), and mostly a thousand."""


@dataclass(frozen=True, slots=True)
class Content:
    """One file of our store. Its bytes are not read yet."""

    asset: Asset
    store: ObjectStore

    @property
    def mime(self) -> str:
        return self.asset.mime

    @property
    def size(self) -> int:
        """Bytes."""
        return self.asset.bytes

    @property
    def sha256(self) -> MediaId:
        return self.asset.id

    def stream(self, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`.

        Raises NotFoundError if the object is gone, and UpstreamUnavailableError, both at the first piece.
        """
        return self.store.stream(blob_key(self.asset.id), start, end)

    async def read(self) -> bytes:
        """All bytes. Raises like `stream`."""
        return await self.store.read(blob_key(self.asset.id))


class LocalContent:
    """Finds our file for a CID and a path below it."""

    def __init__(self, store: ObjectStore, assets: Assets) -> None:
        self._store = store
        self._assets = assets
        self._asked: OrderedDict[MediaId, int] = OrderedDict()
        self._names: OrderedDict[MediaId, Mapping[str, Cid]] = OrderedDict()
        """Never stale, because a directory's id is the digest of its content."""
        self._reads: dict[MediaId, asyncio.Task[dict[str, Cid]]] = {}
        """The reads of all names that are under way. Whoever asks meanwhile waits for the same read."""

    async def open(self, cid: str, path: str = "") -> Content | None:
        """The file at `cid/path`. None if we do not have it, if it is not a file, or if `cid` is not a CID.

        Raises:
            UpstreamUnavailableError: the records cannot be read.
        """
        names = [name for name in path.split("/") if name]
        if len(names) > MAX_DEPTH:
            return None
        try:
            found = await self._assets.by_cid(parse_cid(cid))
        except InvalidInputError:
            return None
        for name in names:
            found = await self._entry(found, name)
        if found is None or found.kind == "directory":
            return None
        return Content(found, self._store)

    async def open_id(self, media_id: MediaId) -> Content | None:
        """The file with this id; None if there is none."""
        found = await self._assets.by_id(media_id)
        return None if found is None or found.kind == "directory" else Content(found, self._store)

    async def _entry(self, directory: Asset | None, name: str) -> Asset | None:
        if directory is None or directory.kind != "directory":
            return None
        cid = await self._named(directory.id, name)
        return await self._assets.by_cid(cid) if cid else None

    async def _named(self, directory: MediaId, name: str) -> Cid | None:
        if directory in self._names:
            self._names.move_to_end(directory)
            return self._names[directory].get(name)
        self._asked[directory] = self._asked.pop(directory, 0) + 1
        if self._asked[directory] <= READ_WHOLE_AFTER:
            _keep_newest(self._asked)
            return await self._assets.entry_of(directory, name)
        if directory not in self._reads:
            self._reads[directory] = asyncio.create_task(self._read_names(directory))
        names = await asyncio.shield(self._reads[directory])  # the others need it even if this request ends
        return names.get(name)

    async def _read_names(self, directory: MediaId) -> dict[str, Cid]:
        try:
            self._names[directory] = names = await self._assets.entries_of(directory)
        finally:
            del self._reads[directory]
        _keep_newest(self._names)
        return names


def _keep_newest(remembered: OrderedDict[MediaId, Any]) -> None:
    while len(remembered) > REMEMBERED:
        remembered.popitem(last=False)
