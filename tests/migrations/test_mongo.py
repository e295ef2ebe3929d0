"""The document store: collections, unique keys, expiry."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import DuplicateKeyError

from migrations.mongo import INDEXES, migrate_mongo
from steadymint.documents import (
    EVENTS_RAW,
    MEDIA_ASSETS,
    MEDIA_VARIANTS,
    METADATA_DOCS,
    collection_of,
    raw_slice_id,
    raw_slices_about,
    raw_slices_from,
)

TOKEN = {"chainId": "eip155:1", "contract": "0x00", "tokenId": "1"}
VARIANT = {"asset_id": "a", "w": 1, "h": 1, "format": "webp"}
DOUBLES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (EVENTS_RAW, {"_id": raw_slice_id("eip155:1", 7)}, {"_id": raw_slice_id("eip155:1", 7)}),
    (METADATA_DOCS, TOKEN, {**TOKEN, "tokenURI": "ipfs://other"}),
    (MEDIA_ASSETS, {"sha256": "a"}, {"sha256": "a", "cid": "other"}),
    (MEDIA_ASSETS, {"sha256": "b", "cid": "c"}, {"sha256": "c", "cid": "c"}),
    (MEDIA_ASSETS, {"sha256": "d", "s3Key": "k"}, {"sha256": "e", "s3Key": "k"}),
    (MEDIA_ASSETS, {"sha256": "f", "inputs": ["u", "v"]}, {"sha256": "g", "inputs": ["w", "v"]}),
    (MEDIA_VARIANTS, VARIANT, {**VARIANT, "cdnUrl": "/other"}),
]  # fmt: skip


async def indexes(url: str) -> dict[str, Any]:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
    found = {name: await collection_of(client, name).index_information() for name in INDEXES}
    await client.close()
    return found


async def test_migrating_twice_and_at_once_changes_nothing(empty_mongo: str) -> None:
    await asyncio.gather(migrate_mongo(empty_mongo), migrate_mongo(empty_mongo))
    before = await indexes(empty_mongo)
    await migrate_mongo(empty_mongo)
    assert await indexes(empty_mongo) == before
    for name, expected in INDEXES.items():
        assert set(before[name]) == {"_id_", *(index.document["name"] for index in expected)}


async def test_a_second_document_of_the_same_thing_is_refused(mongo: str) -> None:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    for name, first, second in DOUBLES:
        await collection_of(client, name).insert_one(dict(first))
        with pytest.raises(DuplicateKeyError):
            await collection_of(client, name).insert_one(dict(second))
    await client.close()


async def test_what_is_not_known_yet_is_not_a_duplicate(mongo: str) -> None:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    await collection_of(client, MEDIA_ASSETS).insert_many([{"sha256": "a"}, {"sha256": "b"}])
    assert await collection_of(client, MEDIA_ASSETS).count_documents({}) == 2
    await client.close()


@pytest.mark.parametrize("name", [METADATA_DOCS, MEDIA_ASSETS])
async def test_documents_that_name_an_end_expire(name: str, mongo: str) -> None:
    expire = (await indexes(mongo))[name]["expire"]
    assert (expire["key"], expire["expireAfterSeconds"]) == ([("expiresAt", 1)], 0)


async def test_raw_slices_of_one_chain_sort_by_height_and_go_by_range(mongo: str) -> None:
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    raw = collection_of(client, EVENTS_RAW)
    heights = [0, 9, 10, 99, 100, 123_456_789, 999_999_999_999]
    documents = [{"_id": raw_slice_id(chain, height)} for chain in ("eip155:1", "eip155:10") for height in heights]
    await raw.insert_many([*documents, {"_id": raw_slice_id("eip155:1", 10, part=1), "at": datetime.now(UTC)}])
    gone = await raw.delete_many(raw_slices_from("eip155:1", 10))
    assert gone.deleted_count == 6
    left = [document["_id"] async for document in raw.find(raw_slices_from("eip155:1", 0)).sort("_id")]
    assert left == [raw_slice_id("eip155:1", 0), raw_slice_id("eip155:1", 9)]
    assert await raw.count_documents({}) == 2 + len(heights)
    about = [document["_id"] async for document in raw.find(raw_slices_about("eip155:10", 123_456_789))]
    assert about == [raw_slice_id("eip155:10", 123_456_789)]
    assert await raw.count_documents(raw_slices_about("eip155:10", 99)) == 4  # 0, 9, 10, 99
    await client.close()
