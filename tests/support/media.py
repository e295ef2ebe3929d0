"""Real parts of media for tests: object stores of both kinds, decoder processes, the records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from moto.server import ThreadedMotoServer
from pymongo import AsyncMongoClient

from steadymint.domain.media import Asset, MediaId
from steadymint.domain.types import UserId
from steadymint.media.assets import Assets
from steadymint.media.content import LocalContent
from steadymint.media.decoder import Decoder
from steadymint.media.ingest import Ingest
from steadymint.media.store import ObjectStore, open_object_store
from steadymint.media.writing import DocumentWriter, document
from steadymint.settings import MediaSettings

BUCKET = "media"


class Shelf:
    """Documents and directories of them, written as publishing writes them."""

    def __init__(self, store: ObjectStore, assets: Assets, owner: UserId | None = None) -> None:
        self._writer = DocumentWriter(store, assets)
        self._assets = assets
        self._owner = owner or UserId(uuid4())

    async def document(self, content: bytes) -> Asset:
        (asset,) = await self._writer.write([document(content)], self._owner)
        return asset

    async def directory(self, entries: Mapping[str, MediaId]) -> Asset:
        nodes = await self._assets.nodes(entries.values())
        named = {name: nodes[media_id] for name, media_id in entries.items()}
        return await self._writer.write_directory(named, self._owner)


@pytest.fixture
def media_settings(tmp_path: Path) -> MediaSettings:
    """A local store of this test's own."""
    return MediaSettings(store=f"file:{tmp_path / 'objects'}")


@pytest.fixture
def object_store(media_settings: MediaSettings) -> ObjectStore:
    return open_object_store(media_settings)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3, with an empty bucket `media`; for this worker."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    httpx.put(f"http://{host}:{port}/{BUCKET}").raise_for_status()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_settings(s3_server: str, request: pytest.FixtureRequest) -> MediaSettings:
    """A store below a prefix of this test's own."""
    prefix = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    return MediaSettings.model_validate(
        {
            "store": f"s3://{BUCKET}/{prefix}",
            "s3_endpoint": s3_server,
            "s3_access_key": "test-access",
            "s3_secret_key": "test-secret",
        }
    )


@pytest.fixture(scope="session")
async def decoder() -> AsyncIterator[Decoder]:
    """Decoder processes with the limits that are shipped; shared by this worker's tests."""
    async with Decoder(MediaSettings()) as started:
        yield started


@pytest.fixture
async def assets(mongo: str) -> AsyncIterator[Assets]:
    """The records, empty."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongo)
    yield Assets(client)
    await client.close()


@pytest.fixture
def ingest(object_store: ObjectStore, assets: Assets, decoder: Decoder, media_settings: MediaSettings) -> Ingest:
    return Ingest(object_store, assets, decoder, media_settings)


@pytest.fixture
def shelf(object_store: ObjectStore, assets: Assets) -> Shelf:
    return Shelf(object_store, assets)


@pytest.fixture
def local_content(object_store: ObjectStore, assets: Assets) -> LocalContent:
    return LocalContent(object_store, assets)
