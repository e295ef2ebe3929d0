"""The states of assets: further fields of their records in `media.assets`.

status      `ready` or `failed`; missing while variants are being made
refused     the code of the error because of which there are no variants
pins        service -> the time at which it was found to have the asset
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from pymongo import ASCENDING, DESCENDING, AsyncMongoClient
from pymongo.errors import PyMongoError

from steadymint.documents import MEDIA_ASSETS, Document, collection_of
from steadymint.domain.errors import UpstreamUnavailableError
from steadymint.domain.media import Asset, MediaId, MediaKind
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream
from steadymint.media.assets import PICTURES, Assets

MediaStatus = Literal["processing", "ready", "failed"]

STALLED_AFTER: Final = timedelta(minutes=10)
"""A flow takes seconds. After this time it was never started, or it has failed."""


@dataclass(frozen=True, slots=True)
class MediaState:
    """The state of one asset."""

    status: MediaStatus
    pins: tuple[str, ...] = field(default=())


class MediaStates:
    """Reads and writes states. Every method raises UpstreamUnavailableError if the document store is down."""

    def __init__(self, mongo: AsyncMongoClient[Document], assets: Assets) -> None:
        self._documents = collection_of(mongo, MEDIA_ASSETS)
        self._assets = assets

    # -- reading -------------------------------------------------------------------------------------------------------

    async def of(self, media_ids: Collection[MediaId]) -> dict[MediaId, MediaState]:
        """The states of the assets that exist."""
        wanted = {"_id": {"$in": list(set(media_ids))}}
        found = await self._find(wanted, {"kind": 1, "status": 1, "pins": 1})
        return {MediaId(one["_id"]): _state(one) for one in found}

    async def owned(
        self, user_id: UserId, *, kind: MediaKind | None, after: tuple[datetime, MediaId] | None, limit: int
    ) -> list[Asset]:
        """A user's assets, newest first, starting after `after`."""
        wanted: Document = {"owners": str(user_id)}
        if kind is not None:
            wanted["kind"] = kind
        if after is not None:
            at, media_id = after
            wanted["$or"] = [{"createdAt": {"$lt": at}}, {"createdAt": at, "_id": {"$lt": media_id}}]
        found = await self._find(wanted, {"_id": 1}, [("createdAt", DESCENDING), ("_id", DESCENDING)], limit)
        return await self._in_order(found)

    async def stalled(self, limit: int) -> Sequence[Asset]:
        """Pictures that have waited for their variants for ten minutes or longer, oldest first."""
        wanted = {
            "kind": {"$in": list(PICTURES)},
            "status": None,
            "createdAt": {"$lt": datetime.now(UTC) - STALLED_AFTER},
        }
        return await self._in_order(await self._find(wanted, {"_id": 1}, [("createdAt", ASCENDING)], limit))

    async def _in_order(self, found: Sequence[Document]) -> list[Asset]:
        ids = [MediaId(one["_id"]) for one in found]
        assets = await self._assets.by_ids(ids)
        return [assets[media_id] for media_id in ids if media_id in assets]

    # -- writing -------------------------------------------------------------------------------------------------------

    async def mark_rendered(self, media_id: MediaId, refused: str | None) -> None:
        """Mark the asset as ready, or as failed with the code in `refused`. A repeated call changes nothing."""
        status: MediaStatus = "failed" if refused else "ready"
        await self._set(media_id, {"status": status, "refused": refused})

    async def mark_pinned(self, media_id: MediaId, target: str) -> None:
        """Record that a service has the asset."""
        await self._set(media_id, {f"pins.{target}": datetime.now(UTC)})
        await self._assets.mark_pinned(media_id)

    async def _set(self, media_id: MediaId, values: Document) -> None:
        try:
            await self._documents.update_one({"_id": media_id}, {"$set": values})
        except PyMongoError as error:
            raise _unavailable() from error

    async def _find(
        self, wanted: Document, fields: Document, order: Sequence[tuple[str, int]] = (), limit: int = 0
    ) -> list[Document]:
        try:
            cursor = self._documents.find(wanted, fields)
            if order:
                cursor = cursor.sort(list(order))
            return await cursor.limit(limit).to_list()
        except PyMongoError as error:
            raise _unavailable() from error


def _state(document: dict[str, Any]) -> MediaState:
    pins = tuple(sorted(document.get("pins") or {}))
    # An asset without variants is ready as soon as it exists.
    unless_said: MediaStatus = "processing" if document.get("kind") in PICTURES else "ready"
    return MediaState(document.get("status") or unless_said, pins)


def _unavailable() -> UpstreamUnavailableError:
    return UpstreamUnavailableError("The store of media records does not answer; try again", upstream=Upstream.MONGO)
