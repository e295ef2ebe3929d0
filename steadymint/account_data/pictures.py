"""The erasure of what a user has uploaded and written.

A picture that nobody else has uploaded, and that no published document names, is deleted with its variants. Everything
else stays, because tokens on chain lead to it, and is nobody's then.
"""

from __future__ import annotations

from typing import Any, Final

from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from temporalio.client import Client

from steadymint.account_data.histories import CLOSED, delete_runs
from steadymint.documents import MEDIA_ASSETS, MEDIA_VARIANTS, Document, collection_of
from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.media import MediaId
from steadymint.domain.media_flows import workflow_id_of
from steadymint.domain.types import UserId
from steadymint.domain.upstreams import Upstream
from steadymint.media.assets import PICTURES
from steadymint.media.store import ObjectStore, blob_key

AT_ONCE: Final = 100
"""Assets that are read at once."""


class OwnedMedia:
    """The assets of a user."""

    def __init__(self, mongo: AsyncMongoClient[Document], store: ObjectStore, temporal: Client) -> None:
        self._assets = collection_of(mongo, MEDIA_ASSETS)
        self._variants = collection_of(mongo, MEDIA_VARIANTS)
        self._store = store
        self._temporal = temporal

    async def forget(self, user_id: UserId) -> int:
        """Delete or disown every asset of the user. Returns their number. It may be killed and repeated: an asset is
        the user's until it is done with. Raises UpstreamUnavailableError."""
        done = 0
        try:
            while batch := await self._owned(user_id):
                await self._forget_histories(batch)
                for asset in batch:
                    await self._one(asset, str(user_id))
                done += len(batch)
        except PyMongoError as error:
            raise UpstreamUnavailableError(
                "The store of media records does not answer; try again", upstream=Upstream.MONGO
            ) from error
        return done

    async def _owned(self, user_id: UserId) -> list[Document]:
        fields: Document = {"owners": 1, "kind": 1, "published": 1, "mime": 1}
        return await self._assets.find({"owners": str(user_id)}, fields).limit(AT_ONCE).to_list()

    async def _forget_histories(self, batch: list[Document]) -> None:
        """The flows that have processed the assets have a picture's id, which is its hash, in their own ids."""
        named = ", ".join(f"'{workflow_id_of(asset['_id'])}'" for asset in batch)
        await delete_runs(self._temporal, f"WorkflowId IN ({named}) AND {CLOSED}")

    async def _one(self, asset: Document, user_id: str) -> None:
        alone = asset["owners"] == [user_id] and asset["kind"] in PICTURES and not asset.get("published")
        if not alone or not await self._delete(MediaId(asset["_id"]), asset["mime"], user_id):
            await self._assets.update_one({"_id": asset["_id"]}, {"$pull": {"owners": user_id}})

    async def _delete(self, media_id: MediaId, mime: str, user_id: str) -> bool:
        """False if somebody else has uploaded or published the same picture meanwhile: then it is there as before, and
        its variants are made again.

        The record goes last. As long as it is there, a call that is repeated finds the rest.
        """
        key = blob_key(media_id)
        try:
            content: bytes | None = await self._store.read(key)
        except NotFoundError:
            content = None  # a killed call came this far
        async for variant in self._variants.find({"asset_id": media_id}, {"key": 1}):
            await self._store.delete(variant["key"])
        await self._variants.delete_many({"asset_id": media_id})
        await self._store.delete(key)
        alone: dict[str, Any] = {"_id": media_id, "owners": [user_id], "published": {"$ne": True}}
        if (await self._assets.delete_one(alone)).deleted_count == 0:
            if content is not None:
                await self._store.put(key, content, mime)
            await self._assets.update_one({"_id": media_id}, {"$unset": {"status": ""}})
            return False
        return True
