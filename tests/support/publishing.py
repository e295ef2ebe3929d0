"""An API that publishes: the one of intents with a document store and a place for media, and people with pictures."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr
from pymongo import AsyncMongoClient

from steadymint.domain.media import Asset, MediaId, MediaKind
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import file_cid, sha256_of
from steadymint.media.content import LocalContent
from steadymint.media.store import ObjectStore, blob_key, open_object_store
from steadymint.settings import MediaSettings, MongoSettings
from steadymint.stack.mongo import Mongo
from tests.support.intents_api import Front


@dataclass
class Press:
    """An API with everything that publishing needs."""

    front: Front
    store: ObjectStore
    assets: Assets
    root: Path

    @property
    def content(self) -> LocalContent:
        return LocalContent(self.store, self.assets)

    async def picture(self, owner: UUID, *, kind: MediaKind = "image", content: bytes | None = None) -> MediaId:
        """Something that `owner` has uploaded, as the upload leaves it."""
        content = os.urandom(64) if content is None else content
        cid, dag_size = file_cid(content)
        media_id = sha256_of(cid)
        await self.store.put(blob_key(media_id), content, "image/png")
        asset = Asset(media_id, cid, kind, "image/png", len(content), datetime.now(UTC), 1, 1)
        await self.assets.record(
            asset, UserId(owner), key=blob_key(media_id), dag_size=dag_size, source="upload", upload=media_id
        )
        return media_id

    async def lose(self, media_id: MediaId) -> None:
        """Its bytes are gone, as after a restore from an older copy."""
        await self.store.delete(blob_key(media_id))


@dataclass
class Maker:
    """Somebody signed in who publishes."""

    id: UUID
    http: httpx.AsyncClient
    press: Press

    async def picture(self, **how: Any) -> MediaId:
        return await self.press.picture(self.id, **how)

    async def publish(self, body: Any) -> httpx.Response:
        return await self.http.post("/v1/metadata", json=body)


@pytest.fixture(scope="session")
async def printing(front: Front, mongo_server: Mongo, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Press]:
    root = tmp_path_factory.mktemp("media")
    media = MediaSettings(store=f"file:{root}")
    settings = front.settings.model_copy(
        update={"mongo": MongoSettings(url=SecretStr(mongo_server.url), timeout=3), "media": media}
    )
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo_server.url)
    async with replace(front, settings=settings).serving() as served:
        yield Press(served, open_object_store(media), Assets(client), root)
    await client.close()


@pytest.fixture
async def press(printing: Press, api: Front, mongo: str) -> Press:
    """The publishing API with an empty document store, and nothing that reached a flow yet."""
    return printing


@pytest.fixture
async def maker(press: Press) -> AsyncIterator[Maker]:
    async with press.front.user() as user:
        yield Maker(user.id, user.http, press)


@pytest.fixture
async def stranger(press: Press) -> AsyncIterator[Maker]:
    async with press.front.user() as user:
        yield Maker(user.id, user.http, press)


__all__ = ["maker", "press", "printing", "stranger"]
