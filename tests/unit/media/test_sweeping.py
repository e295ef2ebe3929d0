"""The sweep deletes what nobody stands for, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from steadymint.domain.media import Asset, MediaId
from steadymint.media import sweeping
from steadymint.media.assets import Assets
from steadymint.media.cid import file_cid
from steadymint.media.store import ObjectStore, blob_key, open_object_store, variant_key
from steadymint.media.sweeping import OrphanSweep, TooManyOrphansError, media_id_of
from steadymint.settings import MediaSettings

DAY = 86_400


@dataclass
class Shelf:
    """A store whose objects are as old as the test says."""

    root: Path
    store: ObjectStore
    assets: Assets

    async def put(self, key: str, content: bytes, *, days: float) -> None:
        await self.store.put(key, content, "image/png")
        then = time.time() - days * DAY
        os.utime(self.root / key, (then, then))

    async def blob(self, content: bytes, *, days: float, known: bool = False) -> MediaId:
        media_id = MediaId(sha256(content).hexdigest())
        await self.put(blob_key(media_id), content, days=days)
        if known:
            await self.record(content)
        return media_id

    async def record(self, content: bytes) -> None:
        media_id = MediaId(sha256(content).hexdigest())
        cid, dag_size = file_cid(content)
        asset = Asset(media_id, cid, "image", "image/png", len(content), datetime.now(UTC), 1, 1)
        await self.assets.record(asset, None, key=blob_key(media_id), dag_size=dag_size, source="upload")

    async def keys(self) -> set[str]:
        return {found.key for folder in ("blobs", "variants") async for found in _list(self.store, folder)}


async def _list(store: ObjectStore, folder: str) -> AsyncIterator[Any]:
    async for found in store.list(folder):
        yield found


@pytest.fixture
async def shelf(mongo: str, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with AsyncMongoClient[dict[str, Any]](mongo) as client:
        yield Shelf(tmp_path, open_object_store(MediaSettings(store=f"file:{tmp_path}")), Assets(client))


async def test_old_objects_without_an_asset_are_deleted_and_all_others_stay(shelf: Shelf) -> None:
    known = await shelf.blob(b"known", days=9, known=True)
    fresh = await shelf.blob(b"an upload under way", days=0.9)
    orphan = await shelf.blob(b"orphan", days=1.1)
    await shelf.put(variant_key(known, 64), b"webp", days=9)
    await shelf.put(variant_key(orphan, 64), b"webp", days=9)
    await shelf.put("blobs/not-ours", b"", days=9)
    sweep = OrphanSweep(shelf.store, shelf.assets)
    assert await sweep.delete_orphans() == 2
    assert await shelf.keys() == {blob_key(known), blob_key(fresh), variant_key(known, 64), "blobs/not-ours"}
    assert await sweep.delete_orphans() == 0


async def test_an_object_that_becomes_an_asset_in_that_very_moment_is_there_afterwards(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = await shelf.blob(b"uploaded again", days=2)
    delete = shelf.store.delete

    async def recorded_meanwhile(key: str) -> None:
        await shelf.record(b"uploaded again")
        await delete(key)

    monkeypatch.setattr(shelf.store, "delete", recorded_meanwhile)
    assert await OrphanSweep(shelf.store, shelf.assets).delete_orphans() == 0
    assert await shelf.store.read(blob_key(media_id)) == b"uploaded again"


async def test_an_object_that_is_written_anew_while_the_sweep_looks_is_left_alone(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_id = await shelf.blob(b"wanted again", days=2)
    by_ids = shelf.assets.by_ids

    async def written_meanwhile(ids: Any) -> Any:
        found = await by_ids(ids)
        await shelf.store.put(blob_key(media_id), b"wanted again", "image/png")
        return found

    monkeypatch.setattr(shelf.assets, "by_ids", written_meanwhile)
    assert await OrphanSweep(shelf.store, shelf.assets).delete_orphans() == 0
    assert await shelf.keys() == {blob_key(media_id)}


async def test_a_store_whose_documents_are_gone_is_not_emptied(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "UNSUSPICIOUS", 2)
    for number in range(3):
        await shelf.blob(b"%d" % number, days=2)
    with pytest.raises(TooManyOrphansError, match="3 of 3"):
        await OrphanSweep(shelf.store, shelf.assets).delete_orphans()
    assert len(await shelf.keys()) == 3


@pytest.mark.parametrize("key", ["blobs/ab/short", f"blobs/{'a' * 64}", f"other/ab/{'a' * 64}", f"variants/{'a' * 64}"])
def test_a_key_of_another_form_belongs_to_no_asset(key: str) -> None:
    assert media_id_of(key) is None
