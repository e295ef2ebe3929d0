"""From upload to asset: idempotent by content, whole at every line."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient

from steadymint.documents import MEDIA_ASSETS, collection_of
from steadymint.domain.errors import (
    MediaRefusedError,
    MediaTooLargeError,
    UnsupportedMediaError,
    UpstreamUnavailableError,
)
from steadymint.domain.media import Asset, MediaId
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.cid import file_cid
from steadymint.media.content import LocalContent
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore, blob_key, open_object_store
from steadymint.media.tasks import Cleaned
from steadymint.settings import MediaSettings
from tests.support.media import Shelf
from tests.support.pictures import animated, encoded, scene, svg

ALICE, BOB = UserId(uuid4()), UserId(uuid4())


@pytest.fixture
async def records(mongo: str) -> AsyncIterator[Any]:
    """`media.assets` as it is."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    yield collection_of(client, MEDIA_ASSETS)
    await client.close()


def upload(folder: Path, data: bytes) -> Path:
    file = folder / f"{uuid4()}.upload"
    file.write_bytes(data)
    return file


async def objects(store: ObjectStore) -> dict[str, int]:
    return {info.key: info.size async for info in store.list("blobs")}


async def test_an_upload_becomes_an_asset_with_its_bytes(
    ingest: Ingest, object_store: ObjectStore, assets: Assets, records: Any, tmp_path: Path
) -> None:
    file = upload(tmp_path, encoded(scene(), "PNG") + b"tail")
    asset = await ingest.take(file, owner=ALICE)
    stored = await object_store.read(blob_key(asset.id))
    assert asset.id == hashlib.sha256(stored).hexdigest()
    assert (asset.cid, asset.bytes) == (file_cid(stored)[0], len(stored))
    assert (asset.kind, asset.mime, asset.width, asset.height, asset.frames) == ("image", "image/png", 96, 64, 1)
    assert await assets.by_id(asset.id) == await assets.by_cid(asset.cid) == asset
    document = await records.find_one({})
    assert document["owners"] == [str(ALICE)]
    assert document["inputs"] == [hashlib.sha256(file.read_bytes()).hexdigest()]
    asked_for = {"cid", "kind", "source", "mime", "bytes", "width", "height", "s3Key", "ipfsCid", "sha256", "phash"}
    assert asked_for | {"moderation", "exif_json", "createdAt"} <= set(document)
    assert document["exif_json"] is None


async def test_an_upload_goes_through_s3_and_back(
    s3_settings: MediaSettings, assets: Assets, decoder: Decoder, tmp_path: Path
) -> None:
    store = open_object_store(s3_settings)
    asset = await Ingest(store, assets, decoder, s3_settings).take(
        upload(tmp_path, encoded(scene(), "PNG")), owner=ALICE
    )
    content = await LocalContent(store, assets).open(asset.cid)
    assert content is not None
    assert hashlib.sha256(await content.read()).hexdigest() == asset.id
    assert [info.key async for info in store.list("blobs")] == [blob_key(asset.id)]


async def test_the_same_upload_again_is_the_same_asset_and_is_not_decoded(
    ingest: Ingest, object_store: ObjectStore, assets: Assets, media_settings: MediaSettings, tmp_path: Path
) -> None:
    data = encoded(scene(), "JPEG", comment=b"mine")
    first = await ingest.take(upload(tmp_path, data), owner=ALICE)
    without = Ingest(object_store, assets, FakeDeadDecoder(media_settings), media_settings)
    assert await without.take(upload(tmp_path, data), owner=ALICE) == first
    stored = await object_store.read(blob_key(first.id))
    assert stored != data
    assert await without.take(upload(tmp_path, stored), owner=ALICE) == first


async def test_files_that_differ_in_what_is_not_kept_are_one_asset(
    ingest: Ingest, object_store: ObjectStore, records: Any, tmp_path: Path
) -> None:
    one = await ingest.take(upload(tmp_path, encoded(scene(), "PNG") + b"one"), owner=ALICE)
    other = await ingest.take(upload(tmp_path, encoded(scene(), "PNG", compress_level=1) + b"other"), owner=BOB)
    assert one == other
    assert len(await objects(object_store)) == 1
    (document,) = await records.find().to_list()
    assert len(document["inputs"]) == 2


async def test_everybody_who_uploads_a_picture_owns_it(ingest: Ingest, assets: Assets, tmp_path: Path) -> None:
    data = encoded(scene(), "PNG")
    asset = await ingest.take(upload(tmp_path, data), owner=ALICE)
    assert await assets.owned_by([asset.id], BOB) == set()
    assert await ingest.take(upload(tmp_path, data), owner=BOB) == asset
    for user in (ALICE, BOB):
        assert await assets.owned_by([asset.id, MediaId("0" * 64)], user) == {asset.id}
    assert await assets.owned_by([asset.id], UserId(uuid4())) == set()


