"""The check of stored media: the pictures and documents that a caller names exist, are theirs and are readable."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from steadymint.domain.errors import InvalidInputError, UnreadableMediaError
from steadymint.domain.media import Asset, Cid, MediaId
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import parse_cid
from steadymint.media.pool import each
from steadymint.media.store import ObjectStore, blob_key
from steadymint.publishing.addresses import IpfsAddress
from steadymint.publishing.pins import Pins

LOOKS_AT_ONCE: Final = 32
_SHOWN: Final = 20
"""Ids that an error names."""


async def ours(assets: Assets, address: IpfsAddress | None) -> Asset | None:
    """Our asset with the CID of an address; None if it is not ours. Raises UpstreamUnavailableError."""
    if address is None:
        return None
    try:
        return await assets.by_cid(parse_cid(address.cid))
    except InvalidInputError:
        return None


class Held:
    """Checks that our pictures and documents are readable from our store and pinned."""

    def __init__(self, store: ObjectStore, assets: Assets, pins: Pins) -> None:
        self._store = store
        self._assets = assets
        self._pins = pins

    async def pictures(self, media_ids: Collection[MediaId], owner: UserId) -> dict[MediaId, Cid]:
        """The CIDs of the caller's own pictures, each of them readable. From now on they count as published.

        Raises:
            UnknownMediaError: see `Assets.own_pictures`.
            UnreadableMediaError: the bytes of one are gone.
            NotPinnedError: one is not pinned yet.
            UpstreamUnavailableError: a store does not answer.
        """
        if not media_ids:
            return {}
        found = await self._assets.own_pictures(media_ids, owner)
        await self.check_readable(found.values())
        await self._pins.check(found.values())
        await self._assets.mark_published(found)
        return {media_id: asset.cid for media_id, asset in found.items()}

    async def check_readable(self, assets: Iterable[Asset]) -> None:
        """Raises UnreadableMediaError unless the store holds every byte of each; UpstreamUnavailableError."""
        gone: list[MediaId] = []

        async def look(asset: Asset) -> None:
            info = await self._store.head(blob_key(asset.id))
            if info is None or info.size != asset.bytes:
                gone.append(asset.id)

        await each(assets, look, LOOKS_AT_ONCE)
        if gone:
            raise UnreadableMediaError(mediaIds=sorted(gone)[:_SHOWN])
