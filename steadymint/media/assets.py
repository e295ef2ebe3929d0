"""The records of assets and variants in the document store: `media.assets` and `media.variants`.

An asset's record is written after its bytes, so a record means that the bytes exist. `inputs` holds the SHA-256 of each
upload that became this asset. The same file gives the same asset again and is not decoded again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from pymongo import AsyncMongoClient, UpdateOne
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from steadymint.documents import MEDIA_ASSETS, MEDIA_VARIANTS, Document, collection_of
from steadymint.domain.errors import SteadymintError, UnknownMediaError, UpstreamUnavailableError
from steadymint.domain.media import Asset, Cid, MediaId, Variant
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream
from steadymint.media.asset_documents import (
    ASSET_FIELDS,
    asset_change,
    asset_of,
    inserted_document,
    variant_change,
    variant_of,
)
from steadymint.media.cid import Node

PICTURES: Final = ("image", "animation")
_DUPLICATE_KEY: Final = 11000
_IDS: Final = 100
"""Ids of one query. Some servers compare every document with every id, so a list of thousands takes them minutes."""
_SHOWN: Final = 20
"""Ids that an error names."""


class Assets:
    """The repository of assets and variants. Every method raises UpstreamUnavailableError if the store is down."""

    def __init__(self, mongo: AsyncMongoClient[Document]) -> None:
        self._assets = collection_of(mongo, MEDIA_ASSETS)
        self._variants = collection_of(mongo, MEDIA_VARIANTS)

    # -- reading -------------------------------------------------------------------------------------------------------

    async def by_id(self, media_id: MediaId) -> Asset | None:
        """The asset, or None."""
        return await self._one({"_id": media_id})

    async def by_ids(self, media_ids: Collection[MediaId]) -> dict[MediaId, Asset]:
        """The assets with these ids; missing ones are left out."""
        found = await self._many(media_ids, ASSET_FIELDS)
        return {asset.id: asset for asset in map(asset_of, found)}

    async def by_cid(self, cid: Cid) -> Asset | None:
        """The asset with this CID; it may be a directory."""
        return await self._one({"cid": cid})

    async def picture_of_upload(self, sha256: str) -> Asset | None:
        """The picture that an upload with this SHA-256 became, or the picture with this id."""
        return await self._one({"inputs": sha256}) or await self._one({"_id": sha256, "kind": {"$in": PICTURES}})

    async def owned_by(self, media_ids: Collection[MediaId], user_id: UserId) -> set[MediaId]:
        """Those of these assets that the user has uploaded or written."""
        # The owner stands in the fields and not in the filter: some servers would look through all that the user owns,
        # which takes a second for a few thousand assets, and not through the ids.
        found = await self._many(media_ids, {"owners": {"$elemMatch": {"$eq": str(user_id)}}})
        return {MediaId(one["_id"]) for one in found if one.get("owners")}

    async def own_pictures(self, media_ids: Collection[MediaId], user_id: UserId) -> dict[MediaId, Asset]:
        """The caller's own pictures.

        Raises UnknownMediaError if one does not exist, belongs to another user, or is no picture. The answer is the
        same.
        """
        own = await self.owned_by(media_ids, user_id)
        found = await self.by_ids(own)
        unknown = [one for one in media_ids if one not in found or found[one].kind not in PICTURES]
        if unknown:
            raise UnknownMediaError(mediaIds=sorted(unknown)[:_SHOWN])
        return found

    async def nodes(self, media_ids: Collection[MediaId]) -> dict[MediaId, Node]:
        """CID and cumulative size of the assets that exist, as a directory's entries need them."""
        found = await self._many(media_ids, {"cid": 1, "dagSize": 1})
        return {MediaId(one["_id"]): Node(Cid(one["cid"]), one["dagSize"]) for one in found}

    async def entries_of(self, directory: MediaId) -> dict[str, Cid]:
        """The names and CIDs in a directory; empty for anything else."""
        try:
            found = await self._assets.find_one({"_id": directory, "kind": "directory"}, {"entries": 1})
        except PyMongoError as error:
            raise _unavailable() from error
        entries: list[Document] = (found or {}).get("entries", [])
        return {entry["name"]: Cid(entry["cid"]) for entry in entries}

    async def entry_of(self, directory: MediaId, name: str) -> Cid | None:
        """The CID of one entry of a directory, or None. The other entries are not read."""
        wanted: Document = {"_id": directory, "kind": "directory", "entries.name": name}
        try:
            found = await self._assets.find_one(wanted, {"entries": {"$elemMatch": {"name": name}}})
        except PyMongoError as error:
            raise _unavailable() from error
        return Cid(found["entries"][0]["cid"]) if found else None

    async def variants_of(self, media_ids: Collection[MediaId]) -> dict[MediaId, list[Variant]]:
        """The variants of each asset, narrowest first. Assets without variants are left out."""
        try:
            found = await self._variants.find({"asset_id": {"$in": list(set(media_ids))}}).sort("w", 1).to_list()
        except PyMongoError as error:
            raise _unavailable() from error
        variants: dict[MediaId, list[Variant]] = {}
        for one in map(variant_of, found):
            variants.setdefault(one.asset_id, []).append(one)
        return variants

    # -- writing -------------------------------------------------------------------------------------------------------

    async def record(
        self,
        asset: Asset,
        owner: UserId | None,
        *,
        key: str | None,
        dag_size: int,
        source: str,
        upload: str | None = None,
        entries: Mapping[str, Cid] | None = None,
    ) -> Asset:
        """Record the asset and its owner. A repeated call changes nothing; another owner is added.

        Args:
            asset: the stored asset.
            owner: the user who uploaded or wrote it; None for content that we fetched ourselves.
            key: the key of its bytes; None for a directory.
            dag_size: see `Node.dag_size`.
            source: how it first arrived: `upload`, `written` or `fetched`.
            upload: SHA-256 of the file that became this asset.
            entries: the entries of a directory.

        Returns:
            The recorded asset. It is another one if the same upload became another asset meanwhile.
        """
        change = asset_change(asset, owner, key=key, dag_size=dag_size, source=source, upload=upload, entries=entries)
        for attempt in (1, 2):  # of two concurrent inserts, the second finds the first's record and adds to it
            try:
                await self._assets.update_one({"_id": asset.id}, change, upsert=True)
                break
            except DuplicateKeyError as error:
                if upload is not None and (other := await self.picture_of_upload(upload)) and other.id != asset.id:
                    await self.add_owner(other.id, owner)
                    return other
                if attempt == 2:
                    raise _unavailable() from error
            except PyMongoError as error:
                raise _unavailable() from error
        return await self.by_id(asset.id) or asset

    async def record_documents(self, recorded: Sequence[tuple[Asset, str, int]], owner: UserId | None) -> None:
        """Record many JSON documents of one owner: asset, key, dag size. A repeated call changes nothing.

        Most are new, so they are inserted, which takes a third of the time of an upsert. Existing ones get the owner.
        """
        if not recorded:
            return
        changes = {
            asset.id: asset_change(asset, owner, key=key, dag_size=dag_size, source="written")
            for asset, key, dag_size in recorded
        }
        try:
            await self._assets.insert_many([inserted_document(one, of) for one, of in changes.items()], ordered=False)
        except BulkWriteError as error:
            failures: list[dict[str, Any]] = (error.details or {}).get("writeErrors", [])
            if any(failure.get("code") != _DUPLICATE_KEY for failure in failures):
                raise _unavailable() from error
            written = list(changes.items())
            there = [written[failure["index"]] for failure in failures]
            await self._again([UpdateOne({"_id": one}, change, upsert=True) for one, change in there])
        except PyMongoError as error:
            raise _unavailable() from error

    async def add_owner(self, media_id: MediaId, owner: UserId | None) -> None:
        """Add an owner of the same picture."""
        if owner is None:
            return
        try:
            await self._assets.update_one({"_id": media_id}, {"$addToSet": {"owners": str(owner)}})
        except PyMongoError as error:
            raise _unavailable() from error

    async def mark_published(self, media_ids: Collection[MediaId]) -> None:
        """Record that a published document names these pictures. They stay when their owners leave."""
        ids = list(set(media_ids))
        try:
            for start in range(0, len(ids), _IDS):
                part = {"_id": {"$in": ids[start : start + _IDS]}}
                await self._assets.update_many(part, {"$set": {"published": True}})
        except PyMongoError as error:
            raise _unavailable() from error

    async def mark_pinned(self, media_id: MediaId) -> None:
        """Record that an IPFS node holds the asset, by setting `ipfsCid`."""
        try:
            await self._assets.update_one({"_id": media_id}, [{"$set": {"ipfsCid": "$cid"}}])
        except PyMongoError as error:
            raise _unavailable() from error

    async def add_variants(self, variants: Sequence[Variant], public_url: str = "") -> None:
        """Record variants whose bytes are stored. A repeated call changes nothing."""
        if not variants:
            return
        try:
            await self._variants.bulk_write([variant_change(one, public_url) for one in variants], ordered=False)
        except PyMongoError as error:
            raise _unavailable() from error

    async def _again(self, changes: Sequence[UpdateOne]) -> None:
        try:
            await self._assets.bulk_write(changes, ordered=False)
        except PyMongoError as error:
            raise _unavailable() from error

    async def _many(self, media_ids: Collection[MediaId], fields: Document) -> list[Document]:
        """The documents with these ids. The ids are queried in parts."""
        ids = list(set(media_ids))
        found: list[Document] = []
        try:
            for start in range(0, len(ids), _IDS):
                part = {"_id": {"$in": ids[start : start + _IDS]}}
                found += await self._assets.find(part, fields).to_list()
        except PyMongoError as error:
            raise _unavailable() from error
        return found

    async def _one(self, wanted: Document) -> Asset | None:
        try:
            found = await self._assets.find_one(wanted, ASSET_FIELDS)
        except PyMongoError as error:
            raise _unavailable() from error
        return asset_of(found) if found else None


def _unavailable() -> SteadymintError:
    return UpstreamUnavailableError("The store of media records does not answer; try again", upstream=Upstream.MONGO)