async def test_uploads_at_once_are_one_asset(
    ingest: Ingest, object_store: ObjectStore, records: Any, tmp_path: Path
) -> None:
    data = encoded(scene(), "PNG")
    users = [UserId(uuid4()) for _ in range(6)]
    taken = await asyncio.gather(*(ingest.take(upload(tmp_path, data), owner=user) for user in users))
    assert len({asset.id for asset in taken}) == 1
    (document,) = await records.find().to_list()
    assert set(document["owners"]) == set(map(str, users))
    assert len(await objects(object_store)) == 1


async def test_a_moving_picture_is_an_animation_and_a_drawing_an_image(ingest: Ingest, tmp_path: Path) -> None:
    frames = [scene(turn=turn) for turn in range(3)]
    moving = await ingest.take(upload(tmp_path, animated(frames, "GIF", [40, 40, 40])), owner=ALICE)
    assert (moving.kind, moving.mime, moving.frames) == ("animation", "image/gif", 3)
    drawn = await ingest.take(upload(tmp_path, svg()), owner=ALICE)
    assert (drawn.kind, drawn.mime) == ("image", "image/png")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", MediaRefusedError),
        (b"text", UnsupportedMediaError),
        (b"\x89PNG\r\n\x1a\n", MediaRefusedError),
        (bytes(2000), MediaTooLargeError),
    ],
    ids=["empty", "text", "damaged", "large"],
)
async def test_what_is_refused_leaves_nothing(
    object_store: ObjectStore, assets: Assets, decoder: Decoder, records: Any, tmp_path: Path, data: bytes, error: type
) -> None:
    ingest = Ingest(object_store, assets, decoder, MediaSettings(max_bytes=1999))
    folder = tmp_path / "uploads"
    folder.mkdir()
    file = upload(folder, data)
    with pytest.raises(error):
        await ingest.take(file, owner=ALICE)
    assert await objects(object_store) == {}
    assert await records.count_documents({}) == 0
    assert list(folder.iterdir()) == [file]


async def test_without_a_store_nothing_is_promised(
    assets: Assets, decoder: Decoder, media_settings: MediaSettings, records: Any, tmp_path: Path
) -> None:
    ingest = Ingest(FakeFullStore(), assets, decoder, media_settings)
    with pytest.raises(UpstreamUnavailableError):
        await ingest.take(upload(tmp_path, encoded(scene(), "PNG")), owner=ALICE)
    assert await records.count_documents({}) == 0


async def test_an_upload_whose_object_was_lost_is_stored_again(
    ingest: Ingest, object_store: ObjectStore, tmp_path: Path
) -> None:
    data = encoded(scene(), "PNG")
    asset = await ingest.take(upload(tmp_path, data), owner=ALICE)
    await object_store.delete(blob_key(asset.id))
    assert await ingest.take(upload(tmp_path, data), owner=ALICE) == asset
    assert await object_store.head(blob_key(asset.id)) is not None


async def test_an_upload_is_one_asset_even_if_it_is_cleaned_differently_later(
    ingest: Ingest, object_store: ObjectStore, assets: Assets, media_settings: MediaSettings, tmp_path: Path
) -> None:
    """Two of our versions at work at once, with encoders that differ."""
    data = encoded(scene(), "PNG")
    file = upload(tmp_path, data)
    other = Ingest(object_store, FakeForgetfulAssets(assets), FakeOtherDecoder(media_settings), media_settings)
    first = await ingest.take(file, owner=ALICE)
    assert await other.take(file, owner=BOB) == first
    assert await assets.owned_by([first.id], BOB) == {first.id}


async def test_a_document_is_no_picture_although_it_is_uploaded(ingest: Ingest, shelf: Shelf, tmp_path: Path) -> None:
    await shelf.document(b"{}")
    with pytest.raises(UnsupportedMediaError):
        await ingest.take(upload(tmp_path, b"{}"), owner=ALICE)


class FakeDeadDecoder(Decoder):
    """Fails where a real one would be asked: shows that none is."""

    async def clean(self, source: Path, target: Path) -> Cleaned:
        raise AssertionError("decoded")


class FakeOtherDecoder(Decoder):
    """A version of ours whose encoder writes other bytes."""

    async def clean(self, source: Path, target: Path) -> Cleaned:
        await asyncio.to_thread(target.write_bytes, b"other bytes")
        return Cleaned("image/png", 96, 64, 1, "0" * 16)


class FakeFullStore(ObjectStore):
    """A store that takes nothing."""

    def __init__(self) -> None:
        pass

    async def head(self, key: str) -> None:
        return None

    async def put(self, key: str, content: Path | bytes, content_type: str) -> None:
        raise UpstreamUnavailableError


class FakeForgetfulAssets(Assets):
    """Does not find the upload the first time: both versions were cleaning at once."""

    def __init__(self, real: Assets) -> None:
        self.__dict__.update(real.__dict__)
        self._asked = 0

    async def picture_of_upload(self, sha256: str) -> Asset | None:
        self._asked += 1
        return None if self._asked == 1 else await super().picture_of_upload(sha256)
