"""Pictures are erased with their variants, however often the erasure is killed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from steadymint.account_data import pictures
from steadymint.account_data.pictures import OwnedMedia
from steadymint.domain.errors import NotFoundError, UpstreamUnavailableError
from steadymint.domain.media import MediaId, Variant
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.ingest import Ingest
from steadymint.media.states import MediaStates
from steadymint.media.store import ObjectStore, blob_key, variant_key
from tests.support.pictures import encoded, scene

OWNER = UserId(uuid4())


@pytest.fixture
async def client(mongo: str) -> AsyncIterator[AsyncMongoClient[dict[str, Any]]]:
    async with AsyncMongoClient[dict[str, Any]](mongo) as opened:
        yield opened


@pytest.fixture
async def picture(ingest: Ingest, object_store: ObjectStore, assets: Assets, tmp_path: Path) -> MediaId:
    """With one variant."""
    (tmp_path / "upload").write_bytes(encoded(scene(), "PNG"))
    media_id = (await ingest.take(tmp_path / "upload", owner=OWNER)).id
    key = variant_key(media_id, 16)
    await object_store.put(key, b"smaller", "image/webp")
    await assets.add_variants([Variant(media_id, 16, 11, "image/webp", 7, key)])
    return media_id


@pytest.fixture
def owned(
    client: AsyncMongoClient[dict[str, Any]], object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> OwnedMedia:
    async def no_histories(*_: Any) -> None:
        """These pictures had no flows."""

    monkeypatch.setattr(pictures, "delete_runs", no_histories)
    return OwnedMedia(client, object_store, None)  # pyright: ignore[reportArgumentType]


async def test_an_erasure_that_was_killed_at_a_variant_leaves_none_when_it_is_repeated(
    owned: OwnedMedia, picture: MediaId, object_store: ObjectStore, assets: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = object_store.delete

    async def killed(key: str) -> None:
        if key == variant_key(picture, 16):
            raise UpstreamUnavailableError("the store does not answer")
        await delete(key)

    with monkeypatch.context() as outage:
        outage.setattr(object_store, "delete", killed)
        with pytest.raises(UpstreamUnavailableError):
            await owned.forget(OWNER)
    assert await owned.forget(OWNER) == 1
    for key in (blob_key(picture), variant_key(picture, 16)):
        with pytest.raises(NotFoundError):
            await object_store.read(key)
    assert await assets.variants_of([picture]) == {}
    assert await assets.by_ids([picture]) == {}


async def test_a_picture_that_somebody_else_uploads_meanwhile_stays_and_gets_its_variants_again(
    owned: OwnedMedia,
    picture: MediaId,
    object_store: ObjectStore,
    assets: Assets,
    client: AsyncMongoClient[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    states, delete = MediaStates(client, assets), object_store.delete
    await states.mark_rendered(picture, None)

    async def and_somebody_uploads_it(key: str) -> None:
        await delete(key)
        if key == blob_key(picture):
            await assets.add_owner(picture, UserId(uuid4()))

    monkeypatch.setattr(object_store, "delete", and_somebody_uploads_it)
    await owned.forget(OWNER)
    assert await object_store.read(blob_key(picture))
    assert (await states.of([picture]))[picture].status == "processing"
